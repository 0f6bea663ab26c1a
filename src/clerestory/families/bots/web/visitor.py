"""Who sits at a browser and tries a bot: a secret that the browser keeps, and how much one may say."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from clerestory.kernel.addresses import network
from clerestory.kernel.errors import Forbidden
from clerestory.kernel.links import PublicUrl
from clerestory.platform.limits import Bound, Limits
from clerestory.platform.tenancy import Scope

COOKIE = "visitor"
LIFE = timedelta(days=30)
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")

_WORDS = "That was too fast for the bot. Wait a minute, and go on."
PER_CHAT = Bound("bots-web-chat", 30, timedelta(minutes=1), _WORDS)
PER_NETWORK = Bound("bots-web-network", 120, timedelta(minutes=1), _WORDS)


@dataclass(frozen=True, slots=True)
class Guest:
    """Whoever has this secret is the chat's person. What is stored is the digest: nobody else can show the secret."""

    secret: str

    def __repr__(self) -> str:
        return "Guest(…)"

    @property
    def address(self) -> str:
        """Where the chat is, among the bot's."""
        return hashlib.sha256(self.secret.encode()).hexdigest()


def met(request: Request) -> Guest:
    """The guest whom the cookie names, or a new one."""
    shown = request.cookies.get(COOKIE, "")
    return Guest(shown if _SECRET.fullmatch(shown) else secrets.token_urlsafe(32))


def remember(scope: Scope, request: Request, guest: Guest, response: Response) -> Response:
    """The answer, with which the browser keeps the secret, for this bot alone."""
    response.set_cookie(
        COOKIE,
        guest.secret,
        max_age=int(LIFE.total_seconds()),
        path=f"/chat/{request.path_params['botId']}",
        httponly=True,
        samesite="lax",
        secure=scope.part(PublicUrl).secure,
    )
    return response


def require_same_site(scope: Scope, request: Request) -> None:
    """A form of another site comes without the cookie, and would give the browser a new one: it is refused."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    # Over plain http a browser says no more than where the page is from.
    ours = {request.headers.get("host"), urlsplit(scope.part(PublicUrl).root).netloc}
    good = (origin is None or urlsplit(origin).netloc in ours) if site is None else site in {"same-origin", "none"}
    if not good:
        raise Forbidden("This form was sent from another site.")


def network_of(request: Request) -> str:
    """The network that the request is from."""
    return network(request.client.host if request.client else "")


async def count(scope: Scope, request: Request, guest: Guest, now: datetime) -> None:
    """Counts one message. Raises RateLimited when it is one too many."""
    limits = scope.part(Limits)
    await limits.count(PER_CHAT, f"{scope.tenant.id}.{guest.address}", now)
    await limits.count(PER_NETWORK, network_of(request), now)
