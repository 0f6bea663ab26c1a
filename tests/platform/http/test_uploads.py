"""Forms in parts that are read while they arrive: bounded, whole, and gone with their request."""

import asyncio
import gc
import tracemalloc
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Message

from clerestory.app import Application
from clerestory.kernel.clock import utc_now
from clerestory.platform.http import Access, Route, Surface, Uploads
from clerestory.platform.http.admit import Door
from clerestory.platform.http.body import form_of
from clerestory.platform.http.shell import Shell
from clerestory.platform.storage import Files
from clerestory.platform.tenancy import Scope
from clerestory.platform.tokens import Gate
from tests.platform.http.test_shell import PlainDialect

MIB = 1024 * 1024
END = b"--x--\r\n"
IN_PARTS = {"Content-Type": "multipart/form-data; boundary=x"}


def part(name: str, content: bytes, filename: str | None = None) -> bytes:
    named = f'; filename="{filename}"'.encode() if filename is not None else b""
    return b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % (name.encode(), named, content)


async def _tell(scope: Scope, request: Request) -> Response:
    """Every part as it was read."""
    told = []
    for name, value in (await form_of(request)).multi_items():
        if isinstance(value, UploadFile):
            await value.seek(0)
            told.append([name, value.filename, value.size, (await value.read(20)).decode("latin-1")])
        else:
            told.append([name, value])
    return JSONResponse(told)


async def _keep(scope: Scope, request: Request) -> Response:
    shelf = scope.part(Files).shelf(0, "plain")
    for number, (_, file) in enumerate((await form_of(request)).multi_items()):
        assert isinstance(file, UploadFile)
        await shelf.put(f"file-{number}", _chunks(file), most=10 * MIB)
    return JSONResponse([])


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    await file.seek(0)
    while chunk := await file.read(64 * 1024):
        yield chunk


async def _size(scope: Scope, request: Request) -> Response:
    return JSONResponse(len(await request.body()))


SURFACE = Surface(
    name="plain",
    prefixes=("/plain",),
    dialect=PlainDialect(),
    routes=(
        Route("POST", "/plain/tell", _tell, Access.OPEN, uploads=Uploads(2, 100_000)),
        Route("POST", "/plain/keep", _keep, Access.OPEN, uploads=Uploads(10, 7 * MIB)),
        Route("POST", "/plain/slow", _tell, Access.OPEN, uploads=Uploads(1, 10, timedelta(milliseconds=100))),
        Route("POST", "/plain/size", _size, Access.OPEN, uploads=Uploads(2, 100_000)),
        Route("POST", "/plain/none", _tell, Access.OPEN),
    ),
    max_body_bytes=2000,
    time_limit=timedelta(seconds=30),
)


@pytest.fixture
def shell(application: Application) -> Shell:
    return Shell(SURFACE, Door(application.parts.find(Gate), utc_now, application.parts))


@pytest.fixture
async def plain(shell: Shell) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(shell), base_url="http://clerestory.test") as client:
        yield client


async def post(plain: httpx.AsyncClient, body: bytes, path: str = "/plain/tell") -> tuple[int, object]:
    answer = await plain.post(path, content=body, headers=IN_PARTS)
    return answer.status_code, answer.json()


def refused(problem: str) -> tuple[int, object]:
    return 418, {"problem": problem}


async def test_fields_and_files_are_read(plain: httpx.AsyncClient) -> None:
    body = part("a", "ü".encode()) + part("b", b"\0\xff", "fan.jpg") + part("c", b"\xff") + part("b", b"", "") + END
    assert await post(plain, body) == (200, [["a", "ü"], ["b", "fan.jpg", 2, "\0\xff"], ["c", "ÿ"], ["b", "", 0, ""]])


async def test_it_does_not_matter_how_it_is_cut(plain: httpx.AsyncClient) -> None:
    body = part("a", b"1") + part("b", b"\r\n--y" * 30, "fan.jpg") + END

    async def bytewise() -> AsyncIterator[bytes]:
        for place in range(len(body)):
            yield body[place : place + 1]

    answer = await plain.post("/plain/tell", content=bytewise(), headers=IN_PARTS)
    assert (answer.status_code, answer.json()) == await post(plain, body)
    assert answer.json()[1][:3] == ["b", "fan.jpg", 150]


async def test_a_file_has_its_bound_and_is_heard_out(plain: httpx.AsyncClient) -> None:
    assert (await post(plain, part("a", b"x" * 100_000, "a") + END))[0] == 200
    heard = 0

    async def counted() -> AsyncIterator[bytes]:
        nonlocal heard
        body = part("a", b"x" * 100_001, "a") + part("b", b"x" * 80_000, "b") + END
        for place in range(0, len(body), 4096):
            heard = place
            yield body[place : place + 4096]

    answer = await plain.post("/plain/tell", content=counted(), headers=IN_PARTS)
    assert (answer.status_code, answer.json()) == refused("TooLarge")
    assert heard > 170_000


async def test_the_body_has_its_bound(plain: httpx.AsyncClient) -> None:
    assert await post(plain, part("a", b"x" * 203_000, "a") + END) == refused("TooLarge")


async def test_fields_have_the_surfaces_bound(plain: httpx.AsyncClient) -> None:
    assert (await post(plain, part("a", b"x" * 1900) + END))[0] == 200
    assert await post(plain, part("a", b"x" * 1000) + part("b", b"x" * 1000) + END) == refused("TooLarge")
    assert await post(plain, b"".join(part("a", b"") for _ in range(120)) + END) == refused("TooLarge")


async def test_there_are_only_so_many_files(plain: httpx.AsyncClient) -> None:
    assert await post(plain, part("a", b"1", "1") * 3 + END) == refused("Invalid")


async def test_what_is_no_upload_keeps_the_surfaces_bound(plain: httpx.AsyncClient) -> None:
    assert await post(plain, part("a", b"x" * 2100, "a") + END, "/plain/none") == refused("TooLarge")
    assert (await post(plain, part("a", b"x" * 1000, "a") + END, "/plain/none"))[0] == 200
    long = await plain.post("/plain/size", content=b"x" * 2001, headers={"Content-Type": "application/json"})
    assert (long.status_code, long.json()) == refused("TooLarge")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--x",
        b"no form",
        part("a", b"1"),  # no end
        part("a", b"1")[:-4],
        b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n" + END,  # no name
        b"--x\r\nContent-Type: text/plain\r\n\r\n1\r\n" + END,
        b"--x\r\n" + b"X: " + b"x" * 9000 + b"\r\n\r\n1\r\n" + END,  # a header without end
        b"--y--\r\n",
    ],
)
async def test_what_is_no_form_is_refused(plain: httpx.AsyncClient, body: bytes) -> None:
    assert await post(plain, body) == refused("Invalid")


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=", f"multipart/form-data; boundary={'x' * 300}"]
)
async def test_a_boundary_is_needed(plain: httpx.AsyncClient, kind: str) -> None:
    answer = await plain.post("/plain/tell", content=part("a", b"1") + END, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()) == refused("Invalid")


async def test_an_upload_has_its_own_time(shell: Shell) -> None:
    async def never() -> Message:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    assert await asked(shell, "/plain/slow", never) == 418


async def test_a_client_that_goes_away_leaves_nothing(shell: Shell) -> None:
    before = open_files()
    sent = iter([part("a", b"x" * 90_000, "a"), part("b", b"x" * 90_000, "b")])

    async def goes() -> Message:
        body = next(sent, None)
        if body is None:
            assert open_files() - before == 2
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": body, "more_body": True}

    assert await asked(shell, "/plain/tell", goes) == 400
    assert open_files() == before


async def test_what_was_read_goes_with_its_request(plain: httpx.AsyncClient) -> None:
    before = open_files()
    assert (await post(plain, part("a", b"x" * 90_000, "a") + END))[0] == 200
    assert open_files() == before


async def test_fifty_megabytes_pass_through_few(application: Application, plain: httpx.AsyncClient) -> None:
    async def body() -> AsyncIterator[bytes]:
        chunk = b"x" * 65_536
        for number in range(8):
            yield part("a", b"", f"{number}")[:-2]
            for _ in range(7 * MIB // len(chunk)):
                yield chunk
            yield b"\r\n"
        yield END

    # Once before: what is loaded by the first request is not its own.
    await post(plain, part("a", b"x", "a") + END, "/plain/keep")
    gc.collect()
    tracemalloc.start()
    try:
        answer = await plain.post("/plain/keep", content=body(), headers=IN_PARTS)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert answer.status_code == 200
    assert peak < 4 * MIB
    shelf = application.parts.find(Files).shelf(0, "plain")
    assert sum([await shelf.size(one.name) async for one in shelf.names()]) == 56 * MIB
    await application.parts.find(Files).clear(0)


def open_files() -> int:
    return sum(
        "clerestory" in link or "/tmp/" in link or "#" in link for link in map(_target, Path("/proc/self/fd").iterdir())
    )


def _target(path: Path) -> str:
    try:
        return str(path.readlink())
    except OSError:
        return ""


async def asked(shell: Shell, path: str, receive: object) -> int:
    """The status of a POST in parts whose body comes from `receive`."""
    statuses: list[int] = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "headers": [(b"content-type", b"multipart/form-data; boundary=x"), (b"host", b"clerestory.test")],
        "server": ("clerestory.test", 80),
        "scheme": "http",
    }
    await shell(scope, receive, send)  # type: ignore[arg-type]  # the tests' own receive is narrower than ASGI's
    [status] = statuses
    return status
