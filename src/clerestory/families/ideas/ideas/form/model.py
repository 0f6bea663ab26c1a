"""What a submission may hold, as rules on values: tags, and answers to a campaign's own questions."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from clerestory.kernel.errors import Fault, Invalid, Kind

TITLE_MOST = 255
TEXT_MOST = 50_000
TAG_MOST = 100
TAGS_MOST = 50
MISSING = "Missing required parameter"
_NUMBER = re.compile(r"[+-]?\d{1,40}(\.\d{1,40})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a request gives of an idea; None: nothing of that. Answers are by the question's id."""

    campaign: UUID | None = None
    title: str | None = None
    description: str | None = None
    category: UUID | None = None
    status: UUID | None = None
    member: UUID | None = None
    anonymous: bool | None = None
    visible: bool | None = None
    tags: tuple[str, ...] | None = None
    answers: Mapping[UUID, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a question."""

    id: int
    uuid: UUID
    description: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the form. `restricted`: administrators alone answer it."""

    id: int
    uuid: UUID
    type: str
    required: bool
    restricted: bool
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What a question is answered with; an empty text takes the answer back."""

    question: int
    text: str
    option: int | None = None


def read_tags(text: str) -> tuple[str, ...]:
    """The tags of a text, by comma, each once in whatever letter case. Raises Invalid for too long or too many."""
    names: dict[str, str] = {}
    for part in text.split(","):
        name = " ".join(part.split())
        if len(name) > TAG_MOST:
            raise Invalid(Fault("tags", Kind.INVALID, f"A tag has at most {TAG_MOST} characters"))
        if name:
            names.setdefault(name.lower(), name)
    if len(names) > TAGS_MOST:
        raise Invalid(Fault("tags", Kind.INVALID, f"An idea has at most {TAGS_MOST} tags"))
    return tuple(names.values())


def bounded(name: str, text: str, most: int) -> str:
    """The text. Raises Invalid where it is longer than what is kept."""
    if len(text) > most:
        raise Invalid(Fault(name, Kind.INVALID, f"{name} has at most {most} characters"))
    return text


def replies(questions: Sequence[Question], given: Mapping[UUID, Sequence[str]], *, administers: bool) -> list[Reply]:
    """What is to be kept of what was given. Raises Invalid for an answer that its question does not take.

    An answer to what is not asked in the campaign is passed over, as is one that only administrators give.
    """
    asked = [question for question in questions if question.uuid in given and (administers or not question.restricted)]
    return [_reply(question, given[question.uuid]) for question in asked]


def unanswered(questions: Sequence[Question], kept: Sequence[Reply]) -> list[Question]:
    """The questions for everybody that want an answer and have none."""
    answered = {reply.question for reply in kept if reply.text}
    return [one for one in questions if one.required and not one.restricted and one.id not in answered]


def _reply(question: Question, texts: Sequence[str]) -> Reply:
    given = [text.strip() for text in texts if text.strip()]
    if not given:
        return Reply(question.id, "")
    match question.type:
        case "select" | "radio":
            option = _chosen(question, given[-1])
            return Reply(question.id, option.description, option.id)
        case "checkbox":
            return _checked(question, given)
        case "number":
            return Reply(question.id, _shaped(question, given[-1], is_number=True))
        case "date":
            return Reply(question.id, _shaped(question, given[-1], is_number=False))
    return Reply(question.id, bounded(_name(question), given[-1], TEXT_MOST))


def _checked(question: Question, given: Sequence[str]) -> Reply:
    if not question.options:
        return Reply(question.id, bounded(_name(question), ", ".join(given), TEXT_MOST))
    # One box by its whole text first: a description may have a comma.
    whole = [option for text in given for option in question.options if _means(option, text)]
    parts = (
        whole if len(whole) == len(given) else [_chosen(question, part) for text in given for part in text.split(",")]
    )
    chosen = [option for option in question.options if option in parts]
    only = chosen[0].id if len(chosen) == 1 else None
    return Reply(question.id, ", ".join(option.description for option in chosen), only)


def _chosen(question: Question, text: str) -> Option:
    for option in question.options:
        if _means(option, text.strip()):
            return option
    raise _refused(question, "is no option of its question")


def _means(option: Option, text: str) -> bool:
    return text.lower() in (str(option.uuid), option.description.lower())


def _shaped(question: Question, text: str, *, is_number: bool) -> str:
    if is_number:
        if _NUMBER.fullmatch(text):
            return text
        raise _refused(question, "must be a number")
    try:
        return datetime.strptime(text, "%m/%d/%Y").replace(tzinfo=UTC).strftime("%m/%d/%Y")
    except ValueError:
        raise _refused(question, "must be a date as MM/DD/YYYY") from None


def _refused(question: Question, why: str) -> Invalid:
    return Invalid(Fault(_name(question), Kind.INVALID, f"{_name(question)} {why}"))


def _name(question: Question) -> str:
    return str(question.uuid).upper()
