"""A posted form as plain text fields. Files have their own way; a form here is small."""

from dataclasses import dataclass

from starlette.requests import Request

from clerestory.kernel.errors import Fault, Invalid, Kind
from clerestory.platform.http.body import form_of


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of one post; absent ones read as empty."""

    fields: dict[str, list[str]]

    @classmethod
    async def read(cls, request: Request) -> "Form":
        """The posted fields. Raises Invalid for text that cannot be stored."""
        posted = await form_of(request)
        fields: dict[str, list[str]] = {}
        for name, value in posted.multi_items():
            if isinstance(value, str):
                fields.setdefault(name, []).append(_storable(name, value))
        return cls(fields)

    def text(self, name: str) -> str:
        """The field's text without white space around it."""
        return self.raw(name).strip()

    def raw(self, name: str) -> str:
        """The field's text as typed: passwords."""
        values = self.fields.get(name)
        return values[0] if values else ""

    def all(self, name: str) -> list[str]:
        """Every value of a field that may come more than once: checkboxes."""
        return self.fields.get(name, [])

    def checked(self, name: str) -> bool:
        """Whether a checkbox was ticked."""
        return name in self.fields


def _storable(name: str, value: str) -> str:
    if "\x00" in value:
        raise Invalid(Fault(name, Kind.INVALID, "Null characters are not allowed."))
    return value
