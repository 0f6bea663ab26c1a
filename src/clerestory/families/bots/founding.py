"""What becomes of public's bots in a new tenant: they get ids of its own, for addresses outside go by a bot's id."""

from clerestory.platform.database import Tx


async def found(tx: Tx, _person: int) -> None:
    """Whatever a new tenant has of bots is a copy of public's; whose it is, the copy has seen to."""
    await tx.execute("UPDATE tenant.bots_customer SET uuid = gen_random_uuid()")
    await tx.execute("UPDATE tenant.bots_bot SET uuid = gen_random_uuid()")
    # Made here and nowhere else, so that no two tenants know a user by the same id either.
    await tx.execute("UPDATE tenant.bots_user SET key = gen_random_uuid()::text")
