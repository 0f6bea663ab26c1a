"""Tenants in the control schema: one function, one statement."""

from dataclasses import dataclass
from datetime import datetime

from clerestory.platform.database import Runner, Schema
from clerestory.platform.tenancy.tenant import State, Tenant, TenantId


@dataclass(frozen=True, slots=True)
class TenantEntry:
    """One tenant as the operator sees it. `migrated` is when its schema was last brought up to date."""

    id: int
    client: str
    schema: str
    state: str
    email: str
    failure: str | None
    created: datetime
    migrated: datetime | None
    version: str | None  # the fingerprint of its tables


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


async def ready_clients(tx: Runner, limit: int) -> list[str]:
    """The names of tenants that are served, for the log-in's picker."""
    return await tx.values(
        """
        SELECT client
          FROM platform.tenant
         WHERE state = 'READY'
         ORDER BY lower(client)
         LIMIT :limit
        """,
        limit=limit,
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


async def list_tenants(tx: Runner, after: int, limit: int) -> list[TenantEntry]:
    """Tenants with a larger id than `after`, in the order in which they came."""
    return await tx.rows(
        """
        SELECT entry.id, entry.client, entry.schema, entry.state, entry.email, entry.failure, entry.created,
               done.migrated, done.fingerprint AS version
          FROM platform.tenant AS entry
          LEFT JOIN platform.schema_version AS done ON done.schema = entry.schema
         WHERE entry.id > :after
         ORDER BY entry.id
         LIMIT :limit
        """,
        TenantEntry,
        after=after,
        limit=limit,
    )


async def show_tenant(tx: Runner, tenant: TenantId) -> TenantEntry | None:
    """One tenant as the operator sees it."""
    return await tx.row(
        """
        SELECT entry.id, entry.client, entry.schema, entry.state, entry.email, entry.failure, entry.created,
               done.migrated, done.fingerprint AS version
          FROM platform.tenant AS entry
          LEFT JOIN platform.schema_version AS done ON done.schema = entry.schema
         WHERE entry.id = :tenant
        """,
        TenantEntry,
        tenant=tenant,
    )


async def count_by_state(tx: Runner) -> dict[str, int]:
    """How many tenants stand where, {state: count}; a state that none is in is absent."""
    found = await tx.rows(
        """
        SELECT state, count(*) AS count
          FROM platform.tenant
         GROUP BY state
         ORDER BY state
        """,
        lambda state, count: (state, count),
    )
    return dict(found)
