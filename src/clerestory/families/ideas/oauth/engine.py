"""RFC 6749 and 7636 by Authlib, over what was read from the database beforehand: its engine cannot wait.

It decides and hands out texts; what is kept of that, its caller keeps.
"""

import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, OAuth2Request, grants
from authlib.oauth2.rfc6749.errors import InvalidGrantError, OAuth2Error
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7636 import CodeChallenge

from clerestory.families.ideas.oauth.model import ACCESS_LIFE, App, Code, Token
from clerestory.platform.tokens.vault import digest

# Basic credentials are put among the fields before: the engine reads a header that is no UTF-8 badly.
_METHODS = ["client_secret_post"]
SYSTEM = object()
"""Who a token of client credentials without an e-mail acts as."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was read beforehand, and found good: absent is what is not there or has run out. `user` is who signs in."""

    app: App | None
    code: Code | None = None
    refresh: Token | None = None
    user: object = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine says. `body` holds the tokens of a success, or an error's `error` and `error_description`."""

    status: int
    body: Mapping[str, Any] = field(repr=False)
    headers: Sequence[tuple[str, str]] = field(repr=False)

    @property
    def location(self) -> str | None:
        """Where a browser is sent."""
        return dict(self.headers).get("Location")


class _Client(ClientMixin):
    """An app as the engine asks for one."""

    def __init__(self, app: App) -> None:
        self.app = app

    def get_client_id(self) -> str:
        return self.app.client_id

    def get_default_redirect_uri(self) -> str:
        return self.app.redirect_uris[0] if len(self.app.redirect_uris) == 1 else ""

    def get_allowed_scope(self, scope: str | None) -> str:
        return ""

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.app.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        return hmac.compare_digest(digest(client_secret), self.app.secret_digest)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        # "none" is tried for an implicit grant alone, whose app has no secret to show.
        return method in (*_METHODS, "none")

    def check_response_type(self, response_type: str) -> bool:
        return response_type in ("code", "token")

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type != "client_credentials" or self.app.master


class _Asked(OAuth2Request):
    """A request as the engine reads one."""

    def __init__(self, method: str, fields: Mapping[str, str]) -> None:
        # Whether the way here is safe, the server's front decides; the engine would refuse plain HTTP.
        super().__init__(method, "https://localhost/")
        self.payload = BasicOAuth2Payload(dict(fields))

    @property
    def form(self) -> dict[str, str]:
        return dict(self.payload.data)

    @property
    def args(self) -> dict[str, str]:
        return dict(self.payload.data)


class _StoredCode:
    """A code as the engine asks for one."""

    def __init__(self, code: Code) -> None:
        self.code_challenge = code.challenge
        self.code_challenge_method = code.challenge_method
        self._redirect_uri = code.redirect_uri

    def get_redirect_uri(self) -> str:
        return self._redirect_uri

    def get_scope(self) -> str:
        return ""


class _StoredToken:
    """A refresh token as the engine asks for one; that it is the app's, was looked at before."""

    def check_client(self, _client: object) -> bool:
        return True

    def get_scope(self) -> str:
        return ""


class _CodeGrant(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = _METHODS

    def generate_authorization_code(self) -> str:
        return secrets.token_hex(20)

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        self.server.code = code

    def query_authorization_code(self, code: str, client: object) -> _StoredCode | None:
        known: Known = self.server.known
        return None if known.code is None else _StoredCode(known.code)

    def delete_authorization_code(self, authorization_code: object) -> None:
        """It is marked as used where the tokens are kept."""

    def authenticate_user(self, authorization_code: object) -> object:
        return self.server.known.user


class _RefreshGrant(grants.RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = _METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> _StoredToken | None:
        known: Known = self.server.known
        return None if known.refresh is None or known.user is None else _StoredToken()

    def authenticate_user(self, refresh_token: object) -> object:
        return self.server.known.user

    def revoke_old_credential(self, refresh_token: object) -> None:
        """Its grace begins where the tokens are kept."""


class _PasswordGrant(grants.ResourceOwnerPasswordCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = _METHODS

    def authenticate_user(self, username: str, password: str) -> object:
        user = self.server.known.user
        if user is None:
            raise InvalidGrantError("No active member was found with the given credentials.")
        return user


class _SystemGrant(grants.ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = _METHODS


class _Engine(AuthorizationServer):
    """Authlib's server for one request."""

    def __init__(self, known: Known) -> None:
        super().__init__()
        self.known = known
        self.code: str | None = None
        life = int(ACCESS_LIFE.total_seconds())
        self.register_token_generator("default", BearerTokenGenerator(_new_text, _new_text, life))
        self.register_grant(_CodeGrant, [CodeChallenge(required=False)])
        for grant in (grants.ImplicitGrant, _RefreshGrant, _PasswordGrant, _SystemGrant):
            self.register_grant(grant)

    def query_client(self, client_id: str) -> _Client | None:
        app = self.known.app
        return None if app is None or app.client_id != client_id else _Client(app)

    def save_token(self, token: object, request: object) -> None:
        """Kept by the caller."""

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: OAuth2Request) -> OAuth2Request:
        return request

    def handle_response(self, status: int, body: Any, headers: Sequence[tuple[str, str]]) -> Answer:
        return Answer(status, dict(body) if body else {}, headers)


def _new_text(**_of: object) -> str:
    """An access or refresh token: 160 random bits in 40 hexadecimal digits."""
    return secrets.token_hex(20)


def exchange(known: Known, fields: Mapping[str, str]) -> Answer:
    """The token endpoint's answer to these fields."""
    answer: Answer = _Engine(known).create_token_response(_Asked("POST", fields))
    return answer


def secret_is_right(app: App, secret: str) -> bool:
    """Whether this is the app's secret."""
    return _Client(app).check_client_secret(secret)


@dataclass(frozen=True, slots=True)
class Decision:
    """What comes of a consent: where the browser goes, and the code or token that goes with it, if any."""

    location: str = field(repr=False)
    redirect_uri: str
    code: str | None = field(default=None, repr=False)
    access_token: str | None = field(default=None, repr=False)


class Unaskable(Exception):
    """A request for consent that cannot be asked. With a location, the app is told there; else whoever sees it."""

    def __init__(self, text: str, location: str | None) -> None:
        self.text = text
        self.location = location
        super().__init__(text)


def check_request(app: App | None, fields: Mapping[str, str]) -> str:
    """The address that the browser would be sent back to. Raises Unaskable."""
    return str(_consent(_Engine(Known(app)), _Asked("GET", fields)).redirect_uri)


def decide(app: App, fields: Mapping[str, str], user: object) -> Decision:
    """What a member's consent means (None: refused). Raises Unaskable."""
    engine, asked = _Engine(Known(app)), _Asked("POST", fields)
    grant = _consent(engine, asked)
    answer: Answer = engine.create_authorization_response(asked, grant_user=user, grant=grant)
    fragment = dict(parse_qsl(urlsplit(answer.location or "").fragment))
    return Decision(answer.location or "", grant.redirect_uri, engine.code, fragment.get("access_token"))


def _consent(engine: _Engine, asked: _Asked) -> Any:
    """The grant that this request asks consent for."""
    try:
        return engine.get_consent_grant(asked)
    except OAuth2Error as error:
        _, _, headers = error()
        raise Unaskable(error.get_error_description() or error.error, dict(headers).get("Location")) from error
