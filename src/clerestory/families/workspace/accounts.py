"""Log-in, registration of members, renewal and check of tokens, for the people of one tenant."""

from clerestory.families.workspace import wire
from clerestory.families.workspace.people import PROFILE
from clerestory.kernel.errors import Unauthenticated
from clerestory.platform.identity import login, people
from clerestory.platform.identity.login import Credentials
from clerestory.platform.identity.passwords import Passwords
from clerestory.platform.identity.person import AVATAR, EMAIL, FIRST_NAME, LAST_NAME
from clerestory.platform.resources import Field, Row, one, read_body, update
from clerestory.platform.tenancy import Right, Scope
from clerestory.platform.tokens import pairs

Body = dict[str, object]

LOGIN = (
    Field("email", required=True, longest=1024, doc="The address of a person of the tenant."),
    Field("password", required=True, secret=True, longest=1024),
)
REGISTER = (EMAIL, LOGIN[1], FIRST_NAME, LAST_NAME, AVATAR)
REFRESH = (Field("refresh", required=True, longest=4096),)
VERIFY = (Field("token", required=True, longest=4096),)


async def log_in(scope: Scope, body: Body, address: str) -> wire.Tokens:
    """A pair for the person of this e-mail and password. Raises Invalid, WrongPassword, RateLimited."""
    given = read_body(LOGIN, body)
    shown = Credentials(scope.tenant.schema, str(given["email"]), str(given["password"]), address)
    account = await login.recognise(scope, scope.tenant, shown)
    return _worded(await pairs.begin(scope, scope.database.direct(), account.uuid))


async def register(scope: Scope, body: Body) -> wire.Tokens:
    """A new member of the tenant, logged in. Raises ReadOnly, Forbidden, Invalid."""
    scope.require(Right.WRITE)
    given = read_body(REGISTER, body)
    avatar = given.get("avatar")
    newcomer = people.Newcomer(
        email=str(given["email"]),
        password=str(given["password"]),
        first_name=str(given.get("first_name", "")),
        last_name=str(given.get("last_name", "")),
        avatar=None if avatar is None else str(avatar),
    )
    password_hash = await people.hashed(scope.part(Passwords), newcomer.password)
    async with scope.begin() as tx:
        uuid = await people.join(tx, newcomer, password_hash, scope.now)
        pair = await pairs.begin(scope, tx, uuid)
    return _worded(pair)


async def refresh(scope: Scope, body: Body) -> wire.Tokens:
    """The next pair. Raises Invalid, Expired."""
    return _worded(await pairs.rotate(scope, str(read_body(REFRESH, body)["refresh"])))


async def verify(scope: Scope, body: Body) -> wire.Nothing:
    """Nothing, when the token is good. Raises Invalid, Expired."""
    await pairs.read(scope, str(read_body(VERIFY, body)["token"]))
    return wire.Nothing()


async def profile(scope: Scope) -> Row:
    """The record of whoever asks."""
    return await one(scope.direct(), PROFILE, _person(scope))


async def update_profile(scope: Scope, body: Body, *, whole: bool) -> Row:
    """The record of whoever asks, changed. Raises Invalid."""
    return await update(scope, PROFILE, _person(scope), body, whole=whole)


def _person(scope: Scope) -> int:
    if scope.actor.person_id is None:
        raise Unauthenticated
    return scope.actor.person_id


def _worded(pair: pairs.Pair) -> wire.Tokens:
    return wire.Tokens(pair.access, pair.refresh)
