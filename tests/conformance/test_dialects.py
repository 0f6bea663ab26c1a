"""Every surface says every problem in its own words and in nobody else's."""

from collections.abc import Iterator, Mapping

import httpx
import msgspec
import pytest
from starlette.requests import Request

from clerestory.app import Application
from clerestory.families.bots.dialect import BotsDialect
from clerestory.families.escalation.dialect import EscalationDialect
from clerestory.families.ideas.dialect import IdeasDialect
from clerestory.families.ideas.oauth.dialect import GrantDialect
from clerestory.families.workspace.dialect import WorkspaceDialect
from clerestory.kernel import errors
from clerestory.kernel.errors import PROBLEMS, Problem
from clerestory.platform.http import Access, Dialect, Route, Surface
from clerestory.platform.tokens import Vault, keys
from clerestory.platform.web import HtmlDialect
from tests.conformance.speech import (
    BOTS,
    ESCALATION,
    GRANT,
    IDEAS,
    REQUEST_ID,
    SPEECHES,
    WORKSPACE,
    Bodies,
    Speech,
    made,
)
from tests.conformance.surfaces import filled, methods_of, named, surfaces_of
from tests.families.bots.tower import ANN
from tests.fixtures.tenants import TestTenant

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
WRITES = ("POST", "PUT", "PATCH", "DELETE")
UNKNOWN = "0b0c8ad1-4b49-4a0c-9e0f-9c2f2f1f4f3e"
KEYED = (EscalationDialect, IdeasDialect, WorkspaceDialect)


def asked(method: str = "POST") -> Request:
    scope = {"type": "http", "headers": [], "method": method, "path": "/", "clerestory.request_id": REQUEST_ID}
    return Request({**scope, "query_string": b"", "server": ("clerestory.test", 80)})


def speech_of(surface: Surface) -> Speech:
    return SPEECHES[type(surface.dialect)]


def routes_of(application: Application) -> Iterator[tuple[Surface, Route]]:
    for surface in surfaces_of(application):
        for route in surface.routes:
            yield surface, route


def closed(application: Application) -> Iterator[tuple[Surface, Route]]:
    """The routes of which the gate decides who comes in."""
    for surface, route in routes_of(application):
        if route.access not in (Access.OPEN, Access.NAMED):
            yield surface, route


def expect(surface: Surface, answer: httpx.Response, problem: type[Problem], at: str) -> None:
    """The answer says this problem, in this surface's words."""
    expect_heading(surface, answer, speech_of(surface).heading(problem), at)


def expect_heading(surface: Surface, answer: httpx.Response, heading: tuple[int, str], at: str) -> None:
    found = (answer.status_code, answer.headers["content-type"])
    assert found == heading, f"{at}: {answer.text[:300]}"
    assert speech_of(surface).spoken(answer), f"{at}: {answer.text[:300]}"


def test_the_set_of_problems_is_closed() -> None:
    waiting, found = [Problem], set()
    while waiting:
        kinds = [kind for kind in waiting.pop().__subclasses__() if kind.__module__ == errors.__name__]
        found.update(kinds)
        waiting += kinds
    assert found == set(PROBLEMS)


async def test_every_surface_speaks_a_known_dialect(application: Application) -> None:
    assert {type(surface.dialect) for surface in surfaces_of(application)} == set(SPEECHES)


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("dialect", SPEECHES, ids=lambda dialect: dialect.__name__)
def test_every_dialect_knows_every_problem(dialect: type[Dialect], problem: type[Problem]) -> None:
    answer = dialect().answer(made(problem), asked())
    assert (answer.status_code, answer.headers["content-type"]) == SPEECHES[dialect].heading(problem)
    retry = "7" if problem is errors.RateLimited else "5" if problem is errors.Unavailable else None
    assert answer.headers.get("retry-after") == retry
    assert answer.headers.get("allow") == ("GET, POST" if problem is errors.WrongMethod else None)


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize(
    ("dialect", "bodies"),
    [
        (EscalationDialect(), ESCALATION),
        (IdeasDialect(), IDEAS),
        (GrantDialect(), GRANT),
        (WorkspaceDialect(), WORKSPACE),
        (BotsDialect(), BOTS),
    ],
    ids=type,
)
def test_the_body_of_every_problem(dialect: Dialect, bodies: Bodies, problem: type[Problem]) -> None:
    answer = dialect.answer(made(problem), asked())
    assert (answer.status_code, msgspec.json.decode(answer.body)) == bodies[problem]


async def test_an_unknown_path_is_answered_by_whose_prefix_it_has(
    application: Application, client: httpx.AsyncClient
) -> None:
    for surface in surfaces_of(application):
        for prefix in surface.prefixes:
            for method in METHODS:
                path = f"{prefix}/no/such/thing/"
                answer = await client.request(method, path)
                expect(surface, answer, errors.NoSuchEndpoint, f"{method} {path}")


async def test_a_path_that_is_nobodys_is_answered_in_the_words_of_who_asks(client: httpx.AsyncClient) -> None:
    expected = ESCALATION[errors.NoSuchEndpoint]
    for path in ("/nowhere", "/apis/v1/people/", "//api/v1/people/", "/API/v1/people/", "/static", "/x%2Fapi%2Fv1"):
        # With the host: else the client takes what follows two slashes for one.
        answer = await client.get(f"http://clerestory.test{path}")
        assert (answer.status_code, answer.json()) == expected, path
    page = await client.get("/nowhere", headers={"Accept": "text/html,*/*"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")


async def test_a_wrong_method_is_told_the_right_ones(application: Application, client: httpx.AsyncClient) -> None:
    for surface in surfaces_of(application):
        for path, allowed in methods_of(surface).items():
            for method in {*METHODS, "OPTIONS", "TRACE"} - allowed:
                answer = await client.request(method, path)
                expect(surface, answer, errors.WrongMethod, f"{method} {path}")
                assert answer.headers["allow"] == ", ".join(sorted(allowed)), f"{method} {path}"


async def test_without_a_credential_nobody_is_let_in(application: Application, client: httpx.AsyncClient) -> None:
    for surface, route in closed(application):
        answer = await client.request(route.method, filled(route.path))
        if isinstance(surface.dialect, HtmlDialect) and route.method == "GET":
            found = (answer.status_code, answer.headers["location"].partition("=")[0])
            assert found == (303, "/login/?next"), named(surface, route)
        elif route.access is Access.CATALOGUE and route.method in WRITES:
            expect(surface, answer, errors.ReadOnly, named(surface, route))
        elif route.access is not Access.CATALOGUE:
            expect(surface, answer, errors.Unauthenticated, named(surface, route))


@pytest.mark.parametrize("which", ["unknown", "revoked"])
async def test_a_key_that_is_not_good_is_refused(
    application: Application, tenant: TestTenant, client: httpx.AsyncClient, which: str
) -> None:
    key, problem = (UNKNOWN, errors.UnknownKey) if which == "unknown" else (await revoked(tenant), errors.Revoked)
    for surface, route in closed(application):
        if isinstance(surface.dialect, KEYED):
            answer = await client.request(route.method, filled(route.path), headers=credentials(surface, key))
            expect(surface, answer, problem, named(surface, route))
        elif isinstance(surface.dialect, HtmlDialect):
            answer = await client.request("POST", filled(route.path), headers={"Api-Key": tenant.api_key})
            assert answer.status_code in (401, 405), f"a page was opened with a key: {named(surface, route)}"


async def revoked(tenant: TestTenant) -> str:
    async with tenant.scope.begin() as tx:
        issued = await keys.issue(tx, tenant.scope.part(Vault), tenant.tenant.id, "short-lived")
        await keys.revoke(tx, tenant.tenant.id, issued.id, tenant.scope.now)
    return issued.text


def credentials(surface: Surface, key: str) -> Mapping[str, str]:
    """The key in a header that the surface reads."""
    assert surface.spoken is not None
    schemes = surface.spoken.credentials.values()
    return {scheme["name"]: key for scheme in schemes if (scheme["type"], scheme.get("in")) == ("apiKey", "header")}


def with_bodies(application: Application) -> Iterator[tuple[Surface, Route]]:
    for surface, route in routes_of(application):
        if route.request is not None and route.access is not Access.PERSON:
            yield surface, route


UNPARSEABLE = (b"{", b"\xff", b'{"a": NaN}')
UNFIT = (b"[]", b"[" * 60_000)


async def test_a_broken_body_is_refused(application: Application, tenant: TestTenant) -> None:
    await join_bots(tenant)
    for surface, route in with_bodies(application):
        speech = speech_of(surface)
        for body in (*UNPARSEABLE, *UNFIT):
            answer, at = await sent(tenant, surface, route, body), f"{named(surface, route)} {body[:9]!r}"
            if body in UNPARSEABLE and speech.unparseable is not None:
                expect_heading(surface, answer, speech.unparseable, at)
            elif "{id" not in route.path and not reads_no_further(route):
                expect(surface, answer, errors.Invalid, at)


def reads_no_further(route: Route) -> bool:
    """A new bot is made of nothing, so any JSON will do. Source: dialects/bots.md."""
    return route.method == "POST" and route.path.endswith("/bots")


async def test_a_body_is_refused_to_nobody_who_has_not_signed_in(application: Application, tenant: TestTenant) -> None:
    for surface, route in with_bodies(application):
        if isinstance(surface.dialect, BotsDialect):
            for body in (*UNPARSEABLE, *UNFIT, b" " * (surface.max_body_bytes + 1)):
                answer = await tenant.http.request(route.method, filled(route.path), content=body)
                expect(surface, answer, errors.Unauthenticated, f"{named(surface, route)} {body[:9]!r}")
                assert answer.json()["error"]["message"] == "No authorization header"


async def test_a_body_past_the_limit_is_refused(application: Application, tenant: TestTenant) -> None:
    await join_bots(tenant)
    for surface, route in with_bodies(application):
        answer = await sent(tenant, surface, route, b" " * (surface.max_body_bytes + 1))
        expect(surface, answer, errors.TooLarge, named(surface, route))


async def sent(tenant: TestTenant, surface: Surface, route: Route, body: bytes) -> httpx.Response:
    headers = {"content-type": "application/json", **credentials(surface, tenant.api_key)}
    if isinstance(surface.dialect, BotsDialect):
        headers["Authorization"] = f"Bearer {ANN}"
    return await tenant.http.request(route.method, filled(route.path), content=body, headers=headers)


async def join_bots(tenant: TestTenant) -> None:
    """Who sends the bodies to the bots API has a customer there."""
    answer = await tenant.http.post("/v1/customers", headers={"Authorization": f"Bearer {ANN}"})
    assert answer.status_code == 201, answer.text


async def test_forms_that_cannot_be_read_are_refused_in_a_page(
    application: Application, client: httpx.AsyncClient
) -> None:
    for surface, route in routes_of(application):
        if not isinstance(surface.dialect, HtmlDialect) or route.method != "POST" or route.access is not Access.OPEN:
            continue
        broken = await client.post(
            filled(route.path), content=b"--no", headers={"content-type": "multipart/form-data; boundary=b"}
        )
        # Of what is not there, and to whom is not known, nothing is read.
        assert broken.status_code in (400, 401, 404), named(surface, route)
        long = b"a" * (surface.max_body_bytes + 1)
        form = {"content-type": "application/x-www-form-urlencoded"}
        large = await client.post(filled(route.path), content=long, headers=form)
        assert large.status_code in (401, 404, 413), named(surface, route)
        assert {broken.headers["content-type"], large.headers["content-type"]} == {speech_of(surface).media_type}
