"""What a request asks for: its body by media type, and each parameter from path, query or body, whichever has it first.

Source: dialects/bots.md, Requests and Parameters.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import msgspec
from starlette.requests import Request

from clerestory.families.bots.model import Unparseable, refused
from clerestory.families.bots.objects.model import DEEPEST, OUT_OF_RANGE, too_deep
from clerestory.kernel.errors import Fault, Kind, NotAcceptable, TooLarge

MOST_BYTES = 256 * 1024
"""The longest body, a long list of ids not counted."""

_JSON = frozenset({"", "application/json"})
_TEXTS = frozenset({"application/x-www-form-urlencoded", "text/plain", "application/xml", "text/xml"})
_DECODER = msgspec.json.Decoder(float_hook=Decimal)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. `body` is what its JSON is, {} for a body that is no JSON; `deep`: it nests too far to be read."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    body: object
    deep: bool = False

    def find(self, name: str) -> object:
        """The parameter of this name, None when nobody says it. Empty ones count as absent."""
        fields = self.body if isinstance(self.body, dict) else {}
        return self.path.get(name) or self.query.get(name) or fields.get(name) or None

    def word(self, name: str) -> str | None:
        """The same where only a text makes sense; what is no text is a text that nobody has."""
        found = self.find(name)
        return found if found is None or isinstance(found, str) else "\0"

    def attributes(self) -> dict[str, object]:
        """The body as attributes to change. Raises Invalid for one that is no object or nests too far."""
        if self.deep:
            raise refused(f"At most {DEEPEST} levels may be nested.")
        if not isinstance(self.body, dict):
            raise refused("The body must be a JSON object.")
        return dict(self.body)


async def read(request: Request) -> Asked:
    """The request's parameters. Raises Unparseable, TooLarge, and NotAcceptable for other media types."""
    raw = await request.body()
    body, deep = _body(raw, request.headers.get("content-type", ""))
    if len(raw) > MOST_BYTES and len(raw) - _list_bytes(body) > MOST_BYTES:
        raise TooLarge(Fault(None, Kind.INVALID, f"The body may have at most {MOST_BYTES} bytes."))
    return Asked(request.path_params, request.query_params, body, deep or too_deep(body))


def _body(raw: bytes, content_type: str) -> tuple[object, bool]:
    """What the body is, and whether it nests too far for the decoder itself."""
    if not raw.strip():
        return {}, False
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type in _TEXTS:
        # One text, in which no field is seen.
        return {}, False
    if media_type not in _JSON:
        raise NotAcceptable
    try:
        return _DECODER.decode(raw), False
    except RecursionError:
        return {}, True
    except msgspec.ValidationError:
        # An integer of thousands of digits: it is JSON all the same.
        raise refused(OUT_OF_RANGE) from None
    except ValueError as error:
        raise Unparseable from error


def _list_bytes(body: object) -> int:
    """How long the list of ids is in a body of many users, about: what else there is must keep to the bound."""
    ids = body.get("ids") if isinstance(body, dict) else None
    return len(msgspec.json.encode(ids)) if isinstance(ids, list) and all(isinstance(one, str) for one in ids) else 0
