"""A submission read from a request: a form, JSON or the query alike."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from clerestory.families.ideas.conventions.parameters import Parameters
from clerestory.families.ideas.conventions.spelling import read_guid
from clerestory.families.ideas.ideas.form.model import TEXT_MOST, TITLE_MOST, Draft, bounded, read_tags


def read_new(parameters: Parameters) -> Draft:
    """A new idea. Raises Invalid where a required parameter is missing or one is not what it must be."""
    for name in ("campaign_id", "title", "description"):
        parameters.required(name)
    return read_change(parameters)


def read_change(parameters: Parameters) -> Draft:
    """What is given of an idea. Raises Invalid for a title or a description that is there and empty."""
    tags = parameters.text("tags")
    return Draft(
        campaign=parameters.guid("campaign_id"),
        title=_text(parameters, "title", TITLE_MOST),
        description=_text(parameters, "description", TEXT_MOST),
        category=parameters.guid("category_id"),
        status=parameters.guid("status_id"),
        member=parameters.guid("member_id"),
        anonymous=parameters.truth("anonymous"),
        visible=parameters.truth("visible"),
        tags=None if tags is None else read_tags(",".join(parameters.texts["tags"])),
        answers=_answers(parameters),
    )


def _text(parameters: Parameters, name: str, most: int) -> str | None:
    return None if parameters.text(name) is None else bounded(name, parameters.required(name), most)


def _answers(parameters: Parameters) -> Mapping[UUID, Sequence[str]]:
    """Every parameter that is named by a GUID, in whatever letter case."""
    found: dict[UUID, Sequence[str]] = {}
    for name, texts in parameters.texts.items():
        question = read_guid(name)
        if question is not None:
            found[question] = texts
    return found
