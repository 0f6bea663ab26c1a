"""The form of a record as a page has it, drawn from the resource's declaration, and what was typed as a JSON body.

A person is named by its e-mail address, moments are in UTC.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from clerestory.families.ideas import resources as declared
from clerestory.kernel.values import Type
from clerestory.platform.resources import Field, Resource, Row

PARENTS = frozenset({"campaign", "question"})
_LONG = 1000


@dataclass(frozen=True, slots=True)
class Kind:
    """What is set up: `fresh` names what is asked of a new one (nothing: everything); the rest is as usual at first."""

    name: str
    title: str
    one: str
    resource: Resource
    parent: str = ""
    fresh: tuple[str, ...] = ()

    def asked(self, *, new: bool) -> Sequence[Field]:
        """The fields of the form."""
        shown = [one for one in self.resource.writable if one.name not in PARENTS]
        return [one for one in shown if one.name in self.fresh] if new and self.fresh else shown


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("campaigns", "Campaigns", "campaign", declared.CAMPAIGNS, fresh=("name", "description", "status")),
        Kind("categories", "Categories", "category", declared.CATEGORIES, "campaign"),
        Kind("statuses", "Statuses", "status", declared.STATUSES, "campaign"),
        Kind("questions", "Questions of the form", "question", declared.QUESTIONS, "campaign"),
        Kind("options", "Choices", "choice", declared.OPTIONS, "question"),
        Kind("roles", "Administrators and moderators", "role", declared.ROLES, "campaign"),
        Kind("budgets", "Chip budgets", "budget", declared.BUDGETS, "campaign"),
    )
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One of several records that may be chosen."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One field to draw: `form` is how, `texts` is what stands in it."""

    name: str
    label: str
    hint: str
    form: str
    texts: Sequence[str]
    fault: str
    required: bool
    choices: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into a form, by field, and what is wrong with it; "" for the whole."""

    texts: Mapping[str, Sequence[str]]
    faults: Mapping[str, str] = field(default_factory=dict)


def is_person(one: Field) -> bool:
    """Whether the field names a person."""
    return one.refers == "person"


def typed_of(row: Row, asked: Sequence[Field], emails: Mapping[int, str]) -> Typed:
    """What stands in the form of a record that is there."""
    texts: dict[str, list[str]] = {}
    for one in asked:
        value = row[one.name]
        if value is None:
            texts[one.name] = []
        elif isinstance(value, list):
            texts[one.name] = [str(part) for part in value]
        elif isinstance(value, bool):
            texts[one.name] = ["1"] if value else []
        elif isinstance(value, datetime):
            texts[one.name] = [f"{value.astimezone(UTC):%Y-%m-%dT%H:%M}"]
        elif is_person(one) and isinstance(value, int):
            texts[one.name] = [emails.get(value, "")]
        else:
            texts[one.name] = [str(value)]
    return Typed(texts)


def cells(asked: Sequence[Field], typed: Typed, groups: Sequence[Answer]) -> list[Cell]:
    """The fields as they are drawn."""
    return [
        Cell(
            one.name,
            one.name.replace("_", " ").capitalize(),
            _hint(one),
            _form(one),
            typed.texts.get(one.name, ()),
            typed.faults.get(one.name, ""),
            one.required,
            [(str(group.id), group.name) for group in groups]
            if one.type is Type.WHOLES
            else [(choice, choice) for choice in one.choices],
        )
        for one in asked
        if one.type is not Type.WHOLES or groups
    ]


def body_of(asked: Sequence[Field], texts: Mapping[str, Sequence[str]], people: Mapping[str, int]) -> dict[str, object]:
    """What was typed as the body of a write; a person whom nobody knows is 0, which is refused."""
    body: dict[str, object] = {}
    for one in asked:
        given = [text.strip() for text in texts.get(one.name, ()) if text.strip()]
        if one.type is Type.TRUTH:
            body[one.name] = bool(given)
        elif one.type is Type.WHOLES:
            body[one.name] = [_whole(text) for text in given]
        elif given and one.type is Type.WHOLE:
            body[one.name] = people.get(given[-1].lower(), 0) if is_person(one) else _whole(given[-1])
        elif given:
            body[one.name] = given[-1]
        elif one.nullable or one.required:
            body[one.name] = None
        elif one.type is Type.TEXT and not one.choices:
            body[one.name] = ""
    return body


def _whole(text: str) -> object:
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 20 else text


def _hint(one: Field) -> str:
    if is_person(one):
        return "The e-mail address of a member."
    if one.type is Type.WHOLES:
        return one.doc.removeprefix("The ids of the ").capitalize()
    return f"{one.doc} In UTC.".strip() if one.type is Type.MOMENT else one.doc


def _form(one: Field) -> str:
    if one.choices:
        return "select"
    if is_person(one):
        return "email"
    forms = {Type.TRUTH: "check", Type.WHOLES: "checks", Type.WHOLE: "number", Type.MOMENT: "datetime-local"}
    return forms.get(one.type, "textarea" if one.longest >= _LONG else "text")
