"""What escalation gives the first person of a new tenant, so that the first error that is reported reaches somebody."""

from clerestory.platform.database import Tx


async def found(tx: Tx, person: int) -> None:
    """A contact by e-mail for what is severe, unless the copy of public brought one."""
    await tx.execute(
        """
        INSERT INTO tenant.escalation_contact (person, consents, preferences)
        VALUES (:person, '{"EMAIL": true, "SMS": false, "WHATSAPP": false}', ARRAY['MAJOR', 'CRITICAL'])
            ON CONFLICT (person) DO NOTHING
        """,
        person=person,
    )
