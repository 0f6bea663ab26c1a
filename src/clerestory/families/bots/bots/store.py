"""Bots and their admins in the tenant's schema: one function, one statement."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clerestory.families.bots.access.store import BOT_SHOWN
from clerestory.platform.database import Runner


@dataclass(frozen=True, slots=True)
class MadeBot:
    """A bot that was just made."""

    id: int
    uuid: UUID


async def insert_bot(runner: Runner, owner: int, attributes: str, now: datetime) -> MadeBot:
    """A new bot of this customer."""
    [made] = await runner.rows(
        """
        INSERT INTO tenant.bots_bot (owner, attributes, created, modified)
        VALUES (:owner, :attributes::jsonb, :now, :now)
        RETURNING id, uuid
        """,
        MadeBot,
        owner=owner,
        attributes=attributes,
        now=now,
    )
    return made


async def insert_admin(runner: Runner, bot: int, customer: int, now: datetime) -> bool:
    """Puts a customer on the bot's list; False when it is on it already."""
    count = await runner.execute(
        """
        INSERT INTO tenant.bots_admin (bot, customer, created, modified)
        VALUES (:bot, :customer, :now, :now)
            ON CONFLICT (bot, customer) DO NOTHING
        """,
        bot=bot,
        customer=customer,
        now=now,
    )
    return count == 1


async def delete_admin(runner: Runner, bot: int, customer: UUID) -> bool:
    """Takes a customer off the bot's list, unless it owns the bot; False when it was not on it."""
    count = await runner.execute(
        """
        DELETE FROM tenant.bots_admin AS place
         USING tenant.bots_customer AS listed
         WHERE place.bot = :bot
           AND listed.id = place.customer
           AND listed.uuid = :customer
           AND NOT EXISTS (SELECT FROM tenant.bots_bot AS bot WHERE bot.id = :bot AND bot.owner = listed.id)
        """,
        bot=bot,
        customer=customer,
    )
    return count == 1


async def insert_address(runner: Runner, bot: UUID, tenant: int) -> None:
    """Lets addresses outside, which name the bot alone, find its tenant."""
    await runner.execute(
        """
        INSERT INTO platform.bots_address (bot, tenant)
        VALUES (:bot, :tenant)
            ON CONFLICT (bot) DO UPDATE SET tenant = excluded.tenant
        """,
        bot=bot,
        tenant=tenant,
    )


async def shown_bot(runner: Runner, bot: int) -> str:
    """The bot as the wire has it."""
    found: str = await runner.value(
        f"""
        SELECT {BOT_SHOWN}
          FROM tenant.bots_bot AS bot
         WHERE bot.id = :bot
        """,  # noqa: S608 - a constant of the package
        bot=bot,
    )
    return found


async def change_bot(runner: Runner, bot: int, attributes: str, now: datetime) -> None:
    """Merges the attributes into the bot's."""
    await runner.execute(
        """
        UPDATE tenant.bots_bot
           SET attributes = platform.bots_merged(attributes, :attributes::jsonb), modified = :now
         WHERE id = :bot
        """,
        bot=bot,
        attributes=attributes,
        now=now,
    )


async def is_admin(runner: Runner, bot: int, customer: UUID) -> bool:
    """Whether the customer is on the bot's list."""
    found: bool = await runner.value(
        """
        SELECT EXISTS (
            SELECT
              FROM tenant.bots_admin AS place
              JOIN tenant.bots_customer AS listed ON listed.id = place.customer
             WHERE place.bot = :bot
               AND listed.uuid = :customer)
        """,
        bot=bot,
        customer=customer,
    )
    return found


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an invitation to a bot is held against."""

    bot: int
    owner: UUID
    code: str | None


async def invitation(runner: Runner, bot: UUID) -> Invitation | None:
    """The bot's owner and its code as it stands; the code does not change while the transaction lasts."""
    return await runner.row(
        """
        SELECT bot.id AS bot, owner.uuid AS owner, bot.attributes ->> 'inviteCode' AS code
          FROM tenant.bots_bot AS bot
          JOIN tenant.bots_customer AS owner ON owner.id = bot.owner
         WHERE bot.uuid = :bot
           FOR SHARE OF bot
        """,
        Invitation,
        bot=bot,
    )


async def owner_of(runner: Runner, bot: int) -> UUID:
    """The id of the bot's owner."""
    found: UUID = await runner.value(
        """
        SELECT owner.uuid
          FROM tenant.bots_bot AS bot
          JOIN tenant.bots_customer AS owner ON owner.id = bot.owner
         WHERE bot.id = :bot
        """,
        bot=bot,
    )
    return found
