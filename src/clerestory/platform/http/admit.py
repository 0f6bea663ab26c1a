"""From what a request shows to the Scope it runs in. What a credential is worth, tokens decide."""

import hmac
from dataclasses import dataclass, replace

from starlette.requests import Request

from clerestory.kernel.clock import Clock
from clerestory.kernel.errors import Forbidden, Unauthenticated
from clerestory.platform.http.body import form_of
from clerestory.platform.http.dialect import Dialect
from clerestory.platform.http.route import Access
from clerestory.platform.tenancy import ANYONE, PUBLIC_TENANT, Kind, Parts, Right, Scope
from clerestory.platform.tokens import Bearer, Gate

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True, slots=True)
class Door:
    """Makes the Scope of each request."""

    gate: Gate
    clock: Clock
    parts: Parts

    async def admit(self, access: Access, dialect: Dialect, request: Request) -> Scope:
        """The scope for a route with this access. Raises what the credentials deserve."""
        request_id: str = request.scope.get("clerestory.request_id", "")
        shown = dialect.shown(request)
        if access is Access.OPEN:
            return Scope(PUBLIC_TENANT, ANYONE, self.clock, self.parts, request_id)
        if access is Access.NAMED:
            # Clients send an access token that has run out with the very request that renews it.
            shown = replace(shown, access_token=None)
        bearer = await self.gate.verify(shown, request.url.hostname or "")
        await _refuse_forgery(bearer, request)
        actor = bearer.actor
        if access is Access.NAMED:
            return Scope(bearer.tenant, actor, self.clock, self.parts, request_id)
        if access is not Access.CATALOGUE and actor.kind is Kind.ANONYMOUS:
            raise Unauthenticated
        if access is Access.CATALOGUE and not actor.may(Right.READ):
            raise Unauthenticated
        if access is Access.PERSON and actor.person_id is None:
            raise Unauthenticated
        return Scope(bearer.tenant, actor, self.clock, self.parts, request_id)


async def _refuse_forgery(bearer: Bearer, request: Request) -> None:
    """A browser sends its cookie with a forged form too; the session's own token it does not know."""
    if bearer.csrf is None or request.method in _SAFE:
        return
    shown = request.headers.get("x-csrftoken", "")
    if not shown and request.headers.get("content-type", "").startswith(_FORMS):
        shown = str((await form_of(request)).get("csrf", ""))
    if not hmac.compare_digest(shown.encode(), bearer.csrf.encode()):
        raise Forbidden("The form has expired. Reload the page and try again.")
