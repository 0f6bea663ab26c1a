"""An idea as it is written, and which rights a change of it needs."""

from dataclasses import dataclass

from clerestory.families.ideas.rights.model import Deed


@dataclass(frozen=True, slots=True)
class Text:
    """What stands in an idea's row, but for who may change it."""

    campaign: int
    category: int | None
    status: int
    person: int
    title: str
    description: str
    visible: bool
    anonymous: bool
    language: str


def deeds(before: Text, after: Text, *, more: bool) -> list[Deed]:
    """The rights that a change needs. `more`: tags or answers change too. One that changes nothing needs none."""
    needed = []
    if more or _own(before) != _own(after):
        needed.append(Deed.UPDATE_IDEA_TEXT)
    if before.status != after.status:
        needed.append(Deed.UPDATE_IDEA_STATUS)
    if before.visible != after.visible:
        needed.append(Deed.HIDE)
    if (before.campaign, before.person) != (after.campaign, after.person):
        needed.append(Deed.UPDATE_IDEA_REST)
    # Where the idea goes into another campaign, category and status go with it by that right.
    return [Deed.UPDATE_IDEA_REST] if before.campaign != after.campaign else needed


def _own(text: Text) -> tuple[object, ...]:
    return text.title, text.description, text.category, text.anonymous
