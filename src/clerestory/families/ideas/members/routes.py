"""member: GET one and `me`, LIST, CREATE, UPDATE."""

from clerestory.families.ideas.calling import Asked, api
from clerestory.families.ideas.conventions.listing import order_of, page_of
from clerestory.families.ideas.conventions.parameters import Parameters
from clerestory.families.ideas.members import look, save, store
from clerestory.families.ideas.members.model import Wanted
from clerestory.families.ideas.members.wire import (
    WITH,
    MemberAnswer,
    MemberList,
    MemberQuery,
    MembersQuery,
    NewMember,
    WrittenMember,
)
from clerestory.families.ideas.rights.model import Case, Deed, Viewer, may
from clerestory.kernel.errors import Conflict, Invalid, NotFound, Unauthenticated
from clerestory.platform.http import Access, Route


async def get_member(asked: Asked) -> MemberAnswer:
    return MemberAnswer(await look.one(asked, asked.uuid, asked.parameters.wanted(WITH)))


async def get_me(asked: Asked) -> MemberAnswer:
    if not asked.viewer.known:
        raise Unauthenticated
    return MemberAnswer(await look.me(asked, asked.parameters.wanted(WITH)))


async def list_members(asked: Asked) -> MemberList:
    parameters = asked.parameters
    order = order_of(parameters, store.SORTABLE, store.DEFAULT_ORDER, store.TIE)
    wanted = _wanted(parameters, asked.viewer)
    return await look.listed(asked, wanted, order, page_of(parameters), parameters.wanted(WITH))


async def post_member(asked: Asked) -> MemberAnswer:
    return MemberAnswer(await look.one(asked, await save.create(asked), asked.parameters.wanted(WITH)))


async def put_member(asked: Asked) -> MemberAnswer:
    await save.change(asked, asked.uuid)
    return MemberAnswer(await look.one(asked, asked.uuid, asked.parameters.wanted(WITH)))


def _wanted(parameters: Parameters, viewer: Viewer) -> Wanted:
    """The filters; those by what only administrators see are passed over for everybody else."""
    administers = may(viewer.role, Deed.SEE_ADMINISTERED, Case())
    created, changed = parameters.day("date_created"), parameters.day("date_modified")
    return Wanted(
        last_name=_text(parameters, "last_name"),
        first_name=_text(parameters, "first_name"),
        screen_name=_text(parameters, "screen_name"),
        email=_text(parameters, "email") if administers else None,
        external_user_id=_text(parameters, "external_user_id") if administers else None,
        active=parameters.truth("active") if administers else None,
        group=parameters.guid("group_id") if administers else None,
        created_from=created[0] if created else None,
        created_until=created[1] if created else None,
        changed_from=changed[0] if changed else None,
        changed_until=changed[1] if changed else None,
    )


def _text(parameters: Parameters, name: str) -> str | None:
    return (parameters.text(name) or "").strip() or None


_ASKED = (Invalid, Unauthenticated, NotFound)

ROUTES = (
    Route(
        "GET",
        "/api3/member",
        api(list_members),
        Access.NAMED,
        "Members",
        response=MemberList,
        query=MembersQuery,
        problems=_ASKED,
    ),
    Route(
        "POST",
        "/api3/member",
        api(post_member),
        Access.NAMED,
        "A new member",
        request=NewMember,
        response=MemberAnswer,
        problems=(*_ASKED, Conflict),
    ),
    Route(
        "GET",
        "/api3/member/me",
        api(get_me),
        Access.NAMED,
        "Who asks",
        response=MemberAnswer,
        query=MemberQuery,
        problems=_ASKED,
    ),
    Route(
        "GET",
        "/api3/member/{id}",
        api(get_member),
        Access.NAMED,
        "One member",
        response=MemberAnswer,
        query=MemberQuery,
        problems=_ASKED,
    ),
    Route(
        "PUT",
        "/api3/member/{id}",
        api(put_member),
        Access.NAMED,
        "A member changed",
        request=WrittenMember,
        response=MemberAnswer,
        problems=(*_ASKED, Conflict),
    ),
)
