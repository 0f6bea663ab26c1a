"""Log-in: who an e-mail and a password are in a client, and the session that begins with it. Failures are counted."""

from dataclasses import dataclass, field

from clerestory.kernel.errors import WrongPassword
from clerestory.platform.identity import people
from clerestory.platform.identity.passwords import Passwords
from clerestory.platform.tenancy import PUBLIC_TENANT, Scope, State, Tenant
from clerestory.platform.tenancy.registry import Registry
from clerestory.platform.tokens import sessions
from clerestory.platform.tokens.attempts import Attempt, Attempts
from clerestory.platform.tokens.sessions import Opened


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a log-in form says, and the address it came from. `client` is the tenant's client name or schema."""

    client: str
    email: str
    password: str = field(repr=False)
    address: str = ""


async def log_in(scope: Scope, shown: Credentials) -> Opened:
    """A session in the named client. Raises RateLimited, and WrongPassword for any other cause, as slowly for each."""
    tenant = await scope.part(Registry).by_name(shown.client) if shown.client else None
    account = await recognise(scope, tenant, shown)
    return await sessions.begin(scope, (tenant or PUBLIC_TENANT).id, account.uuid)


async def recognise(scope: Scope, tenant: Tenant | None, shown: Credentials) -> people.Account:
    """The person of the tenant whose e-mail and password these are. Raises as `log_in`."""
    # A client has two names, and its people's failures are counted together.
    client = shown.client if tenant is None else tenant.schema
    attempts, attempt = scope.part(Attempts), Attempt(client, shown.email, shown.address)
    await attempts.begin(attempt, scope.now)
    passwords = scope.part(Passwords)
    # People of the public schema log in nowhere: everybody reads it.
    if tenant is None or tenant.public or tenant.state is not State.READY:
        await passwords.verify(None, shown.password)
        raise WrongPassword
    account = await people.recognise(scope.database, tenant.schema, passwords, shown.email, shown.password)
    await attempts.succeeded(attempt)
    return account
