"""The form and the list of ideas as widgets have them."""

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from clerestory.families.ideas.conventions.spelling import guid
from clerestory.families.ideas.ideas.wire import IdeasQuery
from clerestory.families.ideas.widgets.model import Choice, Question


class ChoiceBody(msgspec.Struct):
    """An option of a question; of categories, how many ideas there are beside."""

    id: str
    order: int
    num_ideas_in_cat: int | UnsetType
    description: str


class QuestionBody(msgspec.Struct):
    """A question of the form."""

    id: str
    description: str
    required: bool
    type: str
    options: list[ChoiceBody] | UnsetType = UNSET


class FormAnswer(msgspec.Struct):
    """All that a form asks."""

    questions: list[QuestionBody]


class FormQuery(msgspec.Struct):
    """What a form is asked with."""

    campaign_id: str
    format: Literal["json", "xml"] = "json"


class WidgetQuery(IdeasQuery):
    """What the list of ideas may be asked with."""

    tab: Literal["best", "recent"] | None = None


def to_question(question: Question) -> QuestionBody:
    """The question as it is shown."""
    body = QuestionBody(question.id, question.description, question.required, question.type)
    if question.options is not None:
        body.options = [_choice(place, one) for place, one in enumerate(question.options, 1)]
    return body


def _choice(place: int, choice: Choice) -> ChoiceBody:
    return ChoiceBody(guid(choice.id), place, UNSET if choice.ideas is None else choice.ideas, choice.description)
