"""A user's status and its history: one function, one statement."""

from dataclasses import dataclass
from datetime import datetime

from clerestory.families.bots.chats.said_store import MUTED
from clerestory.platform.database import Runner


@dataclass(frozen=True, slots=True)
class StatusRow:
    """Who sets a status, and until when."""

    source: str
    person: int | None = None
    until: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class MutedRow:
    """A user who is muted now, and whether that is new."""

    id: int
    until: datetime | None
    new: bool


async def mute(runner: Runner, user: int, by: StatusRow, now: datetime) -> MutedRow | None:
    """Mutes a user, or lets a take-over go on for longer. One that a client has muted for good stays so."""
    return await runner.row(
        f"""
        WITH before AS (
            SELECT u.id, {MUTED} AS muted, u.status = 'muted' AND u.muted_until IS NULL AS for_good
              FROM tenant.bots_user AS u
             WHERE u.id = :user
               FOR UPDATE
        ), written AS (
            UPDATE tenant.bots_user AS u
               SET attributes = u.attributes || '{{"botStatus": "muted"}}',
                   muted_until = CASE WHEN before.for_good THEN NULL ELSE :until::timestamptz END,
                   modified = :now
              FROM before
             WHERE u.id = before.id
            RETURNING u.id, u.muted_until
        ), noted AS (
            INSERT INTO tenant.bots_status (bots_user, status, source, person, until, note, created, modified)
            SELECT id, 'muted', :source, :person, :until, :note, :now, :now
              FROM before
             WHERE muted IS NOT TRUE
        )
        SELECT written.id, written.muted_until AS until, before.muted IS NOT TRUE AS new
          FROM written
          JOIN before ON before.id = written.id
        """,  # noqa: S608 - a constant of the package
        MutedRow,
        user=user,
        until=by.until,
        source=by.source,
        person=by.person,
        note=by.note,
        now=now,
    )


async def unmute(runner: Runner, user: int, by: StatusRow, now: datetime) -> int:
    """Lets the bot speak to a user again, and to every other user of the bot that is the same person; how many."""
    found: int = await runner.value(
        """
        WITH same AS (
            SELECT u.id
              FROM tenant.bots_user AS one
              JOIN tenant.bots_user AS u
                ON u.bot = one.bot
               AND (u.id = one.id OR u.facebook_id = one.facebook_id)
             WHERE one.id = :user
               AND u.status = 'muted'
             ORDER BY u.key
               FOR UPDATE OF u
        ), written AS (
            UPDATE tenant.bots_user AS u
               SET attributes = u.attributes || '{"botStatus": "active"}', muted_until = NULL, modified = :now
              FROM same
             WHERE u.id = same.id
            RETURNING u.id
        ), noted AS (
            INSERT INTO tenant.bots_status (bots_user, status, source, person, note, created, modified)
            SELECT id, 'active', :source, :person, :note, :now, :now
              FROM written
        )
        SELECT count(*)
          FROM written
        """,
        user=user,
        source=by.source,
        person=by.person,
        note=by.note,
        now=now,
    )
    return found


async def muted_until(runner: Runner, user: int) -> datetime | None:
    """When the take-over of a muted user ends; None when it is not muted, or for good."""
    found: datetime | None = await runner.value(
        """
        SELECT muted_until
          FROM tenant.bots_user
         WHERE id = :user
           AND status = 'muted'
        """,
        user=user,
    )
    return found
