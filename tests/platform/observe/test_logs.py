"""What is logged, in both forms, and that no secret is: neither by its name nor by its form, ours or a library's."""

import errno
import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from clerestory.platform.observe import logs
from clerestory.platform.observe.redact import CUT, cut, redacted

KEY = "9f8b4a8e-3c1d-4e0a-9b1a-1c2d3e4f5a6b"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLW9mLXRlc3Rz"


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """The logging of the other tests, put back."""
    root, config = logging.getLogger(), structlog.get_config()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**config)
    structlog.contextvars.clear_contextvars()
    logging.captureWarnings(capture=False)


def written(form: str, level: str = "info") -> io.StringIO:
    stream = io.StringIO()
    logs.configure(logs.LogSettings(form, level), stream)
    return stream


def test_text_is_key_value_with_the_time_first() -> None:
    stream = written("text")
    structlog.contextvars.bind_contextvars(request_id="r-1")
    structlog.get_logger().info("request", status=200, ms=1.5, text="two words", route="/a/{b}")
    time, rest = stream.getvalue().split(" ", 1)
    assert time.endswith("Z")
    assert rest == 'info    request request_id=r-1 status=200 ms=1.5 text="two words" route=/a/{b}\n'


def test_json_is_an_object_a_line() -> None:
    stream = written("json")
    structlog.get_logger().warning("request", status=200, who={"a": [1]})
    (line,) = map(json.loads, stream.getvalue().splitlines())
    assert line.pop("timestamp").endswith("Z")
    assert line == {"level": "warning", "event": "request", "status": 200, "who": {"a": [1]}}


def test_libraries_log_through_the_same_renderer() -> None:
    stream = written("json")
    logging.getLogger("uvicorn.error").error("it fell over %s", "here")
    logging.getLogger("uvicorn.error").info("not worth a line")
    (line,) = map(json.loads, stream.getvalue().splitlines())
    del line["timestamp"]
    assert line == {"event": "it fell over here", "level": "error", "logger": "uvicorn.error"}


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_trace_is_told_without_the_secret_in_its_message(form: str) -> None:
    stream = written(form)
    try:
        raise ValueError(f"refused Api-Key: {KEY}")
    except ValueError:
        structlog.get_logger().exception("broken")
    assert "Traceback" in stream.getvalue()
    assert KEY not in stream.getvalue()


def test_a_line_that_cannot_be_written_is_lost_and_nothing_else() -> None:
    class FullDisk(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    logs.configure(logs.LogSettings(), FullDisk())
    structlog.get_logger().info("request")


def test_the_level_is_the_least_that_is_written() -> None:
    stream = written("text", "warning")
    structlog.get_logger().info("no")
    logging.getLogger("x").info("no")
    structlog.get_logger().warning("yes")
    assert stream.getvalue().count("\n") == 1


@pytest.mark.parametrize(
    "name",
    ["password", "smtp_password", "secret", "access_token", "Authorization", "cookie", "api_key", "key", "csrf"],
)
def test_what_a_name_calls_a_secret_is_cut(name: str) -> None:
    assert redacted({name: "hunter2", "nested": {name: "hunter2"}}) == {name: CUT, "nested": {name: CUT}}


@pytest.mark.parametrize("name", ["keyboard", "monkey_count", "passed", "author", "request_id", "route"])
def test_what_only_sounds_like_one_stays(name: str) -> None:
    assert redacted({name: "plain"}) == {name: "plain"}


@pytest.mark.parametrize(
    "text",
    [
        f"Api-Key: {KEY}",
        f"the key {KEY} was shown",
        f"Authorization: Bearer {JWT}",
        "Authorization: Basic aHVudGVyMjpodW50ZXIy",
        f"token {JWT} is old",
        "postgresql://me:hunter2-hunter2@db/x",
        "smtp://ops%40x.org:hunter2-hunter2@mail",
        "password=hunter2-hunter2&x=1",
        "{'password': 'hunter2-hunter2'}",
        '{"auth_token": "hunter2-hunter2"}',
        "api_key=hunter2-hunter2",
        "Cookie: sessionid=hunter2-hunter2",
    ],
)
def test_what_looks_like_a_secret_is_cut(text: str) -> None:
    for secret in (KEY, JWT, "hunter2", "aHVudGVyMjpodW50ZXIy"):
        assert secret not in cut(text)


@pytest.mark.parametrize("text", ["/api/v1/people/42/", "POST took 3.2 ms", "2026-11-23T15:22:33.496035Z", "a=b c:d"])
def test_what_is_no_secret_is_told_whole(text: str) -> None:
    assert cut(text) == text


@pytest.mark.parametrize("text", ["a\x1b[2Jb", "a\n", "a\x9b2Jb", "two\nlines", "a\u2028b", "\x7f"])
def test_a_value_cannot_write_to_the_terminal_nor_begin_a_line(text: str) -> None:
    stream = written("text")
    structlog.get_logger().warning("request", path=text)
    logging.getLogger("library").warning("%s", text)
    try:
        raise ValueError(text)
    except ValueError:
        structlog.get_logger().exception("broken")
    first, second, *trace = stream.getvalue().splitlines()
    assert (first.count("request path="), second.split()[1]) == (1, "warning")
    assert not any(character < " " or "\x7f" <= character <= "\x9f" for character in first + second + "".join(trace))
    # A line of a trace never looks like a line of the log.
    assert all(line.startswith(" ") for line in trace[1:])


@pytest.mark.parametrize("text", ["a" * 100_000 + " =", "-" * 100_000 + "=", "x-" * 50_000 + " :", "://" * 30_000])
def test_a_long_line_is_cut_as_fast_as_it_is_read(text: str) -> None:
    # In the square of its length this took minutes.
    assert cut(text) == text
