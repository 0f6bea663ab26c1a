"""idea: GET one, LIST, CREATE, UPDATE."""

from clerestory.families.ideas.calling import Asked, api
from clerestory.families.ideas.conventions.listing import order_of, page_of
from clerestory.families.ideas.files.attach import ATTACHED
from clerestory.families.ideas.ideas import edit, look, post, store
from clerestory.families.ideas.ideas.filters import read_wanted
from clerestory.families.ideas.ideas.wire import (
    WITH,
    IdeaAnswer,
    IdeaChange,
    IdeaForm,
    IdeaList,
    IdeaQuery,
    IdeasQuery,
)
from clerestory.kernel.errors import Invalid, NotFound, Unauthenticated
from clerestory.platform.http import Access, Route


async def get_idea(asked: Asked) -> IdeaAnswer:
    return IdeaAnswer(await look.one(asked, asked.uuid, asked.parameters.wanted(WITH)))


async def list_ideas(asked: Asked) -> IdeaList:
    parameters = asked.parameters
    order = order_of(parameters, store.SORTABLE, store.DEFAULT_ORDER, store.TIE)
    return await look.listed(asked, read_wanted(parameters), order, page_of(parameters), parameters.wanted(WITH))


async def post_idea(asked: Asked) -> IdeaAnswer:
    uuid = await post.post(asked)
    return IdeaAnswer(await look.one(asked, uuid, asked.parameters.wanted(WITH)))


async def put_idea(asked: Asked) -> IdeaAnswer:
    await edit.edit(asked, asked.uuid)
    return IdeaAnswer(await look.one(asked, asked.uuid, asked.parameters.wanted(WITH)))


_ASKED = (Invalid, Unauthenticated, NotFound)

ROUTES = (
    Route(
        "GET",
        "/api3/idea",
        api(list_ideas),
        Access.NAMED,
        "Ideas",
        response=IdeaList,
        query=IdeasQuery,
        problems=_ASKED,
    ),
    Route(
        "POST",
        "/api3/idea",
        api(post_idea),
        Access.NAMED,
        "Submits an idea",
        request=IdeaForm,
        response=IdeaAnswer,
        query=IdeaQuery,
        problems=_ASKED,
        uploads=ATTACHED,
    ),
    Route(
        "GET",
        "/api3/idea/{id}",
        api(get_idea),
        Access.NAMED,
        "One idea",
        response=IdeaAnswer,
        query=IdeaQuery,
        problems=_ASKED,
    ),
    Route(
        "PUT",
        "/api3/idea/{id}",
        api(put_idea),
        Access.NAMED,
        "Changes an idea",
        request=IdeaChange,
        response=IdeaAnswer,
        query=IdeaQuery,
        problems=_ASKED,
    ),
)
