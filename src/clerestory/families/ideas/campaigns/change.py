"""What follows from a campaign's write: its ideas are scored by its points, and found in its language."""

from clerestory.families.ideas.campaigns import store
from clerestory.families.ideas.recount import rescore
from clerestory.kernel.errors import Fault, Invalid, Kind
from clerestory.platform.database import Tx
from clerestory.platform.resources import Change
from clerestory.platform.tenancy import Scope

POINTS = frozenset({"promote_points", "demote_points", "comment_points", "chip_points"})


async def settle(scope: Scope, tx: Tx, change: Change) -> None:
    """Keeps true what depends on the campaign. Raises Invalid for dates in the wrong order."""
    if change.id is None or change.values is None:
        return
    if await store.ends_before_it_starts(tx, change.id):
        raise Invalid(Fault("ends", Kind.INVALID, "A campaign ends after it starts."))
    if POINTS & set(change.values):
        await rescore(tx, change.id)
    if "language" in change.values:
        await store.speak(tx, change.id, scope.now)
