"""What the page of a chat needs of the bot and of the chat: one function, one statement."""

from dataclasses import dataclass

from clerestory.platform.database import Runner


@dataclass(frozen=True, slots=True)
class OpenBot:
    """A bot as its page introduces it."""

    name: str | None
    attributes: str


async def open_bot(runner: Runner, bot: int) -> OpenBot | None:
    """The bot, unless it has gone meanwhile."""
    return await runner.row(
        """
        SELECT nullif(page_name, '') AS name, attributes::text AS attributes
          FROM tenant.bots_bot
         WHERE id = :bot
        """,
        OpenBot,
        bot=bot,
    )


async def chat_of(runner: Runner, bot: int, address: str) -> int | None:
    """The chat of this browser with the bot; None until something was said."""
    found: int | None = await runner.value(
        """
        SELECT id
          FROM tenant.bots_chat
         WHERE bot = :bot
           AND channel = 'web'
           AND address = :address
        """,
        bot=bot,
        address=address,
    )
    return found
