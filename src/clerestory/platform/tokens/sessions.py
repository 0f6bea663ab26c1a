"""Sessions of browsers: opened by a log-in to a client, bound to its tenant on the server's side, ended at once."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from clerestory.kernel import ids
from clerestory.kernel.errors import WrongPassword
from clerestory.platform.database import Runner
from clerestory.platform.identity import people
from clerestory.platform.identity.passwords import Passwords
from clerestory.platform.tenancy import PUBLIC_TENANT, Scope, State, Tenant, TenantId
from clerestory.platform.tenancy.registry import Registry
from clerestory.platform.tokens import store
from clerestory.platform.tokens.attempts import Attempt, Attempts
from clerestory.platform.tokens.vault import digest

COOKIE = "sessionid"
SESSION_LIFE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a log-in form says, and the address it came from. `client` is the tenant's client name or schema."""

    client: str
    email: str
    password: str = field(repr=False)
    address: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was just opened; `text` goes into the cookie, `csrf` into forms."""

    text: str = field(repr=False)
    csrf: str = field(repr=False)
    expires: datetime
    person_uuid: UUID


async def log_in(scope: Scope, shown: Credentials) -> Opened:
    """A session in the named client. Raises RateLimited, and WrongPassword for any other cause, as slowly for each."""
    tenant = await scope.part(Registry).by_name(shown.client) if shown.client else None
    account = await recognise(scope, tenant, shown)
    return await begin(scope, (tenant or PUBLIC_TENANT).id, account.uuid)


async def begin(scope: Scope, tenant: TenantId, person_uuid: UUID) -> Opened:
    """A session for a person who has shown who they are: at log-in, or right after registration."""
    opened = Opened(secrets.token_urlsafe(32), ids.new_secret(), scope.now + SESSION_LIFE, person_uuid)
    row = store.SessionRow(tenant, person_uuid, opened.csrf, opened.expires)
    await store.insert_session(scope.database.direct(), digest(opened.text), row)
    return opened


async def recognise(scope: Scope, tenant: Tenant | None, shown: Credentials) -> people.Account:
    """The person of the tenant whose e-mail and password these are. Raises as `log_in`."""
    attempts, attempt = scope.part(Attempts), Attempt(shown.client, shown.email, shown.address)
    await attempts.begin(attempt, scope.now)
    passwords = scope.part(Passwords)
    # People of the public schema log in nowhere: everybody reads it.
    if tenant is None or tenant.public or tenant.state is not State.READY:
        await passwords.verify(None, shown.password)
        raise WrongPassword
    account = await people.recognise(scope.database, tenant.schema, passwords, shown.email, shown.password)
    await attempts.succeeded(attempt)
    return account


async def log_out(runner: Runner, text: str) -> None:
    """Ends one session, whose cookie's text this is; an unknown one is ended already."""
    await store.delete_session(runner, digest(text))


async def log_out_everywhere(runner: Runner, tenant: TenantId, person_uuid: UUID) -> None:
    """Ends all sessions of a person, and the refresh tokens; access tokens end by themselves in five minutes."""
    await store.delete_sessions_of(runner, tenant, person_uuid)
    await store.delete_refresh_of(runner, tenant, person_uuid)
