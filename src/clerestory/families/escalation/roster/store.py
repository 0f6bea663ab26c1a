"""People with their contacts, to be edited: one function, one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from clerestory.kernel.channels import Channel
from clerestory.kernel.paging import Window
from clerestory.platform.database import Runner, Tx


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of the roster. `total` counts the whole list."""

    id: int
    email: str
    first_name: str
    last_name: str
    phone_number: str | None
    role: str
    active: bool
    administrator: bool
    logs_in: bool
    consents: Sequence[str]
    preferences: Sequence[str]
    total: int = 0

    @property
    def name(self) -> str:
        """How people call them; the address of somebody without a name."""
        return f"{self.first_name} {self.last_name}".strip() or self.email


@dataclass(frozen=True, slots=True)
class Person:
    """What is written of a person. `password_hash` None: the stored one stays."""

    email: str
    first_name: str
    last_name: str
    phone_number: str | None
    role: str
    administrator: bool
    password_hash: str | None


def _entry(consents: list[str] | None, preferences: list[str] | None, **rest: Any) -> Entry:
    return Entry(consents=consents or (), preferences=preferences or (), **rest)


async def listed(runner: Runner, text: str | None, window: Window) -> list[Entry]:
    """A part of the roster: the active first, by name; with `text`, those whose name, e-mail or role has it."""
    return await runner.rows(
        """
        SELECT p.id, p.email, p.first_name, p.last_name, p.phone_number, p.role, p.active, p.administrator,
               p.password_hash IS NOT NULL AS logs_in,
               ARRAY(SELECT key FROM jsonb_each(c.consents) WHERE value = 'true' ORDER BY key) AS consents,
               c.preferences, count(*) OVER () AS total
          FROM tenant.person AS p
          LEFT JOIN tenant.escalation_contact AS c ON c.person = p.id
         WHERE :text::text IS NULL
            OR position(lower(:text) IN lower(concat_ws(' ', p.first_name, p.last_name, p.email, p.role))) > 0
         ORDER BY p.active DESC, lower(p.first_name || ' ' || p.last_name), p.id
         LIMIT :limit OFFSET :offset
        """,
        _entry,
        text=text,
        limit=window.limit,
        offset=window.offset,
    )


async def insert_person(tx: Tx, person: Person, now: datetime) -> int:
    """A new person, active; the id. Raises Duplicate when the e-mail is taken."""
    return int(
        await tx.value(
            """
            INSERT INTO tenant.person
                   (email, first_name, last_name, phone_number, role, administrator, password_hash, created, modified)
            VALUES (:email, :first_name, :last_name, :phone_number, :role, :administrator, :password_hash, :now, :now)
            RETURNING id
            """,
            email=person.email,
            first_name=person.first_name,
            last_name=person.last_name,
            phone_number=person.phone_number,
            role=person.role,
            administrator=person.administrator,
            password_hash=person.password_hash,
            now=now,
        )
    )


async def update_person(tx: Tx, which: int, person: Person, now: datetime) -> bool:
    """Writes a person; whether there is one of this id. Raises Duplicate when the e-mail is taken."""
    touched = await tx.execute(
        """
        UPDATE tenant.person
           SET email = :email, first_name = :first_name, last_name = :last_name, phone_number = :phone_number,
               role = :role, administrator = :administrator,
               password_hash = COALESCE(:password_hash, password_hash), modified = :now
         WHERE id = :which
        """,
        which=which,
        email=person.email,
        first_name=person.first_name,
        last_name=person.last_name,
        phone_number=person.phone_number,
        role=person.role,
        administrator=person.administrator,
        password_hash=person.password_hash,
        now=now,
    )
    return touched > 0


async def set_active(tx: Tx, which: int, *, active: bool, now: datetime) -> bool:
    """Lets a person in again, or out; whether there is one of this id."""
    touched = await tx.execute(
        "UPDATE tenant.person SET active = :active, modified = :now WHERE id = :which",
        which=which,
        active=active,
        now=now,
    )
    return touched > 0


async def put_contact(
    tx: Tx, person: int, consents: Mapping[Channel, bool], preferences: Sequence[str], now: datetime
) -> None:
    """Writes what a person allows and wants to hear of over what was there."""
    await tx.execute(
        """
        INSERT INTO tenant.escalation_contact (person, consents, preferences, created, modified)
        VALUES (:person, :consents::jsonb, :preferences, :now, :now)
            ON CONFLICT (person) DO UPDATE
           SET consents = excluded.consents, preferences = excluded.preferences, modified = excluded.modified
        """,
        person=person,
        consents=msgspec.json.encode(consents).decode(),
        preferences=list(preferences),
        now=now,
    )
