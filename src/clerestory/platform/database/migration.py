"""Migrations as files: numbered SQL in an owner's folder, for the control schema and for every tenant's schema.

A file that was applied once never changes; what comes later is a new number.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

_FILE = re.compile(r"^(\d{4})_([a-z0-9_]+)\.sql$")


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of one owner."""

    owner: str
    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text, to notice a file that was changed after it ran."""
        return hashlib.sha256(self.sql.encode()).hexdigest()

    def __str__(self) -> str:
        return f"{self.owner} {self.number:04d} {self.name}"


@dataclass(frozen=True, slots=True)
class Owner:
    """A part with tables of its own: in the control schema `platform`, in every tenant's schema, or both."""

    name: str
    control: Sequence[Migration] = ()
    tenant: Sequence[Migration] = ()

    @classmethod
    def of(cls, name: str, package: str, *, control: str | None = None, tenant: str | None = None) -> "Owner":
        """The owner whose files lie in these folders of its package."""
        root = files(package)
        return cls(
            name,
            _steps(name, root / control) if control else (),
            _steps(name, root / tenant) if tenant else (),
        )


def _steps(owner: str, folder: Traversable) -> tuple[Migration, ...]:
    found = []
    for entry in folder.iterdir():
        match = _FILE.fullmatch(entry.name)
        if match is None:
            raise ValueError(f"{entry.name!r} of {owner} is not named like 0001_first.sql")
        found.append(Migration(owner, int(match[1]), match[2], entry.read_text("utf-8")))
    found.sort(key=lambda step: step.number)
    if [step.number for step in found] != list(range(1, len(found) + 1)):
        raise ValueError(f"the migrations of {owner} are not numbered from 1 without a gap")
    return tuple(found)


def fingerprint(owners: Sequence[Owner]) -> str:
    """One word for everything that a tenant's schema should have; equal means nothing is to be done."""
    whole = hashlib.sha256()
    for owner in owners:
        for step in owner.tenant:
            whole.update(f"{owner.name}:{step.number}:{step.checksum};".encode())
    return whole.hexdigest()


def latest(owners: Sequence[Owner]) -> dict[str, int]:
    """The last number of each owner's tenant migrations, {owner: number}."""
    return {owner.name: len(owner.tenant) for owner in owners if owner.tenant}
