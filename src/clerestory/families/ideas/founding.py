"""What ideas gives a new tenant: counters that are true of what was copied.

People are not copied, so of several people's votes on one idea one row stays, and counts are made anew.
"""

from clerestory.families.ideas import recount
from clerestory.platform.database import Tx


async def found(tx: Tx, _person: int) -> None:
    """Counts everything anew."""
    await recount.recount(tx)
