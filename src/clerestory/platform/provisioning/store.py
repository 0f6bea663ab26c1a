"""The control schema's rows about tenants that come and go: one function, one statement."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from clerestory.platform.database import Runner, Schema
from clerestory.platform.tenancy import State, TenantId
from clerestory.platform.tenancy.name import TenantName


@dataclass(frozen=True, slots=True)
class Founder:
    """Who registered, as the first person's row in the tenant will say. Only the password's hash is kept."""

    uuid: UUID
    email: str
    first_name: str
    last_name: str
    password_hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A tenant without its schema: what it will be called and who will be its first person."""

    schema: Schema
    founder: Founder


def _unfinished(schema: str, **founder: Any) -> Unfinished:
    return Unfinished(Schema(schema), Founder(**founder))


async def insert_tenant(tx: Runner, name: TenantName, email: str) -> TenantId | None:
    """A new tenant, PENDING; None when one of its names is taken."""
    found: int | None = await tx.value(
        """
        INSERT INTO platform.tenant (client, schema, email)
        SELECT :client, :schema, :email
         WHERE to_regnamespace(:schema) IS NULL
            ON CONFLICT DO NOTHING
        RETURNING id
        """,
        client=name.client,
        schema=name.schema,
        email=email,
    )
    return None if found is None else TenantId(found)


async def insert_registration(tx: Runner, tenant: TenantId, founder: Founder) -> None:
    """Keeps what the person's row is made from until there is a schema for it."""
    await tx.execute(
        """
        INSERT INTO platform.registration (tenant, person_uuid, email, password_hash, first_name, last_name)
        VALUES (:tenant, :uuid, :email, :password_hash, :first_name, :last_name)
        """,
        tenant=tenant,
        uuid=founder.uuid,
        email=founder.email,
        password_hash=founder.password_hash,
        first_name=founder.first_name,
        last_name=founder.last_name,
    )


async def lock_unfinished(tx: Runner, tenant: TenantId) -> Unfinished | None:
    """What is still to be made, held until the transaction ends; None when it is done or another is at it."""
    return await tx.row(
        """
        SELECT made.schema, registration.person_uuid AS uuid, registration.email, registration.first_name,
               registration.last_name, registration.password_hash
          FROM platform.tenant AS made
          JOIN platform.registration ON registration.tenant = made.id
         WHERE made.id = :tenant AND made.state IN ('PENDING', 'PROVISIONING')
           FOR NO KEY UPDATE SKIP LOCKED
        """,
        _unfinished,
        tenant=tenant,
    )


async def finish_registration(tx: Runner, tenant: TenantId) -> None:
    """The tenant is READY; what its first person's row was made from is forgotten."""
    await tx.execute(
        """
        WITH done AS (DELETE FROM platform.registration WHERE tenant = :tenant)
        UPDATE platform.tenant
           SET state = 'READY', failure = NULL, modified = now()
         WHERE id = :tenant
        """,
        tenant=tenant,
    )


async def count_attempt(tx: Runner, tenant: TenantId) -> int | None:
    """How often this tenant's provisioning was begun, this time included; None when nothing is left to do."""
    attempts: int | None = await tx.value(
        """
        WITH begun AS (
            UPDATE platform.tenant
               SET state = 'PROVISIONING', modified = now()
             WHERE id = :tenant AND state IN ('PENDING', 'PROVISIONING')
            RETURNING id
        )
        UPDATE platform.registration
           SET attempts = attempts + 1
          FROM begun
         WHERE tenant = begun.id
        RETURNING attempts
        """,
        tenant=tenant,
    )
    return attempts


async def give_back(tx: Runner, tenant: TenantId, failure: str | None) -> int:
    """After a fault: PENDING, to be tried again, or FAILED with a reference; 0 when it was finished meanwhile."""
    return await tx.execute(
        """
        UPDATE platform.tenant
           SET state = CASE WHEN :failure::text IS NULL THEN 'PENDING' ELSE 'FAILED' END,
               failure = :failure,
               modified = now()
         WHERE id = :tenant AND state = 'PROVISIONING'
        """,
        tenant=tenant,
        failure=failure,
    )


async def change_state(tx: Runner, tenant: TenantId, before: State, after: State) -> int:
    """Moves a tenant from one state to another; 0 when it does not stand there."""
    return await tx.execute(
        """
        UPDATE platform.tenant
           SET state = :after, modified = now()
         WHERE id = :tenant AND state = :before
        """,
        tenant=tenant,
        before=before.value,
        after=after.value,
    )


async def reset_attempts(tx: Runner, tenant: TenantId) -> int:
    """Lets a FAILED tenant begin anew; 0 when it is not FAILED."""
    return await tx.execute(
        """
        WITH reset AS (
            UPDATE platform.tenant
               SET state = 'PENDING', failure = NULL, modified = now()
             WHERE id = :tenant AND state = 'FAILED'
            RETURNING id
        )
        UPDATE platform.registration
           SET attempts = 0
          FROM reset
         WHERE tenant = reset.id
        """,
        tenant=tenant,
    )


async def state_of(tx: Runner, tenant: TenantId) -> State | None:
    """Where the tenant stands now, past every cache."""
    found: str | None = await tx.value("SELECT state FROM platform.tenant WHERE id = :tenant", tenant=tenant)
    return None if found is None else State(found)


async def delete_tenant(tx: Runner, tenant: TenantId) -> int:
    """Removes the tenant's row, and with it every key, session and schedule; 0 when there is none."""
    return await tx.execute("DELETE FROM platform.tenant WHERE id = :tenant", tenant=tenant)


async def tenant_is_gone(tx: Runner, tenant: TenantId) -> bool:
    """Whether there is no such tenant (any more)."""
    return bool(await tx.value("SELECT NOT EXISTS (SELECT FROM platform.tenant WHERE id = :tenant)", tenant=tenant))


async def delete_version(tx: Runner, schema: Schema) -> None:
    """Forgets a schema that is about to go, so that nobody migrates it."""
    await tx.execute("DELETE FROM platform.schema_version WHERE schema = :schema", schema=schema)


async def insert_founder(tx: Runner, person: int, founder: Founder) -> None:
    """The first person of the schema, a full administrator. Runs in the new schema."""
    await tx.execute(
        """
        INSERT INTO tenant.person (id, uuid, email, first_name, last_name, password_hash, administrator)
        VALUES (:person, :uuid, :email, :first_name, :last_name, :password_hash, true)
        """,
        person=person,
        uuid=founder.uuid,
        email=founder.email,
        first_name=founder.first_name,
        last_name=founder.last_name,
        password_hash=founder.password_hash,
    )


async def seat_founder(tx: Runner, person: int, founder: Founder) -> int:
    """Turns the nobody that a spare was made with into the founder. Runs in the new schema."""
    return await tx.execute(
        """
        UPDATE tenant.person
           SET uuid = :uuid, email = :email, first_name = :first_name, last_name = :last_name,
               password_hash = :password_hash, active = true, administrator = true, created = now(), modified = now()
         WHERE id = :person
        """,
        person=person,
        uuid=founder.uuid,
        email=founder.email,
        first_name=founder.first_name,
        last_name=founder.last_name,
        password_hash=founder.password_hash,
    )


async def lock_tenant(tx: Runner, tenant: TenantId) -> Schema | None:
    """The tenant's schema, whether it exists yet or not; the tenant is held until the transaction ends."""
    found: str | None = await tx.value(
        "SELECT schema FROM platform.tenant WHERE id = :tenant FOR UPDATE", tenant=tenant
    )
    return None if found is None else Schema(found)


async def schema_exists(tx: Runner, schema: Schema) -> bool:
    """Whether there is such a schema. A statement of its own: one that had to wait for a lock answers from before."""
    return bool(await tx.value("SELECT to_regnamespace(:schema) IS NOT NULL", schema=schema))
