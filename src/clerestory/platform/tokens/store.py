"""Credentials in the control schema: one function, one statement."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clerestory.platform.database import Runner
from clerestory.platform.tenancy import TenantId


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One API key; its text stands sealed."""

    id: int
    tenant: int
    name: str
    sealed: bytes
    rights: list[str]
    flags: list[str]
    created: datetime
    expires: datetime | None
    revoked: datetime | None


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One browser session."""

    tenant: int
    person_uuid: UUID
    csrf: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class PersonRow:
    """What a credential's worth depends on."""

    id: int
    administrator: bool


@dataclass(frozen=True, slots=True)
class RefreshRow:
    """One refresh token that was handed out; a chain is one log-in and all that was renewed from it."""

    jti: UUID
    tenant: TenantId
    person_uuid: UUID
    chain: UUID
    expires: datetime


async def key_by_digest(tx: Runner, digest: bytes) -> KeyRow | None:
    """The key with this digest, revoked ones too."""
    return await tx.row(
        """
        SELECT id, tenant, name, sealed, rights, flags, created, expires, revoked
          FROM platform.api_key
         WHERE digest = :digest
        """,
        KeyRow,
        digest=digest,
    )


async def key_by_id(tx: Runner, tenant: TenantId, key_id: int) -> KeyRow | None:
    """One key of the tenant, revoked ones too."""
    return await tx.row(
        """
        SELECT id, tenant, name, sealed, rights, flags, created, expires, revoked
          FROM platform.api_key
         WHERE tenant = :tenant AND id = :key_id
        """,
        KeyRow,
        tenant=tenant,
        key_id=key_id,
    )


async def keys_of(tx: Runner, tenant: TenantId) -> list[KeyRow]:
    """All keys of a tenant, the newest first."""
    return await tx.rows(
        """
        SELECT id, tenant, name, sealed, rights, flags, created, expires, revoked
          FROM platform.api_key
         WHERE tenant = :tenant
         ORDER BY id DESC
        """,
        KeyRow,
        tenant=tenant,
    )


async def newest_good_key(tx: Runner, tenant: TenantId, now: datetime) -> KeyRow | None:
    """The tenant's newest key that is neither revoked nor past its time."""
    return await tx.row(
        """
        SELECT id, tenant, name, sealed, rights, flags, created, expires, revoked
          FROM platform.api_key
         WHERE tenant = :tenant AND revoked IS NULL AND (expires IS NULL OR expires > :now)
         ORDER BY id DESC
         LIMIT 1
        """,
        KeyRow,
        tenant=tenant,
        now=now,
    )


async def count_unrevoked_keys(tx: Runner, tenant: TenantId) -> int:
    """How many keys of a tenant were not withdrawn."""
    count: int = await tx.value(
        """
        SELECT count(*)
          FROM platform.api_key
         WHERE tenant = :tenant AND revoked IS NULL
        """,
        tenant=tenant,
    )
    return count


async def insert_key(tx: Runner, tenant: TenantId, name: str, digest: bytes, sealed: bytes) -> int:
    """A new key with all rights; its id."""
    key_id: int = await tx.value(
        """
        INSERT INTO platform.api_key (tenant, name, digest, sealed)
        VALUES (:tenant, :name, :digest, :sealed)
        RETURNING id
        """,
        tenant=tenant,
        name=name,
        digest=digest,
        sealed=sealed,
    )
    return key_id


async def revoke_key(tx: Runner, tenant: TenantId, key_id: int, now: datetime) -> int:
    """Withdraws a key; how many were withdrawn (0: none of this tenant, or already)."""
    return await tx.execute(
        """
        UPDATE platform.api_key
           SET revoked = :now
         WHERE tenant = :tenant AND id = :key_id AND revoked IS NULL
        """,
        tenant=tenant,
        key_id=key_id,
        now=now,
    )


async def insert_session(tx: Runner, digest: bytes, session: SessionRow) -> None:
    """A new session."""
    await tx.execute(
        """
        INSERT INTO platform.session (digest, tenant, person_uuid, csrf, expires)
        VALUES (:digest, :tenant, :person_uuid, :csrf, :expires)
        """,
        digest=digest,
        tenant=session.tenant,
        person_uuid=session.person_uuid,
        csrf=session.csrf,
        expires=session.expires,
    )


async def session_by_digest(tx: Runner, digest: bytes, now: datetime) -> SessionRow | None:
    """The session with this digest, if it still lasts."""
    return await tx.row(
        """
        SELECT tenant, person_uuid, csrf, expires
          FROM platform.session
         WHERE digest = :digest AND expires > :now
        """,
        SessionRow,
        digest=digest,
        now=now,
    )


async def delete_session(tx: Runner, digest: bytes) -> int:
    """Ends one session."""
    return await tx.execute("DELETE FROM platform.session WHERE digest = :digest", digest=digest)


async def delete_sessions_of(tx: Runner, tenant: TenantId, person_uuid: UUID) -> int:
    """Ends all sessions of a person: log-out everywhere."""
    return await tx.execute(
        "DELETE FROM platform.session WHERE tenant = :tenant AND person_uuid = :person_uuid",
        tenant=tenant,
        person_uuid=person_uuid,
    )


async def active_person(tx: Runner, person_uuid: UUID) -> PersonRow | None:
    """The person that a token or session names, while active. Runs in the tenant's schema."""
    return await tx.row(
        """
        SELECT id, administrator
          FROM tenant.person
         WHERE uuid = :person_uuid AND active
        """,
        PersonRow,
        person_uuid=person_uuid,
    )


async def insert_refresh(tx: Runner, token: RefreshRow, now: datetime) -> None:
    """Records a refresh token that is handed out."""
    await tx.execute(
        """
        INSERT INTO platform.refresh_token (jti, tenant, person_uuid, chain, created, expires)
        VALUES (:jti, :tenant, :person_uuid, :chain, :now, :expires)
        """,
        jti=token.jti,
        tenant=token.tenant,
        person_uuid=token.person_uuid,
        chain=token.chain,
        now=now,
        expires=token.expires,
    )


async def rotate_refresh(tx: Runner, jti: UUID, now: datetime, grace_from: datetime) -> UUID | None:
    """Marks a refresh token as used; its chain when it was good: never used, or first used after `grace_from`."""
    chain: UUID | None = await tx.value(
        """
           UPDATE platform.refresh_token
              SET rotated = coalesce(rotated, :now)
            WHERE jti = :jti AND expires > :now AND (rotated IS NULL OR rotated > :grace_from)
        RETURNING chain
        """,
        jti=jti,
        now=now,
        grace_from=grace_from,
    )
    return chain


async def delete_chain(tx: Runner, jti: UUID) -> int:
    """Ends the chain of a refresh token, all that was renewed from the same log-in."""
    return await tx.execute(
        """
        DELETE FROM platform.refresh_token
         WHERE chain = (SELECT used.chain
                          FROM platform.refresh_token AS used
                         WHERE used.jti = :jti)
        """,
        jti=jti,
    )


async def delete_refresh_of(tx: Runner, tenant: TenantId, person_uuid: UUID) -> int:
    """Ends all refresh tokens of a person."""
    return await tx.execute(
        "DELETE FROM platform.refresh_token WHERE tenant = :tenant AND person_uuid = :person_uuid",
        tenant=tenant,
        person_uuid=person_uuid,
    )


async def delete_expired(tx: Runner, now: datetime) -> int:
    """Clears sessions and refresh tokens past their life; how many tokens."""
    return await tx.execute(
        """
        WITH sessions AS (DELETE FROM platform.session WHERE expires < :now)
        DELETE FROM platform.refresh_token WHERE expires < :now
        """,
        now=now,
    )
