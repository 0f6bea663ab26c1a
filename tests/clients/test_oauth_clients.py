"""Published OAuth clients against the real server: each grant as the library makes it, then a call with its token.

A person signs up, registers the apps and lets them in by the pages; nothing is put into the database by hand.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from oauthlib.oauth2 import (
    AccessDeniedError,
    BackendApplicationClient,
    InvalidGrantError,
    LegacyApplicationClient,
    MobileApplicationClient,
)
from requests_oauthlib import OAuth2Session

from tests.fixtures.program import Started, started

EMAIL, PASSWORD = "ada@example.org", "seven blue lanterns"
REDIRECT = "https://app.example.org/back"


@dataclass(frozen=True, slots=True)
class Registered:
    """An app as its page shows it, the server's addresses, and the browser of a person who lets it in."""

    client_id: str
    secret: str = field(repr=False)
    home: str
    browser: httpx.Client = field(repr=False)

    @property
    def authorize(self) -> str:
        return f"{self.home}/_oauth2/authorize"

    @property
    def token(self) -> str:
        return f"{self.home}/_oauth2/token"

    @property
    def me(self) -> str:
        return f"{self.home}/api3/member/me"

    def decided(self, url: str, decision: str = "allow") -> str:
        """Where the browser is sent back to, after the person has decided on the page at this address."""
        page = self.browser.get(url)
        assert page.status_code == 200, page.text
        action = _found(r'action="(/_oauth2/authorize[^"]*)"', page.text)
        csrf = _found(r'action="/_oauth2/authorize[^>]*>\s*<input[^>]*name="csrf" value="([^"]+)"', page.text)
        answer = self.browser.post(unescape(action), data={"csrf": csrf, "decision": decision})
        assert answer.status_code == 302, answer.text
        location: str = answer.headers["location"]
        return location


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """A server of its own, from nothing."""
    folder: Path = tmp_path_factory.mktemp("oauth")
    with started(folder / "server.log", "serve", "--data-dir", folder / "data") as server:
        yield server.ready()


@pytest.fixture(scope="module")
def browser(server: Started) -> Iterator[httpx.Client]:
    """The browser of somebody who has signed up."""
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=20) as http:
        person = {"email": EMAIL, "password": PASSWORD, "first_name": "Ada", "last_name": "Byron"}
        assert http.post("/register/", data=person).status_code == 303
        server.until(lambda: http.get("/apps/").status_code == 200)
        yield http


def _registered(browser: httpx.Client, name: str, **more: str) -> Registered:
    csrf = _found(r'name="csrf" value="([^"]+)"', browser.get("/apps/").text)
    form = {"csrf": csrf, "name": name, "redirect_uris": REDIRECT, **more}
    answer = browser.post("/apps/", data=form)
    assert answer.status_code == 303, answer.text
    page = browser.get(answer.headers["location"]).text
    client_id, secret = (_found(rf'id="client-{part}">([^<]+)<', page) for part in ("id", "secret"))
    return Registered(client_id, secret, str(browser.base_url).rstrip("/"), browser)


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found, text
    return found[1]


@pytest.fixture(scope="module")
def app(browser: httpx.Client) -> Registered:
    return _registered(browser, "Dashboard")


@pytest.fixture(scope="module")
def master(browser: httpx.Client) -> Registered:
    return _registered(browser, "Machine", master="yes")


@pytest.fixture(autouse=True)
def over_http(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both libraries refuse plain HTTP unless told so; on loopback there is nothing else."""
    for name in ("OAUTHLIB_INSECURE_TRANSPORT", "AUTHLIB_INSECURE_TRANSPORT"):
        monkeypatch.setenv(name, "1")


def who(session: Any, app: Registered) -> str:
    """Whose token the session has, by the API."""
    answer = session.get(app.me)
    assert answer.status_code == 200, answer.text
    email: str = answer.json()["member"]["email"]
    return email


def test_requests_oauthlib_by_a_code_with_pkce(app: Registered) -> None:
    with OAuth2Session(app.client_id, redirect_uri=REDIRECT, pkce="S256") as session:
        url, state = session.authorization_url(app.authorize)
        back = app.decided(url)
        token = session.fetch_token(app.token, authorization_response=back, client_secret=app.secret)
        assert f"state={state}" in back
        assert (token["token_type"].lower(), token["expires_in"]) == ("bearer", 3600)
        assert who(session, app) == EMAIL
        with pytest.raises(InvalidGrantError):
            session.fetch_token(app.token, authorization_response=back, client_secret=app.secret)


def test_requests_oauthlib_with_the_verifier_of_another_code_is_refused(app: Registered) -> None:
    with OAuth2Session(app.client_id, redirect_uri=REDIRECT, pkce="S256") as session:
        url, state = session.authorization_url(app.authorize)
        back = app.decided(url)
        session.authorization_url(app.authorize, state=state)
        with pytest.raises(InvalidGrantError):
            session.fetch_token(app.token, authorization_response=back, client_secret=app.secret)


def test_requests_oauthlib_is_told_that_the_person_denied(app: Registered) -> None:
    with OAuth2Session(app.client_id, redirect_uri=REDIRECT) as session:
        back = app.decided(session.authorization_url(app.authorize)[0], "deny")
        with pytest.raises(AccessDeniedError):
            session.fetch_token(app.token, authorization_response=back, client_secret=app.secret)


def test_requests_oauthlib_by_an_implicit_grant(app: Registered) -> None:
    with OAuth2Session(client=MobileApplicationClient(app.client_id), redirect_uri=REDIRECT) as session:
        token = session.token_from_fragment(app.decided(session.authorization_url(app.authorize)[0]))
        assert "refresh_token" not in token
        assert who(session, app) == EMAIL


def test_requests_oauthlib_by_password(app: Registered) -> None:
    with OAuth2Session(client=LegacyApplicationClient(app.client_id)) as session:
        given: dict[str, Any] = {"client_id": app.client_id, "client_secret": app.secret}
        session.fetch_token(app.token, username=EMAIL, password=PASSWORD, **given)
        assert who(session, app) == EMAIL
        with pytest.raises(InvalidGrantError):
            session.fetch_token(app.token, username=EMAIL, password="wrong", **given)


@pytest.mark.parametrize(("named", "status"), [({}, 404), ({"email": EMAIL}, 200)])
def test_requests_oauthlib_by_client_credentials(master: Registered, named: dict[str, Any], status: int) -> None:
    with OAuth2Session(client=BackendApplicationClient(master.client_id)) as session:
        session.fetch_token(master.token, client_id=master.client_id, client_secret=master.secret, **named)
        # The system itself is no member.
        assert session.get(master.me).status_code == status
        assert session.get(f"{master.home}/api3/campaign").json()["stats"]["current_page"] == 1


def test_requests_oauthlib_renews_by_itself_and_the_old_token_works_on_for_a_while(app: Registered) -> None:
    saved: list[dict[str, Any]] = []
    with OAuth2Session(
        client=LegacyApplicationClient(app.client_id),
        auto_refresh_url=app.token,
        auto_refresh_kwargs={"client_id": app.client_id, "client_secret": app.secret},
        token_updater=saved.append,
    ) as session:
        first = session.fetch_token(
            app.token, username=EMAIL, password=PASSWORD, client_id=app.client_id, client_secret=app.secret
        )
        session.token = {**first, "expires_in": -1, "expires_at": 1}
        assert who(session, app) == EMAIL
        [second] = saved
        assert all(first[name] != second[name] for name in ("access_token", "refresh_token"))
        # A second tab fires the same renewal.
        third = session.refresh_token(
            app.token, first["refresh_token"], client_id=app.client_id, client_secret=app.secret
        )
        assert who(session, app) == EMAIL
        assert third["access_token"] != second["access_token"]


def test_authlib_by_a_code_with_pkce(app: Registered) -> None:
    verifier = "v" * 64
    with AuthlibSession(app.client_id, app.secret, redirect_uri=REDIRECT, code_challenge_method="S256") as session:
        url, state = session.create_authorization_url(app.authorize, code_verifier=verifier)
        back = app.decided(url)
        token = session.fetch_token(app.token, authorization_response=back, state=state, code_verifier=verifier)
        assert (token["token_type"], token["expires_in"]) == ("Bearer", 3600)
        assert who(session, app) == EMAIL


def test_authlib_by_an_implicit_grant(app: Registered) -> None:
    with AuthlibSession(app.client_id, redirect_uri=REDIRECT) as session:
        url, state = session.create_authorization_url(app.authorize, response_type="token")
        token = session.fetch_token(authorization_response=app.decided(url), state=state)
        assert "refresh_token" not in token
        assert who(session, app) == EMAIL


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_authlib_by_password(app: Registered, method: str) -> None:
    with AuthlibSession(app.client_id, app.secret, token_endpoint_auth_method=method) as session:
        session.fetch_token(app.token, username=EMAIL, password=PASSWORD)
        assert who(session, app) == EMAIL


@pytest.mark.parametrize(("named", "status"), [({}, 404), ({"email": EMAIL}, 200)])
def test_authlib_by_client_credentials(master: Registered, named: dict[str, str], status: int) -> None:
    with AuthlibSession(master.client_id, master.secret) as session:
        session.fetch_token(master.token, grant_type="client_credentials", **named)
        assert session.get(master.me).status_code == status


def test_authlib_renews_by_itself(app: Registered) -> None:
    saved: list[tuple[dict[str, Any], str]] = []

    def save(token: dict[str, Any], refresh_token: str = "", access_token: str = "") -> None:
        saved.append((token, refresh_token))

    with AuthlibSession(app.client_id, app.secret, token_endpoint=app.token, update_token=save) as session:
        first = session.fetch_token(app.token, username=EMAIL, password=PASSWORD)
        session.token = {**first, "expires_at": 1}
        assert who(session, app) == EMAIL
        [(second, renewed)] = saved
        assert renewed == first["refresh_token"]
        assert all(first[name] != second[name] for name in ("access_token", "refresh_token"))
