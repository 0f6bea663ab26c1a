"""Deleting what an organisation does not want to keep any longer, in portions that nobody has to wait for."""

from datetime import datetime

import structlog

from clerestory.families.escalation.logs import old
from clerestory.families.escalation.notify.record import FAMILY
from clerestory.families.escalation.policy import read_policy
from clerestory.kernel.errors import Problem
from clerestory.platform import delivery, jobs
from clerestory.platform.database import Schema
from clerestory.platform.tenancy import Scope, ready_tenants
from clerestory.platform.tenancy.store import TenantEntry

FORGET = "escalation.forget"
FORGET_ALL = "escalation.forget_all"
PORTION = 500

log = structlog.get_logger(__name__)


async def forget(scope: Scope, portion: int = PORTION) -> None:
    """Deletes the tenant's logs past their time, with messages, keys and jobs, and the issues that then have none."""
    keep = (await read_policy(scope.direct())).keep
    if keep is None:
        return
    before = scope.now - keep
    while await _forget_logs(scope, before, portion) == portion:
        pass
    while await _forget_issues(scope, before, portion) == portion:
        pass


async def forget_all(scope: Scope) -> None:
    """Has every tenant seen to that does not keep its logs for ever."""
    async for entries in ready_tenants(scope.database.direct()):
        for entry in entries:
            if await _forgets(scope, entry):
                async with scope.database.begin() as tx:
                    await jobs.defer(tx, FORGET, {}, tenant=entry.id)


async def _forgets(scope: Scope, entry: TenantEntry) -> bool:
    try:
        return (await read_policy(scope.database.direct(Schema(entry.schema)))).keep is not None
    except Problem as problem:
        # It may be on its way out; the others must not wait for that.
        log.warning("escalation.forget_passed_over", tenant=entry.schema, text=problem.text)
        return False


async def _forget_logs(scope: Scope, before: datetime, portion: int) -> int:
    async with scope.begin() as tx:
        found = await old.old_logs(tx, before, portion)
        logs = [one.id for one in found]
        await delivery.forget(tx, FAMILY, logs)
        await old.delete_logs(tx, logs)
        await old.delete_keys(tx, scope.tenant.id, [one.log_key for one in found])
    return len(found)


async def _forget_issues(scope: Scope, before: datetime, portion: int) -> int:
    async with scope.begin() as tx:
        return await old.delete_issues(tx, before, portion)
