"""What the body of a Messenger webhook tells, as events in its order, and whether it is Meta that tells it.

An item that makes no sense is left out: the platform repeats for hours what is answered with an error.
Source: dialects/bots.md, Messenger.
"""

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from clerestory.families.bots.messenger.model import Event, Kind
from clerestory.kernel import errors
from clerestory.platform.delivery import callbacks
from clerestory.platform.delivery.outcome import carriable

TEXT_LIMIT = 10_000
ID_LIMIT = 255
_CARRIED_LIMIT = 1_000  # the platform's own bound for payloads and metadata
_DEEPEST = 32
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST_MS = 1_072_915_200_000  # 2004: nothing was said on this platform before
_ECHO = "echo:"
_DIGEST = "event:"

_Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an item stood in the body."""

    page: str
    time: object
    standby: bool
    now: datetime


@dataclass(frozen=True, slots=True)
class _Told:
    """What an item tells, whoever said it."""

    kind: Kind
    mid: object = None
    text: str = ""
    payload: str | None = None
    app: str | None = None
    metadata: str | None = None
    of_page: bool = False


def signed(secrets: Iterable[str], body: bytes, header: str) -> bool:
    """Did Meta sign this body with one of the secrets? `header` is X-Hub-Signature-256; every secret is tried."""
    matches = False
    for secret in secrets:
        matches |= callbacks.verify_meta(secret, body, header)
    return matches


def challenge(query: Mapping[str, str], verify_token: str) -> str | None:
    """What to answer, as plain text, when Meta subscribes to the webhook; None: refuse."""
    return callbacks.answer_meta_challenge(verify_token, query)


def hear(body: bytes, now: datetime) -> list[Event]:
    """The events in a webhook's body, none of them later than now. Raises Invalid for what is no object of a page."""
    found = []
    for entry in _objects(_page_object(body).get("entry")):
        for channel in ("messaging", "standby"):
            place = _Place(_id(entry.get("id")), entry.get("time"), channel == "standby", now)
            found += [event for item in _objects(entry.get(channel)) if (event := _event(place, item)) is not None]
    return found


def _page_object(body: bytes) -> _Json:
    try:
        given = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise errors.Invalid(errors.Fault(None, errors.Kind.UNPARSEABLE, "The body is no valid JSON.")) from None
    if not isinstance(given, dict) or given.get("object") != "page":
        raise errors.Invalid(errors.Fault("object", errors.Kind.INVALID, "The body is no object of a page."))
    return given


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _event(place: _Place, item: _Json) -> Event | None:
    told = _told(item)
    if told is None:
        return None
    sender, recipient = _party(item, "sender"), _party(item, "recipient")
    by_page = told.kind is Kind.ECHO or (told.kind in (Kind.THREAD, Kind.NOTICE) and sender == place.page)
    person, other = (recipient, sender) if by_page else (sender, recipient)
    page = place.page or other
    address = "" if told.of_page else person
    key = _key(told, address, item)
    # A page that writes to itself would be a bot that answers itself.
    if not page or address == page or not (address or told.of_page) or key is None:
        return None
    return Event(
        told.kind,
        page,
        address,
        _moment(place, item.get("timestamp")),
        key,
        text=told.text,
        payload=told.payload,
        app=told.app,
        metadata=told.metadata,
        standby=place.standby,
        raw=_kept_object(item, _DEEPEST),
    )


def _told(item: _Json) -> _Told | None:
    for name, tell in _TELLERS.items():
        content = item.get(name)
        if isinstance(content, dict):
            return tell(content)
    return None


def _message(content: _Json) -> _Told:
    quick = content.get("quick_reply")
    payload = _carried(quick.get("payload")) if isinstance(quick, dict) else None
    text = _text(content.get("text"))
    if content.get("is_echo") is True:
        app = _id(content.get("app_id")) or None
        return _Told(Kind.ECHO, content.get("mid"), text, app=app, metadata=_carried(content.get("metadata")))
    return _Told(Kind.MESSAGE, content.get("mid"), text, payload)


def _postback(content: _Json) -> _Told:
    return _Told(
        Kind.POSTBACK, content.get("mid"), _text(content.get("title")), payload=_carried(content.get("payload"))
    )


def _opening(content: _Json) -> _Told:
    return _Told(Kind.OPENING, payload=_carried(content.get("ref")) or _carried(content.get("payload")))


def _owned(content: _Json) -> _Told:
    app = _id(content.get("new_owner_app_id")) or None
    return _Told(Kind.THREAD, app=app, metadata=_carried(content.get("metadata")))


def _requested(content: _Json) -> _Told:
    app = _id(content.get("requested_owner_app_id")) or None
    return _Told(Kind.NOTICE, app=app, metadata=_carried(content.get("metadata")))


def _roles(_content: _Json) -> _Told:
    return _Told(Kind.NOTICE, of_page=True)


def _receipt(_content: _Json) -> _Told:
    return _Told(Kind.RECEIPT)


_TELLERS: Mapping[str, Callable[[_Json], _Told]] = {
    "message": _message,
    "postback": _postback,
    "referral": _opening,
    "optin": _opening,
    "pass_thread_control": _owned,
    "take_thread_control": _owned,
    "request_thread_control": _requested,
    "app_roles": _roles,
    "read": _receipt,
    "delivery": _receipt,
    "reaction": _receipt,
}


def _key(told: _Told, address: str, item: _Json) -> str | None:
    """The same for a repetition, and for nothing else; None for an item too deep to be told from others."""
    mid = told.mid
    if isinstance(mid, str) and 0 < len(mid) <= ID_LIMIT - len(_ECHO) and carriable(mid) == mid:
        if told.kind is Kind.ECHO:
            return _ECHO + mid
        if not mid.startswith((_ECHO, _DIGEST)):
            return mid
    try:
        text = json.dumps([told.kind, address, item.get("timestamp"), item], sort_keys=True)
    except RecursionError:
        return None
    return _DIGEST + hashlib.sha256(text.encode()).hexdigest()


def _moment(place: _Place, stamp: object) -> datetime:
    """The item's moment, else the entry's, else now; never in the future, which would hold up what waits for it."""
    present = (place.now - _EPOCH) // timedelta(milliseconds=1)
    for one in (stamp, place.time):
        if isinstance(one, int | float) and one >= _EARLIEST_MS:
            return _EPOCH + timedelta(milliseconds=int(min(one, present)))
    return place.now


def _objects(given: object) -> Iterator[_Json]:
    if isinstance(given, list):
        yield from (one for one in given if isinstance(one, dict))


def _party(item: _Json, name: str) -> str:
    party = item.get(name)
    return _id(party.get("id")) if isinstance(party, dict) else ""


def _id(given: object) -> str:
    """Ids come as texts or as numbers, even of the same thing."""
    if isinstance(given, int) and not isinstance(given, bool):
        given = str(given)
    return carriable(given)[:ID_LIMIT] if isinstance(given, str) else ""


def _text(given: object) -> str:
    return carriable(given)[:TEXT_LIMIT] if isinstance(given, str) else ""


def _carried(given: object) -> str | None:
    return carriable(given)[:_CARRIED_LIMIT] or None if isinstance(given, str) else None


def _kept_object(given: _Json, depth: int) -> dict[str, object]:
    return {carriable(name): _kept(value, depth - 1) for name, value in given.items()}


def _kept(value: object, depth: int) -> object:
    """The value as a database can hold it: odd characters replaced, what is too deep or no finite number left out."""
    if isinstance(value, str):
        return carriable(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**63 else str(value)
    if depth <= 0 or value is None:
        return None
    if isinstance(value, dict):
        return _kept_object(value, depth)
    return [_kept(one, depth - 1) for one in value] if isinstance(value, list) else None
