"""What ideas gives a new tenant: counters that are true of what was copied.

People are not copied, so of several people's votes on one idea one row stays, and counts are made anew. Files are not
copied either: rows that name some are not true here.
"""

from clerestory.families.ideas import recount
from clerestory.families.ideas.files import store as files
from clerestory.families.ideas.reports import store as reports
from clerestory.platform.database import Tx


async def found(tx: Tx, _person: int) -> None:
    """Forgets files that are public's, and counts everything anew."""
    await files.forget(tx)
    await reports.forget(tx)
    await recount.recount(tx)
