"""chipVote: LIST, CREATE."""

from clerestory.families.ideas.calling import Asked, api
from clerestory.families.ideas.chipvotes import lay, look, store
from clerestory.families.ideas.chipvotes.model import Wanted
from clerestory.families.ideas.chipvotes.wire import (
    ChipVoteAnswer,
    ChipVoteForm,
    ChipVoteList,
    ChipVoteQuery,
    ChipVotesQuery,
)
from clerestory.families.ideas.conventions.listing import order_of, page_of
from clerestory.kernel.errors import Invalid, NotFound, Unauthenticated
from clerestory.platform.http import Access, Route


async def list_chip_votes(asked: Asked) -> ChipVoteList:
    parameters = asked.parameters
    wanted = Wanted(
        idea=parameters.sought("idea_id"),
        member=parameters.sought("member_id"),
        created=parameters.day("date_created"),
    )
    order = order_of(parameters, store.SORTABLE, store.DEFAULT_ORDER, store.TIE)
    return await look.listed(asked, wanted, order, page_of(parameters))


async def post_chip_vote(asked: Asked) -> ChipVoteAnswer:
    idea, chips = asked.parameters.required_guid("idea_id"), lay.read_chips(asked.parameters)
    [body] = await look.bodies(asked, [await lay.lay(asked, idea, chips)])
    return ChipVoteAnswer(body)


_ASKED = (Invalid, Unauthenticated, NotFound)

ROUTES = (
    Route(
        "GET",
        "/api3/chipVote",
        api(list_chip_votes),
        Access.NAMED,
        "Chips on ideas",
        response=ChipVoteList,
        query=ChipVotesQuery,
        problems=_ASKED,
    ),
    Route(
        "POST",
        "/api3/chipVote",
        api(post_chip_vote),
        Access.NAMED,
        "Lays chips on an idea",
        request=ChipVoteForm,
        response=ChipVoteAnswer,
        query=ChipVoteQuery,
        problems=_ASKED,
    ),
)
