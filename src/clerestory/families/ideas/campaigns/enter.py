"""Entering a campaign: by the first contribution, or by opening it with a sign-in. Once, whatever comes later."""

from clerestory.families.ideas.campaigns import store
from clerestory.platform.database import Tx


async def enter(tx: Tx, campaign: int, person: int) -> None:
    """Notes that the person is in the campaign, and counts it. Last in its transaction: it locks the campaign."""
    if await store.enter(tx, campaign, person):
        await store.count_entrant(tx, campaign)
