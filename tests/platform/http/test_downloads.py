"""Stored files as responses: whole, in part, not again; harmless whatever their name and type."""

from collections.abc import AsyncGenerator

import pytest
from starlette.responses import Response, StreamingResponse
from starlette.types import Message

from clerestory.kernel.errors import Absent
from clerestory.platform.http.downloads import Download, answer, disposition

CONTENT = b"0123456789"
FILE = Download("fan.pdf", "application/pdf", len(CONTENT), "tag")
GUARD = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    "cross-origin-opener-policy": "same-origin",
    "etag": '"tag"',
    "cache-control": "private, no-cache",
    "accept-ranges": "bytes",
    "content-disposition": "attachment; filename=\"fan.pdf\"; filename*=UTF-8''fan.pdf",
}


async def read(start: int, stop: int) -> AsyncGenerator[bytes, None]:
    for place in range(start, stop, 3):
        yield CONTENT[place : min(place + 3, stop)]


async def body_of(response: Response) -> bytes:
    if not isinstance(response, StreamingResponse):
        return bytes(response.body)
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    await response({"type": "http", "asgi": {"spec_version": "2.4"}}, receive, send)
    return b"".join(message.get("body", b"") for message in sent)


async def test_a_file_is_sent_whole() -> None:
    response = await answer(FILE, {}, read)
    headers = {"content-length": "10", "content-type": "application/pdf"}
    assert (response.status_code, dict(response.headers)) == (200, GUARD | headers)
    assert await body_of(response) == CONTENT


@pytest.mark.parametrize(
    ("asked", "content", "place"),
    [
        ("bytes=0-0", b"0", "bytes 0-0/10"),
        ("bytes=2-5", b"2345", "bytes 2-5/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-4", b"6789", "bytes 6-9/10"),
        ("bytes=-99", CONTENT, "bytes 0-9/10"),
        ("bytes=4-99", b"456789", "bytes 4-9/10"),
        (f"bytes=4-{'9' * 18}", b"456789", "bytes 4-9/10"),
    ],
)
async def test_a_part_is_sent(asked: str, content: bytes, place: str) -> None:
    response = await answer(FILE, {"range": asked}, read)
    headers = {"content-length": str(len(content)), "content-type": "application/pdf", "content-range": place}
    assert (response.status_code, dict(response.headers)) == (206, GUARD | headers)
    assert await body_of(response) == content


@pytest.mark.parametrize(
    "asked", ["", "bytes", "bytes=-", "bytes=5-2", "bytes=0-1,3-4", "lines=1-2", "bytes=a-b", f"bytes={'9' * 30}-"]
)
async def test_what_is_no_single_part_is_the_whole(asked: str) -> None:
    response = await answer(FILE, {"range": asked}, read)
    assert (response.status_code, await body_of(response)) == (200, CONTENT)


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=10-20", "bytes=-0"])
async def test_a_part_past_the_end_is_none(asked: str) -> None:
    response = await answer(FILE, {"range": asked}, read)
    assert (response.status_code, response.headers["content-range"], await body_of(response)) == (
        416,
        "bytes */10",
        b"",
    )


@pytest.mark.parametrize(("tag", "status"), [('"tag"', 206), ('"other"', 200), ('W/"tag"', 200)])
async def test_a_part_is_of_the_content_that_is_meant(tag: str, status: int) -> None:
    response = await answer(FILE, {"range": "bytes=0-1", "if-range": tag}, read)
    assert response.status_code == status


@pytest.mark.parametrize(
    ("tag", "status"),
    [('"tag"', 304), ('W/"tag"', 304), ('"a", "tag"', 304), ("*", 304), ('"other"', 200), ("tag", 200)],
)
async def test_what_is_known_is_not_sent_again(tag: str, status: int) -> None:
    response = await answer(FILE, {"if-none-match": tag}, read)
    assert (response.status_code, await body_of(response)) == (status, b"" if status == 304 else CONTENT)
    assert response.headers["etag"] == '"tag"'


async def test_of_a_file_that_is_not_there_nothing_has_gone_out() -> None:
    async def gone(start: int, stop: int) -> AsyncGenerator[bytes, None]:
        if start == 0:
            raise Absent
        yield CONTENT

    with pytest.raises(Absent):
        await answer(FILE, {}, gone)


async def test_headers_alone_read_nothing() -> None:
    response = await answer(FILE, {}, lambda start, stop: read(1 // 0, stop), head=True)
    assert (response.status_code, response.headers["content-length"]) == (200, "10")


async def test_an_empty_file_is_empty() -> None:
    response = await answer(Download("none.csv", "text/csv", 0, "tag"), {}, read)
    assert (response.status_code, response.headers["content-length"], await body_of(response)) == (200, "0", b"")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("fan.jpg", "filename=\"fan.jpg\"; filename*=UTF-8''fan.jpg"),
        ("Lüfter 2.jpg", "filename=\"L_fter 2.jpg\"; filename*=UTF-8''L%C3%BCfter%202.jpg"),
        ('a"; filename=x.exe', "filename=\"a__ filename_x.exe\"; filename*=UTF-8''a%22%3B%20filename%3Dx.exe"),
        ("a\r\nSet-Cookie: x", "filename=\"a__Set-Cookie_ x\"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x"),
        ("\u202egpj.exe", "filename=\"_gpj.exe\"; filename*=UTF-8''%E2%80%AEgpj.exe"),
    ],
)
def test_a_name_cannot_break_out_of_its_header(name: str, said: str) -> None:
    assert disposition(name, shown=False) == f"attachment; {said}"
    assert disposition(name, shown=True) == f"inline; {said}"
