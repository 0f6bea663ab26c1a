"""From a request to who makes it: the header, cut as the original cuts it, and Facebook's word for the token."""

from starlette.requests import Request

from clerestory.families.bots.model import NoHeader
from clerestory.families.bots.signin.identities import Identities
from clerestory.families.bots.signin.model import Identity
from clerestory.platform.tenancy import Scope

_SCHEME = len("Bearer ")


async def sign_in(scope: Scope, request: Request) -> Identity:
    """Who calls. Raises NoHeader, FacebookRefused, FacebookDown, FacebookUnset. Source: dialects/bots.md."""
    header = request.headers.get("authorization", "")
    if not header:
        raise NoHeader
    # The scheme is not looked at: its place is cut off, whatever stands there.
    return await scope.part(Identities).of(scope, header[_SCHEME:])
