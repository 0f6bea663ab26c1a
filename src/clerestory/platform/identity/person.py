"""What is declared of a person, and the rules of every write to one, whoever writes: the API, a family's page, a panel.

Somebody stays in charge, a password is kept as its hash, and who may no longer log in, or has a new one, is logged out.
"""

from collections.abc import Mapping

from clerestory.kernel.values import Type
from clerestory.platform.database import Tx
from clerestory.platform.identity import people, store
from clerestory.platform.identity.passwords import Passwords
from clerestory.platform.resources import Change, Field, Resource, Rules
from clerestory.platform.tenancy import Right, Scope
from clerestory.platform.tokens import sessions


async def _prepare(scope: Scope, change: Change) -> Mapping[str, object]:
    values = dict(change.values or {})
    password = values.get("password")
    if isinstance(password, str):
        values["password"] = await people.hashed(scope.part(Passwords), password)
    return values


async def _settle(scope: Scope, tx: Tx, change: Change) -> None:
    written = change.values
    if written is None or "active" in written or "administrator" in written:
        await people.keep_an_administrator(tx)
    if change.id is None or written is None or not (written.get("active") is False or "password" in written):
        return
    uuid = await store.person_uuid(tx, change.id)
    if uuid is not None:
        await sessions.log_out_everywhere(tx, scope.tenant.id, uuid)


UUID_FIELD = Field("uuid", Type.UUID, writable=False, doc="The record's name for all time, in every family.")
EMAIL = Field(
    "email",
    Type.EMAIL,
    required=True,
    longest=254,
    searchable=True,
    unique=people.EMAIL_TAKEN,
    doc="Taken once in a tenant, whatever its letter case.",
)
FIRST_NAME = Field("first_name", longest=150, searchable=True)
LAST_NAME = Field("last_name", longest=150, searchable=True)
PHONE = Field(
    "phone_number", Type.PHONE, nullable=True, longest=64, searchable=True, doc="E.164; any spelling is read."
)
AVATAR = Field("avatar", nullable=True, longest=2000, filterable=False, orderable=False, doc="The URL of a picture.")
ROLE = Field("role", longest=150, searchable=True, doc="A job title; it permits nothing.")
ACTIVE = Field("active", Type.TRUTH, doc="Whether this person may log in and is told of anything.")
ADMINISTRATOR = Field("administrator", Type.TRUTH, doc="Whether this person may do everything in the tenant.")
PASSWORD = Field("password", column="password_hash", secret=True, longest=1024, doc="Written and never shown.")

PEOPLE = Resource(
    "people",
    "Person",
    "person",
    (UUID_FIELD, EMAIL, FIRST_NAME, LAST_NAME, PHONE, ROLE, AVATAR, ACTIVE, ADMINISTRATOR, PASSWORD),
    doc="A person of the tenant: one and the same in every family.",
    write=Right.ADMINISTER,
    rules=Rules(_prepare, _settle),
)
