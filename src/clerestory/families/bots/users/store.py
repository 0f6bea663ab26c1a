"""Users in the tenant's schema: one function, one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from clerestory.platform.database import Runner

# A user as the wire has it.
_SHOWN = "(u.attributes || jsonb_build_object('id', u.key, 'botId', bot.uuid))::text"


@dataclass(frozen=True, slots=True)
class UserKey:
    """A user by its bot and by its id on the wire."""

    bot: int
    key: str


@dataclass(frozen=True, slots=True)
class ShownUser:
    """A user's id and the whole of it as JSON."""

    key: str
    shown: str


async def shown_users(runner: Runner, keys: Sequence[UserKey]) -> Mapping[UserKey, str]:
    """These users as the wire has them; who is not there is absent."""
    rows = await runner.rows(
        f"""
        SELECT u.bot, u.key, {_SHOWN} AS shown
          FROM unnest(:bots::bigint[], :keys::text[]) AS asked (bot, key)
          JOIN tenant.bots_user AS u ON u.bot = asked.bot AND u.key = asked.key
          JOIN tenant.bots_bot AS bot ON bot.id = u.bot
        """,  # noqa: S608 - a constant of this module
        lambda bot, key, shown: (UserKey(bot, key), shown),
        bots=[one.bot for one in keys],
        keys=[one.key for one in keys],
    )
    return dict(rows)


async def users_of_status(runner: Runner, bot: int, status: str) -> str:
    """The bot's users of this status as a JSON list, in the order in which they came."""
    found: str = await runner.value(
        f"""
        SELECT concat('[', string_agg({_SHOWN}, ',' ORDER BY u.id), ']')
          FROM tenant.bots_user AS u
          JOIN tenant.bots_bot AS bot ON bot.id = u.bot
         WHERE u.bot = :bot
           AND u.status = :status
        """,  # noqa: S608 - a constant of this module
        bot=bot,
        status=status,
    )
    return found


async def insert_user(runner: Runner, user: UserKey, attributes: str, now: datetime) -> int:
    """A new user; its number."""
    made: int = await runner.value(
        """
        INSERT INTO tenant.bots_user (bot, key, attributes, created, modified)
        VALUES (:bot, :key, :attributes::jsonb, :now, :now)
        RETURNING id
        """,
        bot=user.bot,
        key=user.key,
        attributes=attributes,
        now=now,
    )
    return made


@dataclass(frozen=True, slots=True)
class UsersChange:
    """One change for many users of a bot: who they are, what becomes of them, and whose doing it is.

    `sets_status`: the change names a status, which then stands until it is changed again.
    """

    bot: int
    bot_uuid: str
    keys: Sequence[str]
    attributes: str
    sets_status: bool
    customer: int


async def change_users(runner: Runner, change: UsersChange, now: datetime) -> list[ShownUser]:
    """The users after the change, each once, in no order. Who is not there is made of the change alone."""
    # What stood before is locked in the order of the keys, and the update waits for it: so the history is right when
    # two change the same user, and neither waits for the other for ever.
    return await runner.rows(
        """
        WITH given AS (
            SELECT DISTINCT key
              FROM unnest(:keys::text[]) AS g (key)
        ), before AS MATERIALIZED (
            SELECT u.key, u.status
              FROM tenant.bots_user AS u
              JOIN given ON given.key = u.key
             WHERE u.bot = :bot
             ORDER BY u.key
               FOR UPDATE OF u
        ), written AS (
            INSERT INTO tenant.bots_user AS known (bot, key, attributes, created, modified)
            SELECT :bot, given.key, :attributes::jsonb, :now, :now
              FROM given
              LEFT JOIN before ON before.key = given.key
             ORDER BY given.key
                ON CONFLICT (bot, key) DO UPDATE
               SET attributes = platform.bots_merged(known.attributes, excluded.attributes),
                   muted_until = CASE WHEN :sets_status THEN NULL ELSE known.muted_until END,
                   modified = excluded.modified
            RETURNING id, key, status, attributes
        ), noted AS (
            INSERT INTO tenant.bots_status (bots_user, status, source, customer, created, modified)
            SELECT written.id, written.status, 'api', :customer, :now, :now
              FROM written
              LEFT JOIN before ON before.key = written.key
             WHERE written.status IS DISTINCT FROM before.status
             ORDER BY written.id
        )
        SELECT key, (attributes || jsonb_build_object('id', key, 'botId', :bot_uuid::text))::text AS shown
          FROM written
        """,
        ShownUser,
        bot=change.bot,
        bot_uuid=change.bot_uuid,
        keys=change.keys,
        attributes=change.attributes,
        sets_status=change.sets_status,
        customer=change.customer,
        now=now,
    )
