"""The shell round a surface: routes, limits, problems, credentials."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Message

from clerestory.app import Application
from clerestory.kernel.clock import utc_now
from clerestory.kernel.errors import Broken, NotFound, Problem, WrongMethod
from clerestory.platform.http import Access, Route, Surface
from clerestory.platform.http.admit import Door
from clerestory.platform.http.dispatch import Dispatcher
from clerestory.platform.http.shell import Shell
from clerestory.platform.observe import Metrics
from clerestory.platform.tenancy import Scope
from clerestory.platform.tokens import Gate, Shown


class PlainDialect:
    """Says the problem's class, so that a test reads what happened."""

    def shown(self, request: Request) -> Shown:
        return Shown(key=request.headers.get("api-key"))

    def answer(self, problem: Problem, request: Request) -> Response:
        extra: dict[str, object] = {"allow": problem.allowed} if isinstance(problem, WrongMethod) else {}
        extra |= {"reference": bool(problem.reference)} if isinstance(problem, Broken) else {}
        return JSONResponse({"problem": type(problem).__name__, **extra}, 418)


async def _echo(scope: Scope, request: Request) -> Response:
    return JSONResponse({"parameters": request.path_params, "bytes": len(await request.body())})


async def _bug(scope: Scope, request: Request) -> Response:
    await asyncio.sleep(0)
    raise ZeroDivisionError


async def _slow(scope: Scope, request: Request) -> Response:
    await asyncio.sleep(60)
    raise NotFound


async def _inner_timeout(scope: Scope, request: Request) -> Response:
    await asyncio.sleep(0)
    raise TimeoutError


SURFACE = Surface(
    name="plain",
    prefixes=("/plain",),
    exact=("/alone",),
    shaped=(re.compile(r"/N[0-9]+"),),
    dialect=PlainDialect(),
    routes=(
        Route("GET", "/alone", _echo, Access.OPEN),
        Route("GET", "/N{id:int}", _echo, Access.OPEN),
        Route("POST", "/plain/things/", _echo, Access.OPEN),
        Route("GET", "/plain/things/{id:int}", _echo, Access.OPEN),
        Route("DELETE", "/plain/things/{id:int}/", _echo, Access.OPEN),
        Route("GET", "/plain/bug", _bug, Access.OPEN),
        Route("GET", "/plain/slow", _slow, Access.OPEN),
        Route("GET", "/plain/inner", _inner_timeout, Access.OPEN),
        Route("GET", "/plain/mine", _echo, Access.TENANT),
    ),
    max_body_bytes=1000,
    time_limit=timedelta(milliseconds=100),
)


@pytest.fixture
async def plain(application: Application) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the surface above, behind the real dispatcher."""
    door = Door(application.parts.find(Gate), utc_now, application.parts)
    shell = Shell(SURFACE, door)
    elsewhere = Shell(replace(SURFACE, name="elsewhere", prefixes=("/N7/else",), exact=(), shaped=(), routes=()), door)
    dispatcher = Dispatcher([shell, elsewhere], lambda _: elsewhere, Metrics(), {})
    transport = httpx.ASGITransport(dispatcher)
    async with httpx.AsyncClient(transport=transport, base_url="http://clerestory.test") as client:
        yield client


@pytest.mark.parametrize("path", ["/plain/things/7", "/plain/things/7/"])
async def test_a_trailing_slash_changes_nothing(plain: httpx.AsyncClient, path: str) -> None:
    assert (await plain.get(path)).json() == {"parameters": {"id": 7}, "bytes": 0}
    assert (await plain.delete(path)).json() == {"parameters": {"id": 7}, "bytes": 0}


async def test_a_path_of_its_own_is_found(plain: httpx.AsyncClient) -> None:
    assert (await plain.get("/alone")).status_code == 200


async def test_a_path_is_found_by_its_form(plain: httpx.AsyncClient) -> None:
    for path in ("/N7", "/N7/"):
        assert (await plain.get(path)).json() == {"parameters": {"id": 7}, "bytes": 0}
    for path in ("/N", "/N7x", "/xN7", "/N7/else", "/n7"):
        assert (await plain.get(path)).json() == {"problem": "NoSuchEndpoint"}


async def test_an_unknown_path_and_a_wrong_method_are_told_apart(plain: httpx.AsyncClient) -> None:
    assert (await plain.get("/plain/else")).json() == {"problem": "NoSuchEndpoint"}
    assert (await plain.put("/plain/things/7")).json() == {"problem": "WrongMethod", "allow": ["DELETE", "GET"]}


async def test_a_bug_is_answered_in_the_words_of_its_surface(plain: httpx.AsyncClient) -> None:
    assert (await plain.get("/plain/bug")).json() == {"problem": "Broken", "reference": True}


async def test_work_past_the_limit_is_a_timeout_and_a_timeout_inside_is_a_bug(plain: httpx.AsyncClient) -> None:
    assert (await plain.get("/plain/slow")).json() == {"problem": "Timeout"}
    assert (await plain.get("/plain/inner")).json() == {"problem": "Broken", "reference": True}


async def test_a_body_is_taken_up_to_the_limit_and_not_beyond(plain: httpx.AsyncClient) -> None:
    assert (await plain.post("/plain/things", content=b"x" * 1000)).json() == {"parameters": {}, "bytes": 1000}
    assert (await plain.post("/plain/things", content=b"x" * 1001)).json() == {"problem": "TooLarge"}


async def test_a_route_of_tenants_asks_for_a_credential(plain: httpx.AsyncClient) -> None:
    assert (await plain.get("/plain/mine")).json() == {"problem": "Unauthenticated"}
    answer = await plain.get("/plain/mine", headers={"Api-Key": "4d2c0f0e-0000-4000-8000-000000000000"})
    assert answer.json() == {"problem": "UnknownKey"}


async def test_the_request_id_comes_back_when_it_is_one(plain: httpx.AsyncClient) -> None:
    given = await plain.get("/alone", headers={"X-Request-Id": "trace-1234"})
    assert given.headers["x-request-id"] == "trace-1234"
    made = await plain.get("/alone", headers={"X-Request-Id": "a b\tc"})
    assert len(made.headers["x-request-id"]) == 22


async def test_deep_nesting_is_no_bug(plain: httpx.AsyncClient) -> None:
    assert json.loads((await plain.post("/plain/things", content=b"[" * 900)).content)["bytes"] == 900


async def test_answers_are_for_who_asked_and_are_what_they_say_they_are(plain: httpx.AsyncClient) -> None:
    for path in ("/alone", "/plain/else", "/plain/mine"):
        answer = await plain.get(path)
        # A cache between would not know that `Api-Key` tells readers apart.
        assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")


async def test_a_path_with_a_line_break_is_not_the_path_without(plain: httpx.AsyncClient) -> None:
    for path in ("/plain/thi%0Angs/7", "/plain/things%09/7", "/pla%0Din/things/7"):
        assert (await plain.get(path)).json() == {"problem": "NoSuchEndpoint"}


async def test_a_client_that_hangs_up_is_no_bug(application: Application, capsys: pytest.CaptureFixture[str]) -> None:
    door = Door(application.parts.find(Gate), utc_now, application.parts)

    async def gone() -> Message:
        return {"type": "http.disconnect"}

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"content-length", b"9")]
    asgi = {"type": "http", "method": "POST", "path": "/plain/things", "headers": headers, "query_string": b""}
    await Shell(SURFACE, door)({**asgi, "http_version": "1.1"}, gone, send)
    assert sent[0]["status"] == 400
    assert "request.broken" not in capsys.readouterr().out
