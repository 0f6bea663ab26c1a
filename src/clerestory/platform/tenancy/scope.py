"""Scope: for whom, by whom and when something is done. A request and a job build the same one.

Verbs open their transactions from it; nothing else in it can be changed.
"""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar, cast

from clerestory.kernel.clock import Clock
from clerestory.kernel.errors import Forbidden, ReadOnly
from clerestory.platform.database import Database, Direct, Tx
from clerestory.platform.tenancy.tenant import Tenant

T = TypeVar("T")


class Kind(StrEnum):
    """What the actor showed of itself."""

    ANONYMOUS = "anonymous"
    KEY = "key"
    PERSON = "person"
    SYSTEM = "system"


class Right(StrEnum):
    """What a key or a person may do in the tenant, whatever the family."""

    READ = "read"
    WRITE = "write"
    ADMINISTER = "administer"


@dataclass(frozen=True, slots=True)
class Actor:
    """By whom: a key of the tenant, one of its people, the system itself, or nobody known."""

    kind: Kind
    key_id: int | None = None
    person_id: int | None = None
    rights: frozenset[Right] = frozenset()
    flags: frozenset[str] = frozenset()

    def may(self, right: Right) -> bool:
        """Whether this right was given."""
        return right in self.rights


ANYONE = Actor(Kind.ANONYMOUS, rights=frozenset({Right.READ}))
SYSTEM = Actor(Kind.SYSTEM, rights=frozenset(Right))


class Parts:
    """The long-lived objects of one process, each found by its type. Filled once by the composition root."""

    def __init__(self, *objects: object) -> None:
        self._by_type: dict[type, object] = {type(one): one for one in objects}

    def add(self, one: object) -> None:
        """Makes another object known; a second of the same type is a mistake in the composition."""
        if type(one) in self._by_type:
            raise ValueError(f"two parts of the type {type(one).__name__}")
        self._by_type[type(one)] = one

    def find(self, kind: type[T]) -> T:
        """The one object of this type."""
        return cast(T, self._by_type[kind])


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom, by whom, when; and the process's parts."""

    tenant: Tenant
    actor: Actor
    clock: Clock
    parts: Parts
    request_id: str = ""

    @property
    def now(self) -> datetime:
        """The present moment by the application's clock."""
        return self.clock()

    @property
    def database(self) -> Database:
        """This process's pool."""
        return self.parts.find(Database)

    def part(self, kind: type[T]) -> T:
        """One of the process's long-lived objects, by its type."""
        return self.parts.find(kind)

    def begin(self) -> AbstractAsyncContextManager[Tx]:
        """One transaction in the tenant's schema; in the public one it is READ ONLY."""
        return self.database.begin(self.tenant.schema, read_only=self.tenant.public)

    def direct(self) -> Direct:
        """Single reads in the tenant's schema, without a transaction's round trips; in the public one READ ONLY."""
        return self.database.direct(self.tenant.schema, read_only=self.tenant.public)

    def require(self, right: Right) -> None:
        """Raises ReadOnly for a write to public, Forbidden for a right that the actor lacks."""
        if self.tenant.public and right is not Right.READ:
            raise ReadOnly
        if not self.actor.may(right):
            raise Forbidden

    def by(self, actor: Actor) -> "Scope":
        """The same scope, acted in by another."""
        return replace(self, actor=actor)
