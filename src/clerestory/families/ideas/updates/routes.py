"""update and updateComment: GET one, LIST, CREATE, DELETE."""

from typing import Any

from clerestory.families.ideas.calling import Asked, Call, api
from clerestory.families.ideas.conventions.listing import order_of, page_of
from clerestory.families.ideas.conventions.parameters import Parameters
from clerestory.families.ideas.updates import look, post, store
from clerestory.families.ideas.updates.comments import look as comment_look
from clerestory.families.ideas.updates.comments import post as comment_post
from clerestory.families.ideas.updates.comments import store as comment_store
from clerestory.families.ideas.updates.model import Wanted
from clerestory.families.ideas.updates.wire import (
    WITH,
    NewUpdate,
    NewUpdateComment,
    UpdateAnswer,
    UpdateCommentAnswer,
    UpdateCommentList,
    UpdateCommentQuery,
    UpdateCommentsQuery,
    UpdateList,
    UpdateQuery,
    UpdatesQuery,
)
from clerestory.families.ideas.wire import Done
from clerestory.kernel.errors import Invalid, NotFound, Unauthenticated
from clerestory.platform.http import Access, Route


async def get_update(asked: Asked) -> UpdateAnswer:
    return UpdateAnswer(await look.one(asked, asked.uuid, asked.parameters.wanted(WITH)))


async def list_updates(asked: Asked) -> UpdateList:
    parameters = asked.parameters
    order = order_of(parameters, store.SORTABLE, store.DEFAULT_ORDER, store.TIE)
    return await look.listed(asked, _wanted(parameters), order, page_of(parameters), parameters.wanted(WITH))


async def post_update(asked: Asked) -> UpdateAnswer:
    return UpdateAnswer(await look.one(asked, await post.post(asked), asked.parameters.wanted(WITH)))


async def delete_update(asked: Asked) -> Done:
    await post.take_back(asked, asked.uuid)
    return Done()


async def get_comment(asked: Asked) -> UpdateCommentAnswer:
    return UpdateCommentAnswer(await comment_look.one(asked, asked.uuid))


async def list_comments(asked: Asked) -> UpdateCommentList:
    parameters = asked.parameters
    order = order_of(parameters, comment_store.SORTABLE, comment_store.DEFAULT_ORDER, comment_store.TIE)
    return await comment_look.listed(asked, _wanted(parameters), order, page_of(parameters))


async def post_comment(asked: Asked) -> UpdateCommentAnswer:
    return UpdateCommentAnswer(await comment_look.one(asked, await comment_post.post(asked)))


async def delete_comment(asked: Asked) -> Done:
    await comment_post.take_back(asked, asked.uuid)
    return Done()


def _wanted(parameters: Parameters) -> Wanted:
    created = parameters.day("date_created")
    return Wanted(
        update=parameters.sought("update_id"),
        member=parameters.sought("member_id"),
        created_from=created[0] if created else None,
        created_until=created[1] if created else None,
    )


_ASKED = (Invalid, Unauthenticated, NotFound)
_UPDATE, _COMMENT = "/api3/update", "/api3/updateComment"


def _route(method: str, path: str, call: Call, summary: str, **shapes: Any) -> Route:
    return Route(method, path, api(call), Access.NAMED, summary, problems=_ASKED, **shapes)


ROUTES = (
    _route("GET", _UPDATE, list_updates, "Updates", response=UpdateList, query=UpdatesQuery),
    _route("POST", _UPDATE, post_update, "A new update", request=NewUpdate, response=UpdateAnswer),
    _route("GET", f"{_UPDATE}/{{id}}", get_update, "One update", response=UpdateAnswer, query=UpdateQuery),
    _route("DELETE", f"{_UPDATE}/{{id}}", delete_update, "An update taken back", response=Done),
    _route(
        "GET", _COMMENT, list_comments, "Comments on updates", response=UpdateCommentList, query=UpdateCommentsQuery
    ),
    _route(
        "POST", _COMMENT, post_comment, "A comment on an update", request=NewUpdateComment, response=UpdateCommentAnswer
    ),
    _route(
        "GET",
        f"{_COMMENT}/{{id}}",
        get_comment,
        "One comment on an update",
        response=UpdateCommentAnswer,
        query=UpdateCommentQuery,
    ),
    _route("DELETE", f"{_COMMENT}/{{id}}", delete_comment, "A comment on an update taken back", response=Done),
)
