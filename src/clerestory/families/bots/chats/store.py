"""Chats as they are worked at, in the tenant's schema: one function, one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clerestory.platform.database import Runner


@dataclass(frozen=True, slots=True)
class Claimed:
    """A chat that is this process's for a while, and the bot it belongs to.

    `begun`: a process died while it sent something here; `planned`: something is to be said.
    """

    id: int
    bot: int
    bot_uuid: UUID
    channel: str
    address: str
    bots_user: int | None
    last_heard: datetime | None
    attributes: str
    token_fault: str
    token_mark: bytes | None
    begun: bool
    planned: bool


async def claim(runner: Runner, chat: int, now: datetime, until: datetime) -> Claimed | None:
    """The chat, unless somebody works at it or it is gone."""
    return await runner.row(
        """
        UPDATE tenant.bots_chat AS chat
           SET busy_until = :until
          FROM tenant.bots_bot AS bot
         WHERE chat.id = :chat
           AND bot.id = chat.bot
           AND (chat.busy_until IS NULL OR chat.busy_until <= :now)
        RETURNING chat.id, chat.bot, bot.uuid AS bot_uuid, chat.channel, chat.address, chat.bots_user,
                  chat.last_heard, bot.attributes::text AS attributes, bot.token_fault,
                  bot.token_mark,
                  EXISTS (
                      SELECT
                        FROM tenant.bots_message AS m
                       WHERE m.chat = chat.id
                         AND m.state = 'sending') AS begun,
                  EXISTS (
                      SELECT
                        FROM tenant.bots_message AS m
                       WHERE m.chat = chat.id
                         AND m.state = 'planned') AS planned
        """,
        Claimed,
        chat=chat,
        now=now,
        until=until,
    )


async def release(runner: Runner, chat: int) -> None:
    """Lets the next one work at it."""
    await runner.execute("UPDATE tenant.bots_chat SET busy_until = NULL WHERE id = :chat", chat=chat)


async def keep(runner: Runner, chat: int, until: datetime) -> None:
    """Goes on working at a chat that is this process's."""
    await runner.execute("UPDATE tenant.bots_chat SET busy_until = :until WHERE id = :chat", chat=chat, until=until)


async def has_work(runner: Runner, chat: int, now: datetime) -> bool:
    """Whether something waits to be handled, or to be said now: what waits for its time holds up what comes after."""
    found: bool = await runner.value(
        """
        SELECT EXISTS (SELECT FROM tenant.bots_message WHERE chat = :chat AND state = 'waiting')
            OR coalesce((
                   SELECT due IS NULL OR due <= :now
                     FROM tenant.bots_message
                    WHERE chat = :chat
                      AND state = 'planned'
                    ORDER BY id
                    LIMIT 1), false)
        """,
        chat=chat,
        now=now,
    )
    return found


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that was not handled yet. `ours`: what it repeats to us is a message of ours.

    `first`: nothing that the person has said in the chat was handled before.
    """

    id: int
    kind: str
    key: str
    text: str
    payload: str
    happened: datetime
    ours: bool
    first: bool


async def waiting(runner: Runner, chat: int, limit: int) -> list[Waiting]:
    """The events that come next: in the order in which things happened, as far as they are here."""
    return await runner.rows(
        """
        SELECT m.id, m.kind, m.key, m.text, m.payload::text AS payload, m.happened,
               m.kind = 'echo' AND EXISTS (
                   SELECT
                     FROM tenant.bots_message AS said
                    WHERE said.chat = m.chat
                      AND said.provider_id = substr(m.key, length('echo:') + 1)) AS ours,
               NOT EXISTS (
                   SELECT
                     FROM tenant.bots_message AS before
                    WHERE before.chat = m.chat
                      AND before.author = 'person'
                      AND before.state = 'handled') AS first
          FROM tenant.bots_message AS m
         WHERE m.chat = :chat
           AND m.state = 'waiting'
         ORDER BY m.happened, m.id
         LIMIT :limit
        """,
        Waiting,
        chat=chat,
        limit=limit,
    )


async def finish_event(runner: Runner, message: int, author: str, now: datetime) -> bool:
    """Notes that the event was handled, and who spoke; False when it was handled before."""
    count = await runner.execute(
        """
        UPDATE tenant.bots_message
           SET state = 'handled', author = :author, modified = :now
         WHERE id = :message
           AND state = 'waiting'
        """,
        message=message,
        author=author,
        now=now,
    )
    return count == 1


async def finish_events(runner: Runner, authors: Sequence[tuple[int, str]], now: datetime) -> None:
    """Notes of several events, by their numbers, that they were handled, and who spoke."""
    if not authors:
        return
    await runner.execute(
        """
        UPDATE tenant.bots_message AS m
           SET state = 'handled', author = given.author, modified = :now
          FROM unnest(:messages::bigint[], :authors::text[]) AS given (id, author)
         WHERE m.id = given.id
           AND m.state = 'waiting'
        """,
        messages=[message for message, _ in authors],
        authors=[author for _, author in authors],
        now=now,
    )


async def set_thread(runner: Runner, chat: int, app: str | None, now: datetime) -> None:
    """Notes which other app controls the thread; None: we may speak."""
    await runner.execute(
        "UPDATE tenant.bots_chat SET thread_app = :app, modified = :now WHERE id = :chat",
        chat=chat,
        app=app,
        now=now,
    )


async def set_user(runner: Runner, chat: int, user: int, now: datetime) -> None:
    """Notes whose chat it is."""
    await runner.execute(
        "UPDATE tenant.bots_chat SET bots_user = :user, modified = :now WHERE id = :chat",
        chat=chat,
        user=user,
        now=now,
    )


async def user_of(runner: Runner, bot: int, address: str) -> int | None:
    """The user with this Facebook id, the first that was made of several."""
    found: int | None = await runner.value(
        """
        SELECT id
          FROM tenant.bots_user
         WHERE bot = :bot
           AND facebook_id = :address
         ORDER BY id
         LIMIT 1
        """,
        bot=bot,
        address=address,
    )
    return found


async def open_chats(runner: Runner, before: datetime, now: datetime, limit: int) -> list[int]:
    """Chats in which something has stood open since before this moment, and that nobody works at."""
    return await runner.values(
        """
        SELECT DISTINCT chat.id
          FROM tenant.bots_message AS m
          JOIN tenant.bots_chat AS chat ON chat.id = m.chat
         WHERE m.state IN ('waiting', 'planned', 'sending')
           AND m.modified <= :before
           AND (m.due IS NULL OR m.due <= :now)
           AND (chat.busy_until IS NULL OR chat.busy_until <= :now)
         ORDER BY chat.id
         LIMIT :limit
        """,
        before=before,
        now=now,
        limit=limit,
    )


async def any_open(runner: Runner, before: datetime) -> bool:
    """Whether anything has stood open in any chat since before this moment."""
    found: bool = await runner.value(
        """
        SELECT EXISTS (
            SELECT
              FROM tenant.bots_message
             WHERE state IN ('waiting', 'planned', 'sending')
               AND modified <= :before)
        """,
        before=before,
    )
    return found
