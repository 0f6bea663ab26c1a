"""The token endpoint: a code, a refresh token, a password or an app's own credentials for tokens.

What the engine needs is read first; what it hands out is kept before it is answered.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

from clerestory.families.ideas.oauth import engine, store
from clerestory.families.ideas.oauth.model import (
    ACCESS_LIFE,
    REFRESH_LIFE,
    App,
    Token,
    is_fresh,
    is_renewable,
    is_stolen,
    same_address,
)
from clerestory.families.ideas.oauth.tokens import revoke_chain
from clerestory.families.ideas.problems import NoSuchMember
from clerestory.kernel.errors import WrongPassword
from clerestory.kernel.values import storable
from clerestory.platform.database import Runner
from clerestory.platform.identity import login
from clerestory.platform.identity.login import Credentials
from clerestory.platform.tenancy import Scope, Tenant
from clerestory.platform.tenancy.registry import Registry
from clerestory.platform.tokens.gate import served
from clerestory.platform.tokens.vault import digest


@dataclass(frozen=True, slots=True)
class Shown:
    """A token request: its fields, and the address it came from."""

    fields: Mapping[str, str] = field(repr=False)
    address: str

    def field(self, name: str) -> str:
        """A field, empty where it is absent."""
        return self.fields.get(name, "")


class Refused(Exception):
    """The engine's refusal, in the words of RFC 6749."""

    def __init__(self, answer: engine.Answer) -> None:
        self.answer = answer
        super().__init__(answer.status)


@dataclass(frozen=True, slots=True)
class Granted:
    """What a token request got."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_in: int


async def exchange(scope: Scope, shown: Shown) -> Granted:
    """Tokens for what was shown. Raises Refused, NoSuchMember, RateLimited, or what the tenant's state deserves."""
    found = await find_app(scope, shown.field("client_id"))
    app = None if found is None else found[1]
    known = engine.Known(app)
    if app is not None and engine.secret_is_right(app, shown.field("client_secret")):
        known = await _known(scope, app, shown)
        shown = replace(shown, fields=_readdressed(shown.fields, known))
    answer = engine.exchange(known, shown.fields)
    if answer.status != 200:
        raise Refused(answer)
    if app is None or known.user is None:
        raise NoSuchMember
    return await _keep(scope, app, known, answer)


async def find_app(scope: Scope, client_id: str) -> tuple[Tenant, App] | None:
    """The app with this client id, in whatever tenant. Raises what the tenant's state deserves."""
    place = await store.client(scope.database.direct(), client_id) if client_id and storable(client_id) else None
    if place is None:
        return None
    tenant = served(await scope.part(Registry).by_id(place[0]))
    app = await store.app(scope.database.direct(tenant.schema), *place)
    return None if app is None else (tenant, app)


async def keep_access(runner: Runner, like: Token, text: str, now: datetime) -> None:
    """Keeps an access token of the same tenant, app, person and chain."""
    await store.insert_token(
        runner, replace(like, digest=digest(text), use="access", rotated=None, expires=now + ACCESS_LIFE)
    )


async def _known(scope: Scope, app: App, shown: Shown) -> engine.Known:
    """What the engine needs for this grant."""
    tenant = served(await scope.part(Registry).by_id(app.tenant))
    match shown.field("grant_type"):
        case "authorization_code":
            return await _by_code(scope, tenant, app, shown)
        case "refresh_token":
            return await _by_refresh(scope, tenant, app, shown)
        case "password":
            return await _by_password(scope, tenant, app, shown)
        case "client_credentials":
            return await _by_app(scope, tenant, app, shown)
    return engine.Known(app)


async def _by_code(scope: Scope, tenant: Tenant, app: App, shown: Shown) -> engine.Known:
    code = await store.code(scope.database.direct(), digest(shown.field("code")))
    if code is None or not is_fresh(code, app, scope.now):
        if code is not None and code.used is not None and (code.tenant, code.app) == (app.tenant, app.id):
            # Shown a second time: whoever has the tokens of the first may be a thief.
            await revoke_chain(scope.database.direct(), code.chain)
        return engine.Known(app)
    active = await store.administers(scope.database.direct(tenant.schema), code.person)
    return engine.Known(app, code=code, user=None if active is None else code.person)


async def _by_refresh(scope: Scope, tenant: Tenant, app: App, shown: Shown) -> engine.Known:
    token = await store.token(scope.database.direct(), digest(shown.field("refresh_token")))
    if token is None or token.person is None or not is_renewable(token, app, scope.now):
        if token is not None and (token.tenant, token.app) == (app.tenant, app.id) and is_stolen(token, scope.now):
            await revoke_chain(scope.database.direct(), token.chain)
        return engine.Known(app)
    active = await store.administers(scope.database.direct(tenant.schema), token.person)
    return engine.Known(app, refresh=token, user=None if active is None else token.person)


async def _by_password(scope: Scope, tenant: Tenant, app: App, shown: Shown) -> engine.Known:
    credentials = Credentials(tenant.client, shown.field("username"), shown.field("password"), shown.address)
    try:
        account = await login.recognise(scope, tenant, credentials)
    except WrongPassword:
        return engine.Known(app)
    return engine.Known(app, user=account.id)


async def _by_app(scope: Scope, tenant: Tenant, app: App, shown: Shown) -> engine.Known:
    email = shown.field("email").strip()
    if not email:
        return engine.Known(app, user=engine.SYSTEM)
    person = None
    if app.master and storable(email):
        person = await store.person_by_email(scope.database.direct(tenant.schema), email)
    return engine.Known(app, user=person)


def _readdressed(fields: Mapping[str, str], known: engine.Known) -> Mapping[str, str]:
    """The fields with the redirect URI as it was registered, where it only was encoded once more."""
    if known.code is None or not same_address(fields.get("redirect_uri"), known.code.redirect_uri):
        return fields
    return {**fields, "redirect_uri": known.code.redirect_uri}


async def _keep(scope: Scope, app: App, known: engine.Known, answer: engine.Answer) -> Granted:
    """Keeps what was handed out, in the transaction that uses up what it was handed out for."""
    now, refresh = scope.now, answer.body.get("refresh_token")
    person = known.user if isinstance(known.user, int) else None
    granted = Granted(answer.body["access_token"], refresh, int(answer.body["expires_in"]))
    async with scope.database.begin() as tx:
        if known.code is not None and not await store.use_code(tx, known.code.digest, now):
            raise Refused(_beaten())
        if known.refresh is not None and not await store.rotate(tx, known.refresh.digest, now):
            raise Refused(_beaten())
        like = Token(b"", app.tenant, app.id, person, "refresh", _chain(known), None, now + REFRESH_LIFE)
        await keep_access(tx, like, granted.access_token, now)
        if refresh is not None:
            await store.insert_token(tx, replace(like, digest=digest(refresh)))
    return granted


def _chain(known: engine.Known) -> UUID:
    if known.code is not None:
        return known.code.chain
    return known.refresh.chain if known.refresh is not None else uuid4()


def _beaten() -> engine.Answer:
    """Another request was faster with the same code, or ended the chain."""
    return engine.Answer(400, {"error": "invalid_grant", "error_description": "It was used already."}, ())
