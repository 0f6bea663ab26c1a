"""group: GET one, LIST, CREATE, UPDATE."""

from uuid import UUID

from clerestory.families.ideas.calling import Asked, api
from clerestory.families.ideas.conventions.listing import order_of, page_of
from clerestory.families.ideas.conventions.parameters import BAD_GUID, Parameters
from clerestory.families.ideas.conventions.spelling import read_guid
from clerestory.families.ideas.groups import look, store, write
from clerestory.families.ideas.groups.model import Wanted, Written
from clerestory.families.ideas.groups.wire import (
    WITH,
    ChangedGroup,
    GroupAnswer,
    GroupList,
    GroupQuery,
    GroupsQuery,
    NewGroup,
)
from clerestory.kernel.errors import Fault, Invalid, Kind, NotFound, Unauthenticated
from clerestory.kernel.values import Value, read
from clerestory.platform.http import Access, Route

_NAME = Value("group_name", blank=False)


async def get_group(asked: Asked) -> GroupAnswer:
    return GroupAnswer(await look.one(asked, asked.uuid, asked.parameters.wanted(WITH)))


async def list_groups(asked: Asked) -> GroupList:
    parameters = asked.parameters
    created = parameters.day("date_created")
    wanted = Wanted(
        name=parameters.text("group_name") or None,
        created_from=created[0] if created else None,
        created_until=created[1] if created else None,
    )
    order = order_of(parameters, store.SORTABLE, store.DEFAULT_ORDER, store.TIE)
    return await look.listed(asked, wanted, order, page_of(parameters), parameters.wanted(WITH))


async def post_group(asked: Asked) -> GroupAnswer:
    uuid = await write.create(asked, str(read(_NAME, asked.parameters.required("group_name"))))
    return GroupAnswer(await look.one(asked, uuid, asked.parameters.wanted(WITH)))


async def put_group(asked: Asked) -> GroupAnswer:
    parameters = asked.parameters
    name = parameters.text("group_name")
    written = Written(
        name=None if name is None else str(read(_NAME, name.strip())),
        adds=_members(parameters, "add_member_id"),
        removes=_members(parameters, "remove_member_id"),
    )
    await write.change(asked, asked.uuid, written)
    return GroupAnswer(await look.one(asked, asked.uuid, parameters.wanted(WITH)))


def _members(parameters: Parameters, name: str) -> tuple[UUID, ...]:
    """The ids that a parameter has each time it is given, by comma too. Raises Invalid."""
    texts = [text.strip() for given in parameters.texts.get(name, ()) for text in given.split(",")]
    found = [read_guid(text) for text in texts if text]
    if None in found:
        raise Invalid(Fault(name, Kind.INVALID, BAD_GUID))
    return tuple(uuid for uuid in found if uuid is not None)


_ASKED = (Invalid, Unauthenticated, NotFound)

ROUTES = (
    Route(
        "GET",
        "/api3/group",
        api(list_groups),
        Access.NAMED,
        "Groups",
        response=GroupList,
        query=GroupsQuery,
        problems=_ASKED,
    ),
    Route(
        "POST",
        "/api3/group",
        api(post_group),
        Access.NAMED,
        "A new group",
        request=NewGroup,
        response=GroupAnswer,
        problems=_ASKED,
    ),
    Route(
        "GET",
        "/api3/group/{id}",
        api(get_group),
        Access.NAMED,
        "One group",
        response=GroupAnswer,
        query=GroupQuery,
        problems=_ASKED,
    ),
    Route(
        "PUT",
        "/api3/group/{id}",
        api(put_group),
        Access.NAMED,
        "A group's name, and who comes in and who goes",
        request=ChangedGroup,
        response=GroupAnswer,
        problems=_ASKED,
    ),
)
