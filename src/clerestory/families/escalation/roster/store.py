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
