"""What a credential is worth: which tenant, which actor. Every request of every surface passes here once."""

from dataclasses import dataclass
from uuid import UUID

from clerestory.kernel.clock import Clock
from clerestory.kernel.errors import Expired, Forbidden, Revoked, Unavailable, UnknownKey
from clerestory.platform.database import Listener
from clerestory.platform.tenancy import ANYONE, PUBLIC_TENANT, Actor, Kind, Right, State, Tenant
from clerestory.platform.tenancy.registry import Memory, Registry
from clerestory.platform.tokens import store
from clerestory.platform.tokens.jwt import Signer
from clerestory.platform.tokens.vault import digest

KEY_TOPIC = "key"
NOBODY = Actor(Kind.ANONYMOUS)
_MEMBER = frozenset({Right.READ})
_ALL = frozenset(Right)


@dataclass(frozen=True, slots=True)
class GateSettings:
    """How a request that names no tenant finds one."""

    default_tenant: str | None = None
    domain: str | None = None  # with "example.org", the host acme_123456.example.org picks that tenant


@dataclass(frozen=True, slots=True)
class Shown:
    """What a request shows of itself, unverified. Absent parts are None."""

    key: str | None = None
    access_token: str | None = None
    session: str | None = None

    def __repr__(self) -> str:
        return "Shown(…)"


@dataclass(frozen=True, slots=True)
class Bearer:
    """A verified request: its tenant and actor; `csrf` is set when a browser's session vouches for it."""

    tenant: Tenant
    actor: Actor
    csrf: str | None = None


class Gate:
    """Verifies credentials. Keys are remembered for seconds and forgotten at once when one is revoked."""

    def __init__(self, settings: GateSettings, clock: Clock, registry: Registry, signer: Signer) -> None:
        self._settings = settings
        self._clock = clock
        self._registry = registry
        self._signer = signer
        self._database = registry.database
        self._keys: Memory[store.KeyRow] = Memory()

    def heed(self, listener: Listener) -> "Gate":
        """Forgets keys whenever any process says that one was revoked; hands itself back."""
        listener.on(KEY_TOPIC, self._keys.forget)
        return self

    async def verify(self, shown: Shown, host: str) -> Bearer:
        """The tenant and actor of a request. Raises UnknownKey, Expired, Revoked, Forbidden or Unavailable.

        A key or token always outranks a session; a token must agree with the tenant that the rest names.
        """
        if shown.key is not None:
            tenant, key = await self._by_key(shown.key)
            actor = Actor(Kind.KEY, key.id, None, frozenset(map(Right, key.rights)), frozenset(key.flags))
            if shown.access_token is None:
                return Bearer(tenant, actor)
            person = await self._by_token(shown.access_token, tenant)
            return Bearer(tenant, Actor(Kind.PERSON, key.id, person.id, actor.rights, actor.flags))
        if shown.access_token is not None:
            tenant = await self._named(host)
            person = await self._by_token(shown.access_token, tenant)
            return Bearer(tenant, _person(person))
        if shown.session is not None:
            bearer = await self._by_session(shown.session)
            if bearer is not None:
                return bearer
        tenant = await self._named(host)
        return Bearer(tenant, ANYONE if tenant.public else NOBODY)

    async def _by_key(self, text: str) -> tuple[Tenant, store.KeyRow]:
        hashed = digest(text)
        key = self._keys.get(hashed)
        if key is None:
            moment = self._keys.moment
            found = await store.key_by_digest(self._database.direct(), hashed)
            if found is None:
                raise UnknownKey
            key = self._keys.put(hashed, found, moment)
        if key.revoked is not None:
            raise Revoked("This key was revoked.")
        if key.expires is not None and key.expires <= self._clock():
            raise Revoked("This key has expired.")
        return served(await self._registry.by_id(key.tenant)), key

    async def _by_token(self, token: str, tenant: Tenant) -> store.PersonRow:
        claims = self._signer.read(token, self._clock())
        if claims.use != "access" or claims.tenant != tenant.id:
            raise Expired
        return await self.person(tenant, claims.person_uuid)

    async def person(self, tenant: Tenant, person_uuid: UUID) -> store.PersonRow:
        """The active person that a token names. Raises Expired when there is none any more."""
        person = await store.active_person(self._database.direct(tenant.schema), person_uuid)
        if person is None:
            raise Expired
        return person

    async def _by_session(self, text: str) -> Bearer | None:
        session = await store.session_by_digest(self._database.direct(), digest(text), self._clock())
        if session is None:
            return None
        tenant = await self._registry.by_id(session.tenant)
        if tenant is None or tenant.state is not State.READY:
            return None
        person = await store.active_person(self._database.direct(tenant.schema), session.person_uuid)
        return None if person is None else Bearer(tenant, _person(person), session.csrf)

    async def _named(self, host: str) -> Tenant:
        domain = self._settings.domain
        if domain and host.endswith("." + domain):
            tenant = await self._registry.by_name(host.removesuffix("." + domain))
            if tenant is not None:
                return served(tenant)
        if self._settings.default_tenant:
            return served(await self._registry.by_name(self._settings.default_tenant))
        return PUBLIC_TENANT


def served(tenant: Tenant | None) -> Tenant:
    """The tenant that a credential names. Raises UnknownKey, Forbidden or Unavailable where it is not served."""
    if tenant is None:
        raise UnknownKey
    if tenant.state is State.SUSPENDED:
        raise Forbidden("This organisation is suspended.")
    if tenant.state is not State.READY:
        raise Unavailable(f"The tenant is being set up ({tenant.state.value}).")
    return tenant


def _person(person: store.PersonRow) -> Actor:
    return Actor(Kind.PERSON, None, person.id, _ALL if person.administrator else _MEMBER)
