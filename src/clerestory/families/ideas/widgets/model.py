"""A campaign's form as a value: what is asked of whoever submits an idea, in the form's order."""

from dataclasses import dataclass
from uuid import UUID

from clerestory.families.ideas.categories.model import Category


@dataclass(frozen=True, slots=True)
class Form:
    """What the campaign says of its form; an empty label: the usual one."""

    campaign: int
    title_label: str
    description_label: str
    category_required: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a question, and how many ideas there are, where it is a category."""

    id: UUID
    description: str
    ideas: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question. Its id is the name of the parameter that answers it."""

    id: str
    description: str
    required: bool
    type: str
    instruction: str = ""
    options: tuple[Choice, ...] | None = None


CHOOSING = frozenset({"select", "radio", "checkbox"})
"""The types of questions that have options."""


def fixed(form: Form, categories: list[Category]) -> list[Question]:
    """The four questions that every form has. Where there are no categories, none can be required."""
    options = tuple(Choice(one.uuid, one.name, one.ideas) for one in categories)
    required = form.category_required and bool(options)
    return [
        Question("title", form.title_label or "Title of your idea", True, "text"),
        Question("description", form.description_label or "Describe your idea", True, "richtext"),
        Question("category_id", "Category", required, "select", options=options),
        Question("attachments", "Attachments", False, "attachment"),
    ]
