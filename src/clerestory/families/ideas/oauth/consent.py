"""A member lets an app in, or does not: what the page of consent shows, and what its answer means."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from clerestory.families.ideas.oauth import engine, store
from clerestory.families.ideas.oauth.exchange import find_app, keep_access
from clerestory.families.ideas.oauth.model import ACCESS_LIFE, CODE_LIFE, App, Code, Token
from clerestory.kernel.errors import Forbidden, Unauthenticated
from clerestory.platform.tenancy import Scope, Tenant
from clerestory.platform.tokens.vault import digest


@dataclass(frozen=True, slots=True)
class Request:
    """A request for consent that can be asked: whose app, and where the browser will go."""

    tenant: Tenant
    app: App
    redirect_uri: str


async def requested(scope: Scope, fields: Mapping[str, str]) -> Request:
    """What these fields ask. Raises Unaskable, or what the tenant's state deserves."""
    found = await find_app(scope, fields.get("client_id", ""))
    redirect_uri = engine.check_request(None if found is None else found[1], fields)
    if found is None:
        raise engine.Unaskable("The client does not exist on this server.", None)
    return Request(*found, redirect_uri)


async def decide(scope: Scope, fields: Mapping[str, str], *, allowed: bool) -> str:
    """Where the browser is sent, with a code, a token or the refusal. Raises Unaskable, or Forbidden for a stranger."""
    asked = await requested(scope, fields)
    person = scope.actor.person_id
    if person is None:
        raise Unauthenticated
    if asked.tenant.id != scope.tenant.id:
        raise Forbidden("You are signed in to another organisation than the app's.")
    decision = engine.decide(asked.app, fields, person if allowed else None)
    app, now = asked.app, scope.now
    if decision.code is not None:
        code = Code(
            digest(decision.code),
            app.tenant,
            app.id,
            person,
            decision.redirect_uri,
            fields.get("code_challenge"),
            fields.get("code_challenge_method"),
            uuid4(),
            None,
            now + CODE_LIFE,
        )
        await store.insert_code(scope.database.direct(), code)
    if decision.access_token is not None:
        like = Token(b"", app.tenant, app.id, person, "access", uuid4(), None, now + ACCESS_LIFE)
        await keep_access(scope.database.direct(), like, decision.access_token, now)
    return decision.location
