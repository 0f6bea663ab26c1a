"""Bots by their public ids and pages: one function, one statement."""

from dataclasses import dataclass
from uuid import UUID

from clerestory.platform.database import Runner


@dataclass(frozen=True, slots=True)
class BotRow:
    """A bot as an address outside finds it."""

    id: int
    uuid: UUID
    page_id: str | None


async def tenant_of(runner: Runner, bot: UUID) -> int | None:
    """Whose bot it is; None for one that nobody has made public."""
    found: int | None = await runner.value("SELECT tenant FROM platform.bots_address WHERE bot = :bot", bot=bot)
    return found


async def bot_of(runner: Runner, bot: UUID) -> BotRow | None:
    """The tenant's bot of this id."""
    return await runner.row(
        """
        SELECT id, uuid, page_id
          FROM tenant.bots_bot
         WHERE uuid = :bot
        """,
        BotRow,
        bot=bot,
    )


async def bot_of_page(runner: Runner, page: str) -> BotRow | None:
    """The tenant's bot that speaks for this page, the first of several."""
    return await runner.row(
        """
        SELECT id, uuid, page_id
          FROM tenant.bots_bot
         WHERE page_id = :page
         ORDER BY id
         LIMIT 1
        """,
        BotRow,
        page=page,
    )
