"""The verb of the site's registration: one person signs up, one tenant comes to be, with its key and its schema.

With a spare at hand the tenant is READY when the one transaction commits; without, its schema is built at once.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from email_validator import EmailNotValidError, validate_email

from clerestory.kernel import ids
from clerestory.kernel.errors import Conflict, Fault, Invalid, Kind, Unavailable
from clerestory.platform import jobs
from clerestory.platform.database import Database, Schema, Tx
from clerestory.platform.identity.passwords import Passwords, password_faults
from clerestory.platform.provisioning import store
from clerestory.platform.provisioning.provisioner import PROVISION, Provisioner
from clerestory.platform.provisioning.store import Founder
from clerestory.platform.tenancy import Parts, State, Tenant, TenantId
from clerestory.platform.tenancy.name import DIGITS, tenant_name
from clerestory.platform.tokens import Vault
from clerestory.platform.tokens import store as credentials
from clerestory.platform.tokens.vault import digest

_TRIES = 20
_LONGEST_NAME = 150
# The request itself tries first; the job is for what a crash or a time-out left undone.
_JOB_AFTER = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Registrant:
    """Who signs up, as typed."""

    email: str
    password: str = field(repr=False)
    first_name: str = ""
    last_name: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """What the visitor gets. The key is shown here and, to who is logged in, later; nowhere else."""

    client: str
    schema: Schema
    api_key: str = field(repr=False)
    state: State
    tenant: TenantId
    person_uuid: UUID


async def register(parts: Parts, registrant: Registrant) -> Registered:
    """The new tenant: READY, or PENDING when its schema takes longer than a request may (a job goes on).

    Raises Invalid for an address, password or name that is not taken. The same address may register again:
    each time it gets another tenant.
    """
    email = checked(registrant)
    password_hash = await parts.find(Passwords).hash(registrant.password)
    founder = Founder(uuid4(), email, registrant.first_name.strip(), registrant.last_name.strip(), password_hash)
    provisioner = parts.find(Provisioner)
    api_key = ids.new_key()
    async with parts.find(Database).begin() as tx:
        tenant = await _named(tx, email)
        vault = parts.find(Vault)
        await credentials.insert_key(tx, tenant.id, "default", digest(api_key), vault.seal(api_key))
        ready = await provisioner.claim(tx, tenant.id, tenant.schema, founder)
        if not ready:
            await store.insert_registration(tx, tenant.id, founder)
            await jobs.defer(tx, PROVISION, {"tenant": tenant.id}, after=_JOB_AFTER)
    state = State.READY if ready else await provisioner.provision_now(tenant.id)
    return Registered(tenant.client, tenant.schema, api_key, state or State.PENDING, tenant.id, founder.uuid)


async def retry(parts: Parts, tenant: TenantId) -> None:
    """Lets a FAILED tenant be tried anew by a job, once its cause was mended. Raises Conflict when it is not FAILED."""
    async with parts.find(Database).begin() as tx:
        if not await store.reset_attempts(tx, tenant):
            raise Conflict("The tenant is not FAILED.")
        await jobs.defer(tx, PROVISION, {"tenant": tenant})


async def _named(tx: Tx, email: str) -> Tenant:
    for _ in range(_TRIES):
        name = tenant_name(email, ids.new_digits(DIGITS))
        tenant = await store.insert_tenant(tx, name, email)
        if tenant is not None:
            return Tenant(tenant, name.client, name.schema, State.PENDING)
    raise Unavailable("No free name was found for this address. Try again.")


def checked(registrant: Registrant) -> str:
    """The address to keep. Nobody is asked whether it receives mail. Raises Invalid with every fault."""
    faults = password_faults(registrant.password)
    for field_, value in (("first_name", registrant.first_name), ("last_name", registrant.last_name)):
        if len(value) > _LONGEST_NAME or not value.isprintable():
            faults.append(Fault(field_, Kind.INVALID, f"A name has at most {_LONGEST_NAME} characters, in one line."))
    email = ""
    try:
        # A server of one's own may well live in a domain that the world does not know.
        email = validate_email(registrant.email, check_deliverability=False, globally_deliverable=False).normalized
    except EmailNotValidError:
        faults.insert(0, Fault("email", Kind.INVALID, "Enter a valid email address."))
    if faults:
        raise Invalid(*faults)
    return email
