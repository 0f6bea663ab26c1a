"""Every tenant that is ready, for work that each has of its own."""

from collections.abc import AsyncIterator, Sequence

from clerestory.platform.database import Runner
from clerestory.platform.tenancy.store import TenantEntry, list_tenants
from clerestory.platform.tenancy.tenant import State

_PORTION = 500


async def ready_tenants(runner: Runner) -> AsyncIterator[Sequence[TenantEntry]]:
    """Portions of them, in the order in which they came."""
    after = 0
    while entries := await list_tenants(runner, after, _PORTION):
        after = entries[-1].id
        yield [entry for entry in entries if entry.state == State.READY]
