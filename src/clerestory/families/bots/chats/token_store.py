"""The state of bots' page tokens: one function, one statement."""

from datetime import datetime

from clerestory.platform.database import Runner


async def note_fault(runner: Runner, bot: int, words: str, mark: bytes, now: datetime) -> bool:
    """Notes what the platform has against the token; False when the bot is gone."""
    count = await runner.execute(
        """
        UPDATE tenant.bots_bot
           SET token_fault = :words, token_mark = :mark, modified = :now
         WHERE id = :bot
        """,
        bot=bot,
        words=words,
        mark=mark,
        now=now,
    )
    return count == 1


async def may_tell(runner: Runner, bot: int, now: datetime, since: datetime) -> bool:
    """Whether the admins are to be told now; True at most once between `since` and now."""
    count = await runner.execute(
        """
        UPDATE tenant.bots_bot
           SET token_told = :now
         WHERE id = :bot
           AND (token_told IS NULL OR token_told <= :since)
        """,
        bot=bot,
        now=now,
        since=since,
    )
    return count == 1


async def clear_fault(runner: Runner, bot: int, now: datetime) -> None:
    """Forgets what was noted."""
    await runner.execute(
        """
        UPDATE tenant.bots_bot
           SET token_fault = '', token_mark = NULL, modified = :now
         WHERE id = :bot
           AND token_fault <> ''
        """,
        bot=bot,
        now=now,
    )


async def admins_addresses(runner: Runner, bot: int) -> list[str]:
    """The e-mails of the bot's admins who are active people; of those who run the tenant when there are none."""
    return await runner.values(
        """
        WITH admin AS (
            SELECT person.email
              FROM tenant.bots_admin AS place
              JOIN tenant.bots_customer AS customer ON customer.id = place.customer
              JOIN tenant.person ON person.id = customer.person
             WHERE place.bot = :bot
               AND person.active
        )
        SELECT email
          FROM admin
         UNION
        SELECT email
          FROM tenant.person
         WHERE active
           AND administrator
           AND NOT EXISTS (SELECT FROM admin)
         ORDER BY email
        """,
        bot=bot,
    )
