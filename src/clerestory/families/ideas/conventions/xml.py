"""An answer as XML: each key an element, each list one with an element for each entry. No source shows the vendor's."""

from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape

MEDIA_TYPE = "application/xml"

# What an entry of a list is called, where it is not the list's name without `_list`.
_ENTRIES: Mapping[str, str] = {
    "groups": "group",
    "members": "member",
    "comments": "comment",
    "tags": "tag",
    "promotes": "vote",
    "demotes": "vote",
    "votes": "vote",
    "questions": "question",
    "options": "option",
    "attachments": "attachment",
    "search": "result",
    "campaign_options": "campaign_option",
    "additional_questions": "additional_question",
    "admin_fields": "admin_field",
    "systems": "system",
}


def write(answer: Mapping[str, Any]) -> bytes:
    """The answer under `<response>`, in UTF-8."""
    return ('<?xml version="1.0" encoding="UTF-8"?>' + "".join(_element("response", answer))).encode()


def _element(name: str, value: object) -> Iterator[str]:
    if value is None:
        yield f'<{name} nil="true"/>'
        return
    yield f"<{name}>"
    match value:
        case dict():
            for key, inner in value.items():
                yield from _element(key, inner)
        case list():
            entry = _ENTRIES.get(name, name.removesuffix("_list"))
            for one in value:
                yield from _element(entry, one)
        case bool():
            yield "true" if value else "false"
        case _:
            yield escape("".join(filter(_allowed, str(value))))
    yield f"</{name}>"


def _allowed(character: str) -> bool:
    """Whether XML 1.0 can hold the character at all."""
    return character in "\t\n\r" or (character >= " " and character not in "\ufffe\uffff")
