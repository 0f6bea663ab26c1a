"""People, groups and settings in the tenant's schema: one function, one statement."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clerestory.platform.database import Runner


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting that differs from its default: JSON, or sealed."""

    name: str
    value: str | None
    sealed: bytes | None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """What a log-in needs of a person."""

    id: int
    uuid: UUID
    administrator: bool
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to be. The e-mail is normalised, the password hashed; without one it cannot log in."""

    email: str
    first_name: str
    last_name: str
    password_hash: str | None
    avatar: str | None = None


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person who is there, and whether it may act."""

    id: int
    active: bool


async def settings(runner: Runner) -> list[SettingRow]:
    """All settings that are stored."""
    return await runner.rows(
        """
        SELECT name, value, sealed
          FROM tenant.setting
         ORDER BY name
        """,
        SettingRow,
    )


async def put_setting(runner: Runner, setting: SettingRow, now: datetime) -> None:
    """Stores one setting over what was there."""
    await runner.execute(
        """
        INSERT INTO tenant.setting (name, value, sealed, created, modified)
        VALUES (:name, :value, :sealed, :now, :now)
            ON CONFLICT (name) DO UPDATE
           SET value = excluded.value, sealed = excluded.sealed, modified = excluded.modified
        """,
        name=setting.name,
        value=setting.value,
        sealed=setting.sealed,
        now=now,
    )


async def delete_settings(runner: Runner, names: list[str]) -> int:
    """Sets settings back to their defaults."""
    return await runner.execute("DELETE FROM tenant.setting WHERE name = ANY (:names)", names=names)


async def account_by_email(runner: Runner, email: str) -> AccountRow | None:
    """The active person with this e-mail, whatever its letter case."""
    return await runner.row(
        """
        SELECT id, uuid, administrator, password_hash
          FROM tenant.person
         WHERE lower(email) = lower(:email) AND active
        """,
        AccountRow,
        email=email,
    )


async def insert_person(runner: Runner, person: NewPerson, now: datetime) -> UUID:
    """A new member; its UUID. Raises Duplicate when the e-mail is taken."""
    uuid: UUID = await runner.value(
        """
        INSERT INTO tenant.person (email, first_name, last_name, password_hash, avatar, created, modified)
        VALUES (:email, :first_name, :last_name, :password_hash, :avatar, :now, :now)
        RETURNING uuid
        """,
        email=person.email,
        first_name=person.first_name,
        last_name=person.last_name,
        password_hash=person.password_hash,
        avatar=person.avatar,
        now=now,
    )
    return uuid


async def insert_unless_known(runner: Runner, person: NewPerson, now: datetime) -> int | None:
    """A new person's id; None when somebody has the e-mail."""
    made: int | None = await runner.value(
        """
        INSERT INTO tenant.person (email, first_name, last_name, created, modified)
        VALUES (:email, :first_name, :last_name, :now, :now)
            ON CONFLICT (lower(email)) DO NOTHING
        RETURNING id
        """,
        email=person.email,
        first_name=person.first_name,
        last_name=person.last_name,
        now=now,
    )
    return made


async def person_by_email(runner: Runner, email: str) -> KnownPerson | None:
    """The person with this e-mail, whatever its letter case."""
    return await runner.row(
        "SELECT id, active FROM tenant.person WHERE lower(email) = lower(:email)", KnownPerson, email=email
    )


async def put_password(runner: Runner, person: int, password_hash: str) -> None:
    """Keeps another hash of the same password."""
    await runner.execute(
        "UPDATE tenant.person SET password_hash = :password_hash WHERE id = :person",
        person=person,
        password_hash=password_hash,
    )


async def administrators(runner: Runner) -> int:
    """How many active people administer the tenant; their rows stay locked, so that two cannot leave at once."""
    count: int = await runner.value(
        """
        SELECT count(*)
          FROM (SELECT id
                  FROM tenant.person
                 WHERE administrator AND active
                 ORDER BY id
                   FOR UPDATE) AS in_charge
        """
    )
    return count


async def person_uuid(runner: Runner, person: int) -> UUID | None:
    """The UUID by which tokens and sessions name a person."""
    uuid: UUID | None = await runner.value("SELECT uuid FROM tenant.person WHERE id = :person", person=person)
    return uuid
