"""vote: LIST, CREATE, and DELETE of one's own."""

from clerestory.families.ideas.calling import Asked, api
from clerestory.families.ideas.conventions.listing import order_of, page_of
from clerestory.families.ideas.votes import cast, look, store
from clerestory.families.ideas.votes.model import Wanted
from clerestory.families.ideas.votes.read import read_type, sought_type
from clerestory.families.ideas.votes.wire import (
    VoteAnswer,
    VoteForm,
    VoteList,
    VoteQuery,
    VotesQuery,
    WithdrawalQuery,
)
from clerestory.families.ideas.wire import Done
from clerestory.kernel.errors import Invalid, NotFound, Unauthenticated
from clerestory.platform.http import Access, Route


async def list_votes(asked: Asked) -> VoteList:
    parameters = asked.parameters
    wanted = Wanted(
        idea=parameters.sought("idea_id"),
        member=parameters.sought("member_id"),
        type=sought_type(parameters),
        created=parameters.day("date_created"),
    )
    order = order_of(parameters, store.SORTABLE, store.DEFAULT_ORDER, store.TIE)
    return await look.listed(asked, wanted, order, page_of(parameters))


async def post_vote(asked: Asked) -> VoteAnswer:
    idea, kind = asked.parameters.required_guid("idea_id"), read_type(asked.parameters)
    [body] = await look.bodies(asked, [await cast.cast(asked, idea, kind)])
    return VoteAnswer(body)


async def delete_vote(asked: Asked) -> Done:
    await cast.withdraw(asked, asked.parameters.required_guid("idea_id"))
    return Done()


_ASKED = (Invalid, Unauthenticated, NotFound)

ROUTES = (
    Route(
        "GET",
        "/api3/vote",
        api(list_votes),
        Access.NAMED,
        "Votes on ideas",
        response=VoteList,
        query=VotesQuery,
        problems=_ASKED,
    ),
    Route(
        "POST",
        "/api3/vote",
        api(post_vote),
        Access.NAMED,
        "Promotes or demotes an idea",
        request=VoteForm,
        response=VoteAnswer,
        query=VoteQuery,
        problems=_ASKED,
    ),
    Route(
        "DELETE",
        "/api3/vote",
        api(delete_vote),
        Access.NAMED,
        "Withdraws one's own vote",
        response=Done,
        query=WithdrawalQuery,
        problems=_ASKED,
    ),
)
