"""Tenants, each with a schema of its own, and Scope: for whom, by whom, when."""

from clerestory.platform.tenancy.ready import ready_tenants
from clerestory.platform.tenancy.scope import ANYONE, SYSTEM, Actor, Kind, Parts, Right, Scope
from clerestory.platform.tenancy.tenant import PUBLIC_TENANT, State, Tenant, TenantId

__all__ = [
    "ANYONE",
    "PUBLIC_TENANT",
    "SYSTEM",
    "Actor",
    "Kind",
    "Parts",
    "Right",
    "Scope",
    "State",
    "Tenant",
    "TenantId",
    "ready_tenants",
]
