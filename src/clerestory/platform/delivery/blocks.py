"""Who blocked a sender of ours, and which tenants share one: one function, one statement."""

from datetime import datetime

from clerestory.kernel.channels import Channel
from clerestory.platform.database import Runner, Tx


async def block(tx: Tx, channel: Channel, sender: str, address: str, reason: str) -> None:
    """Remembers that the address does not want to hear from the sender."""
    await tx.execute(
        """
        INSERT INTO tenant.delivery_block (channel, sender, address, reason)
        VALUES (:channel, :sender, :address, :reason)
            ON CONFLICT (channel, sender, address) DO UPDATE
           SET reason = excluded.reason, modified = now()
        """,
        channel=channel.value,
        sender=sender,
        address=address,
        reason=reason,
    )


async def unblock(tx: Tx, channel: Channel, address: str) -> int:
    """Forgets the blocks of an address on a channel, whichever sender they name; how many there were."""
    return await tx.execute(
        "DELETE FROM tenant.delivery_block WHERE channel = :channel AND address = :address",
        channel=channel.value,
        address=address,
    )


async def share(tx: Tx, provider_id: str, tenant: int, channel: Channel, address: str) -> None:
    """Remembers whose message left by a sender that all tenants share."""
    await tx.execute(
        """
        INSERT INTO platform.delivery_shared (provider_id, tenant, channel, address)
        VALUES (:provider_id, :tenant, :channel, :address)
            ON CONFLICT (provider_id) DO NOTHING
        """,
        provider_id=provider_id,
        tenant=tenant,
        channel=channel.value,
        address=address,
    )


async def tenant_of(tx: Runner, provider_id: str) -> int | None:
    """Whose message it was."""
    found: int | None = await tx.value(
        "SELECT tenant FROM platform.delivery_shared WHERE provider_id = :provider_id", provider_id=provider_id
    )
    return found


async def tenants_writing_to(tx: Runner, channel: Channel, address: str) -> list[int]:
    """The tenants that wrote to an address by a shared sender."""
    return await tx.values(
        """
        SELECT DISTINCT tenant
          FROM platform.delivery_shared
         WHERE channel = :channel AND address = :address
         ORDER BY tenant
        """,
        channel=channel.value,
        address=address,
    )


async def forget_shared(tx: Tx, before: datetime) -> int:
    """Deletes what is too old for a callback to ask for; how much it was."""
    return await tx.execute("DELETE FROM platform.delivery_shared WHERE created < :before", before=before)
