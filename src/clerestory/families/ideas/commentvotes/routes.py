"""commentVote: a list, titled GET in the documents, CREATE, and DELETE of one's own."""

from clerestory.families.ideas.calling import Asked, api
from clerestory.families.ideas.commentvotes import cast, look, store
from clerestory.families.ideas.commentvotes.model import Wanted
from clerestory.families.ideas.commentvotes.wire import (
    CommentVoteAnswer,
    CommentVoteForm,
    CommentVoteList,
    CommentVoteQuery,
    CommentVotesQuery,
    CommentWithdrawalQuery,
)
from clerestory.families.ideas.conventions.listing import order_of, page_of
from clerestory.families.ideas.votes.read import read_type, sought_type
from clerestory.families.ideas.wire import Done
from clerestory.kernel.errors import Invalid, NotFound, Unauthenticated
from clerestory.platform.http import Access, Route


async def list_comment_votes(asked: Asked) -> CommentVoteList:
    parameters = asked.parameters
    wanted = Wanted(
        comment=parameters.sought("comment_id"),
        member=parameters.sought("member_id"),
        type=sought_type(parameters),
        created=parameters.day("date_created"),
    )
    order = order_of(parameters, store.SORTABLE, store.DEFAULT_ORDER, store.TIE)
    return await look.listed(asked, wanted, order, page_of(parameters))


async def post_comment_vote(asked: Asked) -> CommentVoteAnswer:
    comment, kind = asked.parameters.required_guid("comment_id"), read_type(asked.parameters)
    [body] = await look.bodies(asked, [await cast.cast(asked, comment, kind)])
    return CommentVoteAnswer(body)


async def delete_comment_vote(asked: Asked) -> Done:
    await cast.withdraw(asked, asked.parameters.required_guid("comment_id"))
    return Done()


_ASKED = (Invalid, Unauthenticated, NotFound)

ROUTES = (
    Route(
        "GET",
        "/api3/commentVote",
        api(list_comment_votes),
        Access.NAMED,
        "Votes on comments",
        response=CommentVoteList,
        query=CommentVotesQuery,
        problems=_ASKED,
    ),
    Route(
        "POST",
        "/api3/commentVote",
        api(post_comment_vote),
        Access.NAMED,
        "Promotes or demotes a comment",
        request=CommentVoteForm,
        response=CommentVoteAnswer,
        query=CommentVoteQuery,
        problems=_ASKED,
    ),
    Route(
        "DELETE",
        "/api3/commentVote",
        api(delete_comment_vote),
        Access.NAMED,
        "Withdraws one's own vote on a comment",
        response=Done,
        query=CommentWithdrawalQuery,
        problems=_ASKED,
    ),
)
