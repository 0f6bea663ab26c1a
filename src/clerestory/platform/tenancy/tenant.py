"""What a tenant is, as every part sees it. How one comes to be stands in `provision`."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from clerestory.platform.database import PUBLIC, Schema

TenantId = NewType("TenantId", int)


class State(StrEnum):
    """Where a tenant's life stands. Only READY ones are served."""

    PENDING = "PENDING"
    PROVISIONING = "PROVISIONING"
    READY = "READY"
    FAILED = "FAILED"
    SUSPENDED = "SUSPENDED"


@dataclass(frozen=True, slots=True)
class Tenant:
    """One organisation: its name as people see it (`client`) and the schema that holds all that it owns."""

    id: TenantId
    client: str
    schema: Schema
    state: State

    @property
    def public(self) -> bool:
        """Whether this is the template that all may read and nobody may write."""
        return self.schema == PUBLIC


PUBLIC_TENANT = Tenant(TenantId(0), "public", PUBLIC, State.READY)
"""Who is served when a request names no tenant and there is no default one."""
