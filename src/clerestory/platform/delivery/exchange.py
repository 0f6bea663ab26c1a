"""One HTTP exchange with a provider under a deadline: a bounded reply, or the reason why there is none.

It knows no provider. It never raises for what the other side did.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from clerestory.platform.delivery.outbound import HostRefused
from clerestory.platform.delivery.outcome import WORDS, Code, Outcome, presentable

_BODY_LIMIT_BYTES = 1024 * 1024
_LONGEST_PAUSE = timedelta(hours=1)
_BEFORE_RETRY = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Call:
    """One request. Headers may hold credentials, so neither they nor the body are ever shown."""

    method: str
    url: str
    headers: Mapping[str, bytes] = field(repr=False)
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the provider answered; the body is cut at 1 MiB. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def raw(self, secrets: Iterable[str | None]) -> str:
        """The answer for the operator, secrets cut out."""
        return presentable(f"HTTP {self.status}\n".encode() + self.body, secrets)

    def retry_after(self, default: timedelta | None, now: datetime | None = None) -> timedelta | None:
        """The Retry-After header in either of its forms, at most an hour; `default` when absent or unreadable."""
        text = self.headers.get("retry-after", "").strip()
        if text.isdecimal() and len(text) < 10:
            return min(timedelta(seconds=int(text)), _LONGEST_PAUSE)
        try:
            due = parsedate_to_datetime(text)
        except ValueError:
            return default
        if due.tzinfo is None:
            return default
        return min(max(due - (now or datetime.now(UTC)), timedelta()), _LONGEST_PAUSE)


@dataclass(frozen=True, slots=True)
class Silence:
    """No usable reply, and why. `harmless`: nothing of the request has left, so asking again cannot act twice."""

    code: Code
    words: str
    fault: str = ""
    harmless: bool = False

    def outcome(self, provider: str, secrets: Iterable[str | None]) -> Outcome:
        """The outcome of a message whose fate is this silence."""
        again = _BEFORE_RETRY if self.harmless else None
        return Outcome(self.code, f"{provider}: {self.words}", raw=presentable(self.fault, secrets), retry_after=again)


class _Progress:
    """Hears the events of the connection: has a byte of this request left yet?"""

    def __init__(self) -> None:
        self.begun = False

    async def __call__(self, event: str, _details: object) -> None:  # async: the connection awaits its trace hook
        if event.endswith(".send_request_headers.started"):
            self.begun = True


async def exchange(client: httpx.AsyncClient, call: Call, deadline: timedelta) -> Reply | Silence:
    """The provider's reply to `call`, whatever its status, or why there is none within `deadline`."""
    progress = _Progress()
    try:
        async with asyncio.timeout(deadline.total_seconds()):
            return await _ask(client, call, progress)
    except TimeoutError:
        return Silence(Code.PROVIDER_TIMEOUT, WORDS[Code.PROVIDER_TIMEOUT], harmless=not progress.begun)
    except HostRefused:
        return Silence(Code.PROVIDER_ERROR, "its address is not public, so it may not be called")
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError):
        return Silence(Code.PROVIDER_ERROR, "its address is not a valid URL")
    except httpx.TransportError as error:
        words = "the connection broke before an answer" if progress.begun else "it cannot be reached"
        fault = f"{type(error).__name__}: {error}"
        return Silence(Code.PROVIDER_ERROR, words, fault, harmless=not progress.begun)


async def _ask(client: httpx.AsyncClient, call: Call, progress: _Progress) -> Reply:
    # An unpacked answer could be a thousand times the size that was read, so none is asked for and none is unpacked.
    headers: Mapping[str, bytes] = {"accept-encoding": b"identity", "user-agent": b"clerestory", **call.headers}
    request = client.build_request(
        call.method,
        call.url,
        headers=[(name.encode(), value) for name, value in headers.items()],
        content=call.content,
        timeout=None,  # the caller's deadline spans the whole exchange
        extensions={"trace": progress},
    )
    # Asked here because the socket answers with an OverflowError, which no layer above it expects.
    if not 0 < (request.url.port or 80) < 65536:
        raise httpx.InvalidURL("The port is out of range.")
    response = await client.send(request, stream=True, follow_redirects=False)
    try:
        body = bytearray()
        async for piece in response.aiter_raw():
            body += piece
            if len(body) > _BODY_LIMIT_BYTES:
                break
        return Reply(response.status_code, dict(response.headers), bytes(body[:_BODY_LIMIT_BYTES]))
    finally:
        await response.aclose()


def code_of_status(status: int) -> Code:
    """What an HTTP status means when the body names no code that is known here."""
    if status in (401, 403):
        return Code.PROVIDER_AUTH
    if status == 429:
        return Code.PROVIDER_RATE_LIMITED
    return Code.PROVIDER_ERROR
