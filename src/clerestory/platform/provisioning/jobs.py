"""The task behind a registration: finishes what the request could not. It runs in the public scope."""

from clerestory.platform.jobs import Task
from clerestory.platform.jobs.task import Arguments
from clerestory.platform.provisioning.provisioner import PROVISION, Provisioner
from clerestory.platform.tenancy import Scope, TenantId


async def provision(scope: Scope, arguments: Arguments) -> None:
    """Unpacks {"tenant": id}."""
    await scope.part(Provisioner).provision(TenantId(int(arguments["tenant"] or 0)))


# More attempts than a tenant has: the tenant's own count decides, and the job must still be there to make it FAILED.
TASKS = (Task(PROVISION, provision, attempts=8),)
