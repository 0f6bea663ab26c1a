"""The parameters of a request: from the query and the body alike, for every verb; of the same name, the body's wins.

A body is a form, URL-encoded or in parts, or a JSON object; names that nobody knows are passed over.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from starlette.datastructures import UploadFile
from starlette.requests import Request

from clerestory.families.ideas.conventions import spelling
from clerestory.kernel.errors import Fault, Invalid, Kind, NotFound
from clerestory.kernel.values import storable
from clerestory.platform.http.body import form_of, json_object

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
MISSING = "Missing required parameter"
BAD_GUID = "Invalid GUID received"


@dataclass(frozen=True, slots=True)
class Parameters:
    """What was asked, by name. A name may come more than once; an empty text is there, and empty."""

    texts: Mapping[str, Sequence[str]]
    files: Sequence[tuple[str, UploadFile]] = field(default=())

    def text(self, name: str) -> str | None:
        """The parameter, or None where it is absent."""
        found = self.texts.get(name)
        return found[-1] if found else None

    def required(self, name: str) -> str:
        """The parameter without white space around it. Raises Invalid where it is absent or blank."""
        text = (self.text(name) or "").strip()
        if not text:
            raise Invalid(Fault(name, Kind.MISSING, MISSING))
        return text

    def guid(self, name: str) -> UUID | None:
        """The id of a parameter, None where it is absent or empty. Raises Invalid for what is none."""
        text = (self.text(name) or "").strip()
        if not text:
            return None
        value = spelling.read_guid(text)
        if value is None:
            raise Invalid(Fault(name, Kind.INVALID, BAD_GUID))
        return value

    def required_guid(self, name: str) -> UUID:
        """The id of a parameter. Raises Invalid where it is absent or blank, and for what is none."""
        value = spelling.read_guid(self.required(name))
        if value is None:
            raise Invalid(Fault(name, Kind.INVALID, BAD_GUID))
        return value

    def sought(self, name: str) -> UUID | None:
        """The id that a list is filtered by, None where it is absent. Raises NotFound: no object has another."""
        text = (self.text(name) or "").strip()
        if not text:
            return None
        value = spelling.read_guid(text)
        if value is None:
            raise NotFound
        return value

    def day(self, name: str) -> tuple[datetime, datetime] | None:
        """The 24 hours of a day, None where it is absent or empty. Raises Invalid for what is no `MM/DD/YYYY`."""
        text = (self.text(name) or "").strip()
        if not text:
            return None
        hours = spelling.read_day(text)
        if hours is None:
            raise Invalid(Fault(name, Kind.INVALID, f"{name} must be a date as MM/DD/YYYY"))
        return hours

    def truth(self, name: str) -> bool | None:
        """Yes or no, None where it is absent or empty. Raises Invalid for what is neither."""
        text = (self.text(name) or "").strip()
        if not text:
            return None
        value = spelling.read_truth(text)
        if value is None:
            raise Invalid(Fault(name, Kind.INVALID, f"{name} must be 1 or 0"))
        return value

    def flag(self, name: str) -> bool:
        """Whether a bare flag stands there: `idea_count`, with or without a value, but for a plain no."""
        text = self.text(name)
        return text is not None and spelling.read_truth(text) is not False

    def wanted(self, legal: Collection[str]) -> frozenset[str]:
        """The legal names that are asked for in `with`, in `with[]`, or as bare flags; others are passed over."""
        named = [*self.texts.get("with", ()), *self.texts.get("with[]", ())]
        asked = {name.strip() for text in named for name in text.split(",")}
        return frozenset(name for name in legal if name in asked or self.flag(name))

    @property
    def xml(self) -> bool:
        """Whether the answer is to be XML. What `format` does not know is JSON."""
        return (self.text("format") or "").strip().lower() == "xml"


async def read_parameters(request: Request) -> Parameters:
    """All parameters of the request. Raises Invalid for a body that is broken off, or a text that cannot be stored."""
    texts: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        texts.setdefault(name, []).append(value)
    files: list[tuple[str, UploadFile]] = []
    body: dict[str, list[str]] = {}
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type in _FORMS:
        for name, given in (await form_of(request)).multi_items():
            if isinstance(given, str):
                body.setdefault(name, []).append(given)
            else:
                files.append((name, given))
    elif media_type == "application/json" or media_type.endswith("+json"):
        body = {name: _as_texts(value) for name, value in (await json_object(request)).items()}
    texts.update(body)
    for name, values in texts.items():
        if not all(map(storable, values)):
            raise Invalid(Fault(name, Kind.INVALID, f"{name} has characters that cannot be stored"))
    return Parameters(texts, files)


def _as_texts(value: object) -> list[str]:
    """A member of a JSON object as the form would have it."""
    if value is None:
        return []
    if isinstance(value, bool):
        return ["1" if value else "0"]
    if isinstance(value, list):
        return [text for one in value for text in _as_texts(one)]
    return [str(value)]
