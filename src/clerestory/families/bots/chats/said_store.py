"""What a bot or a human says, from the plan to its fate: one function, one statement."""

from dataclasses import dataclass
from datetime import datetime

from clerestory.platform.database import Runner


@dataclass(frozen=True, slots=True)
class Saying:
    """A message to be. `payload` is the platform's message object; `person` who wrote it, if a human did.

    `key` tells repetitions apart, where the same may be asked for twice.
    """

    author: str
    text: str
    payload: str
    person: int | None = None
    key: str | None = None


async def plan(runner: Runner, chat: int, saying: Saying, now: datetime) -> int | None:
    """Writes a message down; its number, None when it stands there already."""
    made: int | None = await runner.value(
        """
        INSERT INTO tenant.bots_message
               (chat, kind, author, key, text, payload, happened, state, person, created, modified)
        VALUES (:chat, 'message', :author, :key, :text, :payload::jsonb, :now, 'planned', :person, :now, :now)
            ON CONFLICT (chat, key) DO NOTHING
        RETURNING id
        """,
        chat=chat,
        author=saying.author,
        key=saying.key,
        text=saying.text,
        payload=saying.payload,
        person=saying.person,
        now=now,
    )
    return made


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that this process is about to send, or has withheld because the user is muted."""

    id: int
    author: str
    payload: str
    tries: int
    withheld: bool


# The users `u` of a chat. A person may be several users of the bot, for clients make them freely.
OF_CHAT = """
u.bot = chat.bot AND (u.id = chat.bots_user OR (chat.channel = 'messenger' AND u.facebook_id = chat.address))
"""
# Whether the user `u` is muted now.
MUTED = "u.status = 'muted' AND (u.muted_until IS NULL OR u.muted_until > :now)"
# Whether the bot must be silent in a chat: the one place where it is asked, in the statement that begins a send.
# One of the chat's users that is muted is enough.
SILENT = f"""
chat.thread_app IS NOT NULL OR EXISTS (
    SELECT
      FROM tenant.bots_user AS u
     WHERE {OF_CHAT}
       AND {MUTED})
"""  # noqa: S608 - constants of this module


async def take_next(runner: Runner, chat: int, now: datetime) -> Taken | None:
    """The next planned message, begun to be sent; None when there is none, or it waits for its time.

    A bot's message is withheld while its user is muted, whatever was decided before.
    """
    return await runner.row(
        f"""
        WITH next AS (
            SELECT m.id, m.due, m.author = 'bot' AND ({SILENT}) AS withheld
              FROM tenant.bots_message AS m
              JOIN tenant.bots_chat AS chat ON chat.id = m.chat
             WHERE m.chat = :chat
               AND m.state = 'planned'
             ORDER BY m.id
             LIMIT 1
        )
        UPDATE tenant.bots_message AS m
           SET state = CASE WHEN next.withheld THEN 'withheld' ELSE 'sending' END,
               tries = m.tries + 1, due = NULL, modified = :now
          FROM next
         WHERE m.id = next.id
           AND m.state = 'planned'
           AND (next.due IS NULL OR next.due <= :now)
        RETURNING m.id, m.author, m.payload::text AS payload, m.tries, next.withheld
        """,  # noqa: S608 - a constant of this module
        Taken,
        chat=chat,
        now=now,
    )


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a message: its state, what is told of it, and when it is tried again."""

    state: str
    note: str = ""
    provider_id: str | None = None
    due: datetime | None = None


async def finish(runner: Runner, message: int, ended: Ended, now: datetime) -> None:
    """Notes what became of a message that was begun."""
    await runner.execute(
        """
        UPDATE tenant.bots_message
           SET state = :state, note = :note, provider_id = :provider_id, due = :due, modified = :now
         WHERE id = :message
           AND state = 'sending'
        """,
        message=message,
        state=ended.state,
        note=ended.note,
        provider_id=ended.provider_id,
        due=ended.due,
        now=now,
    )


async def give_up_begun(runner: Runner, chat: int, now: datetime) -> int:
    """Messages that were being sent when a process died: they may have arrived, so they are never sent again."""
    return await runner.execute(
        """
        UPDATE tenant.bots_message
           SET state = 'unknown', note = 'It was being sent when the server stopped.', modified = :now
         WHERE chat = :chat
           AND state = 'sending'
        """,
        chat=chat,
        now=now,
    )


@dataclass(frozen=True, slots=True)
class Silence:
    """How a chat stands: whether its user is muted, by whom and when that was last set, and which app controls it."""

    muted: bool
    muted_by: str | None
    changed: datetime | None
    thread_app: str | None


async def silence(runner: Runner, chat: int, now: datetime) -> Silence:
    """How the status of the chat's user, or users, stands now."""
    found = await runner.row(
        f"""
        SELECT coalesce(bool_or({MUTED}), false) AS muted,
               (array_agg(last.source ORDER BY last.created DESC NULLS LAST))[1] AS muted_by,
               max(last.created) AS changed, max(chat.thread_app) AS thread_app
          FROM tenant.bots_chat AS chat
          JOIN tenant.bots_user AS u ON {OF_CHAT}
          LEFT JOIN LATERAL (
               SELECT s.source, s.created
                 FROM tenant.bots_status AS s
                WHERE s.bots_user = u.id
                ORDER BY s.id DESC
                LIMIT 1
               ) AS last ON true
         WHERE chat.id = :chat
        """,  # noqa: S608 - constants of this module
        Silence,
        chat=chat,
        now=now,
    )
    if found is None:
        raise LookupError("an aggregate answers one row")
    return found
