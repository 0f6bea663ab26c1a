"""Moderation in the workspace API: from the numbers of its records to the verbs."""

from collections.abc import Mapping
from typing import cast
from uuid import UUID

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.conventions.parameters import Parameters
from clerestory.families.ideas.moderation import store
from clerestory.families.ideas.moderation.hide import show_comment, show_idea
from clerestory.families.ideas.moderation.merge import merge
from clerestory.families.ideas.moderation.move import Destination, move
from clerestory.families.ideas.rights.model import Viewer
from clerestory.kernel.errors import Fault, Invalid, Kind, NotFound
from clerestory.kernel.values import Type
from clerestory.platform.resources import Action, Field
from clerestory.platform.tenancy import Right, Scope

Values = Mapping[str, object]

_NO_IDEA = "There is no such idea."


async def _hide_idea(scope: Scope, record: int, _values: Values) -> None:
    await show_idea(_asked(scope), await _idea(scope, record), visible=False)


async def _show_idea(scope: Scope, record: int, _values: Values) -> None:
    await show_idea(_asked(scope), await _idea(scope, record), visible=True)


async def _hide_comment(scope: Scope, record: int, _values: Values) -> None:
    await show_comment(_asked(scope), await _comment(scope, record), visible=False)


async def _show_comment(scope: Scope, record: int, _values: Values) -> None:
    await show_comment(_asked(scope), await _comment(scope, record), visible=True)


async def _merge(scope: Scope, record: int, values: Values) -> None:
    into = await store.idea_uuid(scope.direct(), cast(int, values["into"]))
    if into is None:
        raise Invalid(Fault("into", Kind.INVALID, _NO_IDEA))
    await merge(_asked(scope), await _idea(scope, record), into)


async def _move(scope: Scope, record: int, values: Values) -> None:
    campaign = cast(int, values["campaign"])
    category, status = (cast(int | None, values.get(name)) for name in ("category", "status"))
    await move(_asked(scope), await _idea(scope, record), Destination(campaign, category, status))


def _asked(scope: Scope) -> Asked:
    viewer = Viewer(scope.actor.person_id, scope.actor.may(Right.ADMINISTER))
    return Asked(scope, viewer, Parameters({}))


async def _idea(scope: Scope, record: int) -> UUID:
    uuid = await store.idea_uuid(scope.direct(), record)
    if uuid is None:
        raise NotFound
    return uuid


async def _comment(scope: Scope, record: int) -> UUID:
    uuid = await store.comment_uuid(scope.direct(), record)
    if uuid is None:
        raise NotFound
    return uuid


_WITHIN = (
    Field("campaign", Type.WHOLE, required=True, least=1, doc="The id of the campaign that it is to be in."),
    Field("category", Type.WHOLE, nullable=True, least=1, doc="A category there; null: that of the same name."),
    Field("status", Type.WHOLE, nullable=True, least=1, doc="A status there; null: of the same name, or the first."),
)
_INTO = (Field("into", Type.WHOLE, required=True, least=1, doc="The id of the idea that stays."),)

ON_IDEAS = (
    Action("hide", "Hide an idea", _hide_idea),
    Action("show", "Show an idea that is hidden", _show_idea),
    Action("merge", "Merge an idea into another one of its campaign", _merge, _INTO),
    Action("move", "Move an idea to another campaign", _move, _WITHIN),
)
ON_COMMENTS = (
    Action("hide", "Hide a comment", _hide_comment),
    Action("show", "Show a comment that is hidden", _show_comment),
)
