"""Bots and their chats for pages: one function, one statement.

`person`: only the bots that it is an admin of; None: all of them.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clerestory.families.bots.chats.said_store import MUTED, OF_CHAT, SILENT
from clerestory.kernel.paging import Window
from clerestory.platform.database import Runner

_THEIRS = """
(:person::bigint IS NULL OR EXISTS (
    SELECT
      FROM tenant.bots_admin AS place
      JOIN tenant.bots_customer AS listed ON listed.id = place.customer
     WHERE place.bot = bot.id
       AND listed.person = :person))
"""
_OWNER = "coalesce(nullif(owner.name, ''), owner.email, owner.uuid::text)"
_TOKEN = "bot.attributes #>> '{facebook,pageAccessToken}'"  # noqa: S105 - where it stands, sealed
_WHO = "coalesce(nullif(concat_ws(' ', nullif(who.first_name, ''), nullif(who.last_name, '')), ''), who.email)"


@dataclass(frozen=True, slots=True)
class ListedBot:
    """A bot in a list. `token` is sealed, `mark` of the token that `fault` is about; `total` counts the whole list."""

    id: int
    uuid: UUID
    name: str | None
    type: str | None
    owner: str
    chats: int
    muted: int
    token: str | None
    fault: str
    mark: bytes | None
    total: int


async def listed_bots(runner: Runner, person: int | None, window: Window, now: datetime) -> list[ListedBot]:
    """A part of the list, the newest first."""
    return await runner.rows(
        f"""
        WITH found AS MATERIALIZED (
            SELECT bot.id, count(*) OVER () AS total
              FROM tenant.bots_bot AS bot
             WHERE {_THEIRS}
             ORDER BY bot.id DESC
             LIMIT :limit OFFSET :offset
        )
        SELECT bot.id, bot.uuid, nullif(bot.page_name, '') AS name, bot.type, {_OWNER} AS owner,
               (SELECT count(*) FROM tenant.bots_chat AS chat WHERE chat.bot = bot.id) AS chats,
               (SELECT count(*)
                  FROM tenant.bots_user AS u
                 WHERE u.bot = bot.id
                   AND {MUTED}) AS muted,
               {_TOKEN} AS token, bot.token_fault AS fault, bot.token_mark AS mark, found.total
          FROM found
          JOIN tenant.bots_bot AS bot ON bot.id = found.id
          JOIN tenant.bots_customer AS owner ON owner.id = bot.owner
         ORDER BY bot.id DESC
        """,  # noqa: S608 - constants of this module
        ListedBot,
        person=person,
        limit=window.limit,
        offset=window.offset,
        now=now,
    )


@dataclass(frozen=True, slots=True)
class Bot:
    """One bot with all that its page tells. `reachable`: addresses outside find it."""

    id: int
    uuid: UUID
    name: str | None
    type: str | None
    attributes: str
    owner: str
    owner_uuid: UUID
    fault: str
    mark: bytes | None
    told: datetime | None
    reachable: bool


async def bot(runner: Runner, bot: int, person: int | None, tenant: int) -> Bot | None:
    """The bot, if there is one and the person may see it."""
    return await runner.row(
        f"""
        SELECT bot.id, bot.uuid, nullif(bot.page_name, '') AS name, bot.type, bot.attributes::text AS attributes,
               {_OWNER} AS owner, owner.uuid AS owner_uuid, bot.token_fault AS fault, bot.token_mark AS mark,
               bot.token_told AS told,
               EXISTS (
                   SELECT
                     FROM platform.bots_address AS address
                    WHERE address.bot = bot.uuid
                      AND address.tenant = :tenant) AS reachable
          FROM tenant.bots_bot AS bot
          JOIN tenant.bots_customer AS owner ON owner.id = bot.owner
         WHERE bot.id = :bot
           AND {_THEIRS}
        """,  # noqa: S608 - constants of this module
        Bot,
        bot=bot,
        person=person,
        tenant=tenant,
    )


async def renew_id(runner: Runner, bot: int, now: datetime) -> UUID:
    """Gives the bot an id that nobody else has; that id."""
    made: UUID = await runner.value(
        "UPDATE tenant.bots_bot SET uuid = gen_random_uuid(), modified = :now WHERE id = :bot RETURNING uuid",
        bot=bot,
        now=now,
    )
    return made


# The user who keeps the bot silent in a chat, and who set that last.
_MUTED = f"""
  LEFT JOIN LATERAL (
       SELECT u.id, u.muted_until
         FROM tenant.bots_user AS u
        WHERE {OF_CHAT}
          AND {MUTED}
        ORDER BY u.muted_until DESC NULLS FIRST, u.id
        LIMIT 1
       ) AS muted ON true
  LEFT JOIN LATERAL (
       SELECT s.source, s.created, {_WHO} AS who, coalesce(nullif(client.name, ''), client.email) AS customer
         FROM tenant.bots_status AS s
         LEFT JOIN tenant.person AS who ON who.id = s.person
         LEFT JOIN tenant.bots_customer AS client ON client.id = s.customer
        WHERE s.bots_user = muted.id
          AND s.status = 'muted'
        ORDER BY s.id DESC
        LIMIT 1
       ) AS last ON true
"""  # noqa: S608 - constants of this module
_STANDING = f"""
({SILENT}) AS silent, last.source, coalesce(last.who, last.customer) AS by, last.created AS since,
muted.muted_until AS until, chat.thread_app
"""


@dataclass(frozen=True, slots=True)
class ChatsWanted:
    """Which chats of a bot: all or the silent alone, those whose person's name is like that."""

    bot: int
    silent: bool = False
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class ListedChat:
    """A chat in a list, with the last that was said, and how it stands."""

    id: int
    channel: str
    name: str | None
    last_at: datetime
    author: str | None
    text: str | None
    silent: bool
    source: str | None
    by: str | None
    since: datetime | None
    until: datetime | None
    thread_app: str | None
    total: int


async def listed_chats(runner: Runner, wanted: ChatsWanted, window: Window, now: datetime) -> list[ListedChat]:
    """A part of the bot's chats, the last that were spoken in first."""
    return await runner.rows(
        f"""
        WITH found AS MATERIALIZED (
            SELECT chat.id, count(*) OVER () AS total
              FROM tenant.bots_chat AS chat
              LEFT JOIN tenant.bots_user AS u ON u.id = chat.bots_user
             WHERE chat.bot = :bot
               AND (:pattern::text IS NULL OR u.name ILIKE :pattern)
               AND (NOT :silent OR ({SILENT}))
             ORDER BY chat.last_at DESC, chat.id DESC
             LIMIT :limit OFFSET :offset
        )
        SELECT chat.id, chat.channel, nullif(person.name, '') AS name, chat.last_at, said.author, said.text,
               {_STANDING}, found.total
          FROM found
          JOIN tenant.bots_chat AS chat ON chat.id = found.id
          LEFT JOIN tenant.bots_user AS person ON person.id = chat.bots_user
          LEFT JOIN LATERAL (
               SELECT m.author, m.text
                 FROM tenant.bots_message AS m
                WHERE m.chat = chat.id
                  AND m.author <> 'platform'
                ORDER BY m.id DESC
                LIMIT 1
               ) AS said ON true
          {_MUTED}
         ORDER BY chat.last_at DESC, chat.id DESC
        """,  # noqa: S608 - constants of this module
        ListedChat,
        bot=wanted.bot,
        silent=wanted.silent,
        pattern=wanted.pattern,
        limit=window.limit,
        offset=window.offset,
        now=now,
    )


@dataclass(frozen=True, slots=True)
class Chat:
    """One chat, whose it is, and how it stands."""

    id: int
    bot: int
    channel: str
    address: str
    bots_user: int | None
    name: str | None
    silent: bool
    source: str | None
    by: str | None
    since: datetime | None
    until: datetime | None
    thread_app: str | None


async def chat(runner: Runner, bot: int, chat: int, now: datetime) -> Chat | None:
    """The bot's chat of this number."""
    return await runner.row(
        f"""
        SELECT chat.id, chat.bot, chat.channel, chat.address, chat.bots_user,
               nullif(person.name, '') AS name, {_STANDING}
          FROM tenant.bots_chat AS chat
          LEFT JOIN tenant.bots_user AS person ON person.id = chat.bots_user
          {_MUTED}
         WHERE chat.id = :chat
           AND chat.bot = :bot
        """,  # noqa: S608 - constants of this module
        Chat,
        bot=bot,
        chat=chat,
        now=now,
    )


@dataclass(frozen=True, slots=True)
class Person:
    """One of ours, as a customer of the family is called."""

    name: str
    email: str


async def person(runner: Runner, person: int) -> Person | None:
    """The person, whom nobody else makes a customer of meanwhile."""
    return await runner.row(
        """
        SELECT concat_ws(' ', nullif(first_name, ''), nullif(last_name, '')) AS name, email
          FROM tenant.person
         WHERE id = :person
           FOR UPDATE
        """,
        Person,
        person=person,
    )
