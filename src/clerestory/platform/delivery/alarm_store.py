"""Who is told of a transport's fault, and when that was last done: one function, one statement."""

from datetime import datetime, timedelta

from clerestory.platform.database import Runner, Tx


async def raise_alarm(tx: Tx, transport: str, now: datetime, every: timedelta) -> bool:
    """Whether the owner is to be told now of a transport's fault; True at most once in `every`."""
    raised = await tx.value(
        """
        INSERT INTO tenant.delivery_alarm AS old (transport, raised)
        VALUES (:transport, :now)
            ON CONFLICT (transport) DO UPDATE
           SET raised = excluded.raised, modified = excluded.raised
         WHERE old.raised <= :now - :every::interval
        RETURNING true
        """,
        transport=transport,
        now=now,
        every=every,
    )
    return raised is True


async def owner_address(tx: Runner, owner: int | None) -> str | None:
    """The e-mail of this person, or of the first active administrator when nobody is named."""
    found: str | None = await tx.value(
        """
        SELECT email
          FROM tenant.person
         WHERE active AND (id = :owner::bigint OR administrator)
         ORDER BY id = :owner::bigint DESC NULLS LAST, id
         LIMIT 1
        """,
        owner=owner,
    )
    return found
