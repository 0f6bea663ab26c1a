"""What was said in a chat, for pages: one function, one statement. In the order in which it came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from clerestory.platform.database import Runner


@dataclass(frozen=True, slots=True)
class Line:
    """Something that was said, or that happened. `who`: the person of ours who wrote it."""

    id: int
    kind: str
    author: str
    text: str
    payload: str
    happened: datetime
    state: str
    note: str
    who: str | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which part of a chat: at most `limit` lines between two numbers, the last of them."""

    chat: int
    after: int = 0
    before: int | None = None
    limit: int = 100


async def heard_and_shown(runner: Runner, part: Stretch) -> Sequence[Line]:
    """What the person at the other end has said and was shown: nothing that waits, and nothing that was withheld."""
    rows = await runner.rows(
        """
        SELECT m.id, m.kind, m.author, m.text, m.payload::text AS payload, m.happened, m.state, '' AS note,
               NULL AS who
          FROM tenant.bots_message AS m
         WHERE m.chat = :chat
           AND m.id > :after
           AND (m.author = 'person' OR (m.author IN ('bot', 'human') AND m.state = 'sent'))
         ORDER BY m.id DESC
         LIMIT :limit
        """,
        Line,
        chat=part.chat,
        after=part.after,
        limit=part.limit,
    )
    return rows[::-1]


async def everything(runner: Runner, part: Stretch) -> Sequence[Line]:
    """All that was said or happened, whatever came of it. What the platform repeats to us of our own is left out."""
    rows = await runner.rows(
        """
        SELECT m.id, m.kind, m.author, m.text, m.payload::text AS payload, m.happened, m.state, m.note,
               coalesce(nullif(concat_ws(' ', nullif(p.first_name, ''), nullif(p.last_name, '')), ''), p.email) AS who
          FROM tenant.bots_message AS m
          LEFT JOIN tenant.person AS p ON p.id = m.person
         WHERE m.chat = :chat
           AND m.id > :after
           AND (:before::bigint IS NULL OR m.id < :before)
           AND NOT (m.kind = 'echo' AND m.author IN ('bot', 'platform'))
         ORDER BY m.id DESC
         LIMIT :limit
        """,
        Line,
        chat=part.chat,
        after=part.after,
        before=part.before,
        limit=part.limit,
    )
    return rows[::-1]


async def settled(runner: Runner, chat: int, after: int, lately: datetime) -> int:
    """Up to which number nothing is changed or comes any more.

    A number is drawn before its row can be seen, so that of `lately` is never taken for the last.
    """
    found: int = await runner.value(
        """
        SELECT coalesce(
                   min(id) FILTER (WHERE state IN ('waiting', 'planned', 'sending') OR created > :lately) - 1,
                   max(id),
                   :after::bigint)
          FROM tenant.bots_message
         WHERE chat = :chat
           AND id > :after
        """,
        chat=chat,
        after=after,
        lately=lately,
    )
    return found


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A status that a user was given, by whom, and until when."""

    status: str | None
    source: str
    who: str | None
    until: datetime | None
    note: str
    created: datetime


async def status_history(runner: Runner, user: int, limit: int) -> Sequence[StatusChange]:
    """The last changes of a user's status, the newest first."""
    return await runner.rows(
        """
        SELECT s.status, s.source,
               coalesce(nullif(concat_ws(' ', nullif(p.first_name, ''), nullif(p.last_name, '')), ''), p.email,
                        nullif(c.name, ''), c.email) AS who,
               s.until, s.note, s.created
          FROM tenant.bots_status AS s
          LEFT JOIN tenant.person AS p ON p.id = s.person
          LEFT JOIN tenant.bots_customer AS c ON c.id = s.customer
         WHERE s.bots_user = :user
         ORDER BY s.id DESC
         LIMIT :limit
        """,
        StatusChange,
        user=user,
        limit=limit,
    )
