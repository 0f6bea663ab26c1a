"""Tenants in the control schema: one function, one statement."""

from clerestory.platform.database import Runner, Schema
from clerestory.platform.tenancy.tenant import State, Tenant, TenantId


def _tenant(id: int, client: str, schema: str, state: str) -> Tenant:
    return Tenant(TenantId(id), client, Schema(schema), State(state))


async def tenant_by_id(tx: Runner, tenant: TenantId) -> Tenant | None:
    """The tenant with this id."""
    return await tx.row(
        """
        SELECT id, client, schema, state
          FROM platform.tenant
         WHERE id = :tenant
        """,
        _tenant,
        tenant=tenant,
    )


async def ready_clients(tx: Runner) -> list[str]:
    """The names of all tenants that are served, for the log-in's picker."""
    return await tx.values(
        """
        SELECT client
          FROM platform.tenant
         WHERE state = 'READY'
         ORDER BY lower(client)
        """
    )


async def tenant_by_name(tx: Runner, name: str) -> Tenant | None:
    """The tenant whose client name or schema this is; letter case does not matter."""
    return await tx.row(
        """
        SELECT id, client, schema, state
          FROM platform.tenant
         WHERE client = :name OR schema = lower(:name)
        """,
        _tenant,
        name=name,
    )
