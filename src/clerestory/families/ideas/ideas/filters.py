"""What a list of ideas is filtered by, read from a request: the list's own and the widget's are the same."""

from clerestory.families.ideas.conventions.parameters import Parameters
from clerestory.families.ideas.ideas.model import Wanted


def read_wanted(parameters: Parameters) -> Wanted:
    """The filters. Raises NotFound for an id that is none, Invalid for what is no day or no truth."""
    return Wanted(
        campaign=parameters.sought("campaign_id"),
        category=parameters.sought("category_id"),
        status=parameters.sought("status_id"),
        visible=parameters.truth("visible"),
        code=_text(parameters, "idea_code"),
        title=_text(parameters, "title"),
        description=_text(parameters, "description"),
        anonymous=parameters.truth("anonymous"),
        member=parameters.sought("member_id"),
        tag=parameters.sought("tag_id"),
        tag_name=_text(parameters, "tag_name"),
        created=parameters.day("date_created"),
        changed=parameters.day("date_modified"),
    )


def _text(parameters: Parameters, name: str) -> str | None:
    return (parameters.text(name) or "").strip() or None
