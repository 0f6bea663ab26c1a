"""The form of an idea as a page has it: what the campaign asks, what was typed, and what is wrong with it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from clerestory.families.ideas.conventions.parameters import Parameters
from clerestory.families.ideas.conventions.spelling import guid
from clerestory.families.ideas.ground.model import Ground
from clerestory.families.ideas.portal.model import Alike
from clerestory.families.ideas.widgets.model import CHOOSING, Choice, Question

_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_AMERICAN_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})", re.ASCII)
_FILES = "attachments"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form to draw. `typed` has the texts of each field by its name."""

    questions: Sequence[Question]
    typed: Mapping[str, Sequence[str]]
    tagging: bool
    anonymous: bool
    faults: Mapping[str, str] = field(default_factory=dict)
    alike: Sequence[Alike] = ()

    def text(self, name: str) -> str:
        """What was typed into a field."""
        given = self.typed.get(name)
        return given[-1] if given else ""

    def day(self, name: str) -> str:
        """What was typed as a day, as browsers want one."""
        return _AMERICAN_DAY.sub(r"\3-\1-\2", self.text(name))

    def chosen(self, question: Question, choice: Choice) -> bool:
        """Whether the choice was taken, by its id or by its text."""
        given = self.typed.get(question.id, ())
        parts = {text.strip().lower() for whole in given for text in (whole, *whole.split(","))}
        return guid(choice.id).lower() in parts or choice.description.lower() in parts

    def fault(self, name: str) -> str:
        """What is wrong with a field."""
        return self.faults.get(name, "")

    @property
    def elsewhere(self) -> list[str]:
        """What is wrong, but with no field that is shown."""
        shown = {question.id for question in self.questions} | {"tags", "anonymous"}
        return [text for name, text in self.faults.items() if name not in shown]


def draw_up(questions: Sequence[Question], ground: Ground, typed: Mapping[str, Sequence[str]]) -> Sheet:
    """The form of a campaign; a question that offers no choice is left out."""
    asked = [one for one in questions if one.options or one.type not in CHOOSING]
    return Sheet(asked, typed, ground.tagging, ground.anonymous)


def filled(sheet: Sheet, parameters: Parameters) -> dict[str, Sequence[str]]:
    """The fields of the form as the API reads them; what is not in it, is passed over, what is not ticked, is empty."""
    texts: dict[str, Sequence[str]] = {}
    for question in sheet.questions:
        given = list(parameters.texts.get(question.id, ()))
        texts[question.id] = [_ISO_DAY.sub(r"\2/\3/\1", text) for text in given] if question.type == "date" else given
    texts.pop(_FILES, None)
    if sheet.tagging:
        texts["tags"] = parameters.texts.get("tags", [""])
    if sheet.anonymous:
        texts["anonymous"] = ["1" if parameters.flag("anonymous") else "0"]
    return {name: given or [""] for name, given in texts.items()}


def missing(sheet: Sheet, texts: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What the form wants and was not given."""
    wanted = [one.id for one in sheet.questions if one.required]
    return {name: "Please fill this in." for name in wanted if not any(text.strip() for text in texts.get(name, ()))}
