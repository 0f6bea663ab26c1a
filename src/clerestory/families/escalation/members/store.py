"""People with their contacts: one function, one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from clerestory.families.escalation.members.model import Member, Severity
from clerestory.kernel import addresses
from clerestory.kernel.channels import Channel
from clerestory.platform.database import Runner

# Reading a number costs 30 us, and the same few people are read for every batch of logs.
_email = lru_cache(maxsize=20_000)(addresses.normalise_email)
_phone = lru_cache(maxsize=20_000)(addresses.normalise_phone)


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    first_name: str
    last_name: str
    role: str
    email: str
    phone_number: str | None
    consents: list[str] | None
    preferences: list[str] | None


def _member(**columns: Any) -> Member:
    row = _Row(**columns)
    return Member(
        id=row.id,
        name=f"{row.first_name} {row.last_name}".strip() or row.email,
        role=row.role,
        given_email=row.email,
        email=_email(row.email),
        phone=_phone(row.phone_number) if row.phone_number else None,
        consents=frozenset(map(Channel, row.consents or ())),
        preferences=frozenset(map(Severity, row.preferences or ())),
    )


async def active_members(tx: Runner) -> list[Member]:
    """Everybody who is active, by id."""
    return await tx.rows(
        """
        SELECT p.id, p.first_name, p.last_name, p.role, p.email, p.phone_number,
               ARRAY(SELECT key FROM jsonb_each(c.consents) WHERE value = 'true' ORDER BY key) AS consents,
               c.preferences
          FROM tenant.person AS p
          LEFT JOIN tenant.escalation_contact AS c ON c.person = p.id
         WHERE p.active
         ORDER BY p.id
        """,
        _member,
    )


async def willing_members(tx: Runner, severities: Sequence[str]) -> list[Member]:
    """The active members who want to hear of one of these severities, by id."""
    return await tx.rows(
        """
        SELECT p.id, p.first_name, p.last_name, p.role, p.email, p.phone_number,
               ARRAY(SELECT key FROM jsonb_each(c.consents) WHERE value = 'true' ORDER BY key) AS consents,
               c.preferences
          FROM tenant.escalation_contact AS c
          JOIN tenant.person AS p ON p.id = c.person
         WHERE p.active
           AND c.preferences && :severities
         ORDER BY p.id
        """,
        _member,
        severities=severities,
    )


async def members_by_id(tx: Runner, people: Sequence[int]) -> list[Member]:
    """These people, as far as they are still active, by id."""
    return await tx.rows(
        """
        SELECT p.id, p.first_name, p.last_name, p.role, p.email, p.phone_number,
               ARRAY(SELECT key FROM jsonb_each(c.consents) WHERE value = 'true' ORDER BY key) AS consents,
               c.preferences
          FROM tenant.escalation_contact AS c
          JOIN tenant.person AS p ON p.id = c.person
         WHERE p.active
           AND p.id = ANY(:people)
         ORDER BY p.id
        """,
        _member,
        people=people,
    )


async def person_in_charge(tx: Runner, named: int | None) -> int | None:
    """The named person while active, else the first active administrator; None when there is neither."""
    found: int | None = await tx.value(
        """
        SELECT id
          FROM tenant.person
         WHERE active
           AND (id = :named::bigint OR administrator)
         ORDER BY (id = :named::bigint) DESC NULLS LAST, id
         LIMIT 1
        """,
        named=named,
    )
    return found
