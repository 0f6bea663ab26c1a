"""The one way by which an event comes into the activity: in the transaction of the deed itself."""

from datetime import datetime

from clerestory.families.ideas.activity import store
from clerestory.families.ideas.activity.model import Event
from clerestory.platform.database import Tx


async def record(tx: Tx, event: Event, now: datetime) -> int:
    """Notes what happens in this transaction; the event's number."""
    return await store.insert(tx, event, now)


async def moved(tx: Tx, idea: int, campaign: int) -> None:
    """Lets an idea's events follow it into another campaign. Call it where the idea's own campaign is written."""
    await store.move(tx, idea, campaign)
