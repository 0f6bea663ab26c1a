"""Pairs of an access and a refresh token. Refresh tokens rotate, and a stolen one ends the whole chain.

A used one still works for a minute, since clients renew in parallel; after that its use means theft.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from clerestory.kernel.errors import Expired
from clerestory.platform.database import Runner
from clerestory.platform.tenancy import Scope
from clerestory.platform.tokens import store
from clerestory.platform.tokens.gate import Gate
from clerestory.platform.tokens.jwt import Claims, Signer

GRACE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Pair:
    """What a log-in and a renewal hand out."""

    access: str
    refresh: str

    def __repr__(self) -> str:
        return "Pair(…)"


async def begin(scope: Scope, runner: Runner, person_uuid: UUID) -> Pair:
    """The first pair of a new chain, for somebody who was recognised just now."""
    return await _hand_out(scope, runner, person_uuid, uuid4())


async def rotate(scope: Scope, token: str) -> Pair:
    """The next pair for a refresh token of the scope's tenant. Raises Expired for everything else."""
    claims = await read(scope, token)
    if claims.use != "refresh":
        raise Expired
    async with scope.database.begin() as tx:
        chain = await store.rotate_refresh(tx, claims.jti, scope.now, scope.now - GRACE)
        if chain is not None:
            return await _hand_out(scope, tx, claims.person_uuid, chain)
        await store.delete_chain(tx, claims.jti)
    raise Expired


async def read(scope: Scope, token: str) -> Claims:
    """What a token of either kind says. Raises Expired unless it is good, of this tenant, and its person active."""
    claims = scope.part(Signer).read(token, scope.now)
    if claims.tenant != scope.tenant.id:
        raise Expired
    await scope.part(Gate).person(scope.tenant, claims.person_uuid)
    return claims


async def _hand_out(scope: Scope, runner: Runner, person_uuid: UUID, chain: UUID) -> Pair:
    signer, tenant = scope.part(Signer), scope.tenant.id
    access, _ = signer.sign(tenant, person_uuid, "access", scope.now)
    refresh, claims = signer.sign(tenant, person_uuid, "refresh", scope.now)
    await store.insert_refresh(
        runner, store.RefreshRow(claims.jti, tenant, person_uuid, chain, claims.expires), scope.now
    )
    return Pair(access, refresh)
