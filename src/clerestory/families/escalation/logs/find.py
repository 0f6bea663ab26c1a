"""From the key in a link to the log it shows. The key is the secret: without it nothing is found, with it no more."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from clerestory.families.escalation.logs import store
from clerestory.families.escalation.logs.store import ShownLog
from clerestory.families.escalation.notify.store import ShownJob, jobs_of
from clerestory.kernel.errors import NotFound
from clerestory.platform.tenancy import SYSTEM, Scope, State
from clerestory.platform.tenancy.registry import Registry

_KEY = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class Found:
    """A log with its jobs."""

    log: ShownLog
    jobs: Sequence[ShownJob]


async def find(scope: Scope, log_key: str) -> Found:
    """The log of this key, whoever asks. Raises NotFound alike for a malformed, unknown or deleted one."""
    if not _KEY.fullmatch(log_key):
        raise NotFound
    owner = await store.owner_of(scope.direct(), log_key)
    tenant = None if owner is None else await scope.part(Registry).by_id(owner.tenant)
    if owner is None or tenant is None or tenant.state is not State.READY:
        raise NotFound
    inside = replace(scope.by(SYSTEM), tenant=tenant).direct()
    log = await store.log(inside, owner.log, log_key)
    if log is None:
        raise NotFound
    return Found(log, await jobs_of(inside, log.id))
