"""The tasks behind a registration and a removal: they finish what the request could not, in the public scope."""

from clerestory.platform.jobs import Task
from clerestory.platform.jobs.task import Arguments
from clerestory.platform.provisioning.provisioner import PROVISION, Provisioner
from clerestory.platform.provisioning.removal import CLEAR_FILES
from clerestory.platform.provisioning.removal import clear_files as clear
from clerestory.platform.tenancy import Scope, TenantId


async def provision(scope: Scope, arguments: Arguments) -> None:
    """Unpacks {"tenant": id}."""
    await scope.part(Provisioner).provision(TenantId(int(arguments["tenant"] or 0)))


async def clear_files(scope: Scope, arguments: Arguments) -> None:
    """Unpacks {"tenant": id}."""
    await clear(scope.parts, TenantId(int(arguments["tenant"] or 0)))


# More attempts than a tenant has: the tenant's own count decides, and the job must still be there to make it FAILED.
TASKS = (Task(PROVISION, provision, attempts=8), Task(CLEAR_FILES, clear_files))
