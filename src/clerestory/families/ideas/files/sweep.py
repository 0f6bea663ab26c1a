"""Files that no row names: what a process left that died between storing and committing, or that could not be removed.

Only a day after it came: until then a request may still be about to name it.
"""

from datetime import timedelta

import structlog

from clerestory.families.ideas.files import store
from clerestory.platform.storage import Files
from clerestory.platform.tenancy import Scope

PATIENCE = timedelta(days=1)

log = structlog.get_logger(__name__)


async def sweep(scope: Scope) -> int:
    """Removes them from the tenant's place; how many."""
    shelf, before = scope.part(Files).shelf(scope.tenant.id, "ideas"), scope.now - PATIENCE
    # What lies there is looked at first: a row that comes meanwhile is of a file that is too young.
    old = [one.name async for one in shelf.names() if one.modified < before]
    named = await store.stored_names(scope.direct()) if old else set()
    left = [name for name in old if name not in named]
    for name in left:
        await shelf.delete(name)
    if left:
        log.info("ideas.files_swept", count=len(left))
    return len(left)
