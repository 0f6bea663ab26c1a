"""The rules of people: who they are found to be at a log-in, how one joins, and that somebody stays in charge."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clerestory.kernel.errors import Conflict, Fault, Forbidden, Invalid, Kind, WrongPassword
from clerestory.kernel.values import storable
from clerestory.platform.database import Database, Duplicate, Schema, Tx
from clerestory.platform.identity import store
from clerestory.platform.identity.passwords import Passwords, password_faults

EMAIL_TAKEN = "person_email"
"""The constraint that keeps e-mails apart, whatever their letter case."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who registers as a member, with the password in clear."""

    email: str
    password: str
    first_name: str
    last_name: str
    avatar: str | None = None

    def __repr__(self) -> str:
        return "Newcomer(…)"


@dataclass(frozen=True, slots=True)
class Account:
    """Whom an e-mail and a password were right for."""

    id: int
    uuid: UUID
    administrator: bool


async def recognise(database: Database, schema: Schema, passwords: Passwords, email: str, password: str) -> Account:
    """The active person of this e-mail and password. Raises WrongPassword, as slowly for every cause."""
    runner = database.direct(schema)
    found = await store.account_by_email(runner, email) if storable(email) else None
    kept = found.password_hash if found else None
    if not await passwords.verify(kept, password) or found is None or kept is None:
        raise WrongPassword
    if passwords.outdated(kept):
        await store.put_password(runner, found.id, await passwords.hash(password))
    return Account(found.id, found.uuid, found.administrator)


async def hashed(passwords: Passwords, password: str) -> str:
    """The password as it is kept. Raises Invalid with everything that the policy has against it."""
    faults = password_faults(password)
    if faults:
        raise Invalid(*faults)
    return await passwords.hash(password)


async def join(tx: Tx, newcomer: Newcomer, password_hash: str, now: datetime) -> UUID:
    """A new member; its UUID. Raises Invalid when the e-mail is taken."""
    person = store.NewPerson(
        newcomer.email, newcomer.first_name, newcomer.last_name, password_hash, avatar=newcomer.avatar
    )
    try:
        return await store.insert_person(tx, person, now)
    except Duplicate as duplicate:
        raise taken(duplicate) from duplicate


async def meet(tx: Tx, email: str, name: tuple[str, str], now: datetime) -> int:
    """The person of this e-mail, made with the first and last name when there is none; its id.

    It is for families that know people by other means than a password: who is made here cannot log in. Raises
    Forbidden for one who was deactivated.
    """
    made = await store.insert_unless_known(tx, store.NewPerson(email, *name, password_hash=None), now)
    if made is not None:
        return made
    known = await store.person_by_email(tx, email)
    if known is None:
        return await meet(tx, email, name, now)
    if not known.active:
        raise Forbidden("This person was deactivated.")
    return known.id


def taken(duplicate: Duplicate) -> Duplicate | Invalid:
    """The refusal of an e-mail that somebody has, where it is that."""
    if duplicate.constraint != EMAIL_TAKEN:
        return duplicate
    return Invalid(Fault("email", Kind.TAKEN, "A person with this e-mail exists already."))


async def keep_an_administrator(tx: Tx) -> None:
    """Raises Conflict when a change leaves the tenant without an active administrator."""
    if not await store.administrators(tx):
        raise Conflict("The last active administrator cannot be removed, deactivated or demoted.")
