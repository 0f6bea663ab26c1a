"""comment: GET one, LIST, CREATE."""

from clerestory.families.ideas.calling import Asked, api
from clerestory.families.ideas.comments import look, post, store
from clerestory.families.ideas.comments.model import Wanted
from clerestory.families.ideas.comments.wire import (
    CommentAnswer,
    CommentForm,
    CommentList,
    CommentQuery,
    CommentsQuery,
)
from clerestory.families.ideas.conventions.listing import order_of, page_of
from clerestory.families.ideas.files.attach import ATTACHED_TO_COMMENT
from clerestory.kernel.errors import Invalid, NotFound, Unauthenticated
from clerestory.platform.http import Access, Route


async def get_comment(asked: Asked) -> CommentAnswer:
    return CommentAnswer(await look.one(asked, asked.uuid))


async def list_comments(asked: Asked) -> CommentList:
    parameters = asked.parameters
    wanted = Wanted(
        idea=parameters.sought("idea_id"),
        campaign=parameters.sought("campaign_id"),
        member=parameters.sought("member_id"),
        created=parameters.day("date_created"),
    )
    order = order_of(parameters, store.SORTABLE, store.DEFAULT_ORDER, store.TIE)
    return await look.listed(asked, wanted, order, page_of(parameters))


async def post_comment(asked: Asked) -> CommentAnswer:
    idea, text = asked.parameters.required_guid("idea_id"), asked.parameters.required("comment")
    return CommentAnswer(await look.one(asked, await post.post(asked, idea, text)))


_ASKED = (Invalid, Unauthenticated, NotFound)

ROUTES = (
    Route(
        "GET",
        "/api3/comment",
        api(list_comments),
        Access.NAMED,
        "Comments",
        response=CommentList,
        query=CommentsQuery,
        problems=_ASKED,
    ),
    Route(
        "POST",
        "/api3/comment",
        api(post_comment),
        Access.NAMED,
        "Comments on an idea",
        request=CommentForm,
        response=CommentAnswer,
        query=CommentQuery,
        problems=_ASKED,
        uploads=ATTACHED_TO_COMMENT,
    ),
    Route(
        "GET",
        "/api3/comment/{id}",
        api(get_comment),
        Access.NAMED,
        "One comment",
        response=CommentAnswer,
        query=CommentQuery,
        problems=_ASKED,
    ),
)
