"""Apps, codes and tokens as values, and how long each lasts."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import unquote
from uuid import UUID

ACCESS_LIFE = timedelta(hours=1)
REFRESH_LIFE = timedelta(days=30)
CODE_LIFE = timedelta(minutes=1)
GRACE = timedelta(minutes=1)
"""For so long a refresh token works on after it was used: a client may fire twice."""
KEPT = timedelta(days=1)
"""For so long after its end a token is told from one that never was."""


@dataclass(frozen=True, slots=True)
class App:
    """A registered application, as the token endpoint and the page of consent see it."""

    tenant: int
    id: int
    name: str
    website: str
    logo: str | None = field(repr=False)
    client_id: str
    secret_digest: bytes = field(repr=False)
    redirect_uris: list[str]
    master: bool


@dataclass(frozen=True, slots=True)
class Code:
    """An authorization code that was handed out."""

    digest: bytes = field(repr=False)
    tenant: int
    app: int
    person: int
    redirect_uri: str
    challenge: str | None
    challenge_method: str | None
    chain: UUID
    used: datetime | None
    expires: datetime


@dataclass(frozen=True, slots=True)
class Token:
    """An access or refresh token that was handed out. Without a person it is the system's."""

    digest: bytes = field(repr=False)
    tenant: int
    app: int
    person: int | None
    use: str
    chain: UUID
    rotated: datetime | None
    expires: datetime


def is_fresh(code: Code, app: App, now: datetime) -> bool:
    """Whether the app may exchange this code, as far as its age and use go."""
    return (code.tenant, code.app) == (app.tenant, app.id) and code.used is None and code.expires > now


def is_renewable(token: Token, app: App, now: datetime) -> bool:
    """Whether the app may renew by this refresh token: never used, or just now."""
    ours = (token.tenant, token.app, token.use) == (app.tenant, app.id, "refresh")
    return ours and token.expires > now and not is_stolen(token, now)


def is_stolen(token: Token, now: datetime) -> bool:
    """Whether a refresh token was used so long ago that its use now is somebody else's."""
    return token.rotated is not None and token.rotated + GRACE <= now


def same_address(shown: str | None, registered: str) -> bool:
    """Whether a redirect URI is the one meant; a client encodes it twice."""
    return shown is not None and registered in (shown, unquote(shown))
