"""widget/postIdea and widget/ideaList: what a form and a list of ideas are drawn from."""

from clerestory.families.ideas.calling import Asked, api
from clerestory.families.ideas.conventions.listing import order_of, page_of
from clerestory.families.ideas.conventions.spelling import read_guid
from clerestory.families.ideas.ideas import look as ideas
from clerestory.families.ideas.ideas import store as idea_store
from clerestory.families.ideas.ideas.filters import read_wanted
from clerestory.families.ideas.ideas.wire import WITH, IdeaList
from clerestory.families.ideas.widgets import look
from clerestory.families.ideas.widgets.wire import FormAnswer, FormQuery, WidgetQuery, to_question
from clerestory.kernel.errors import Fault, Invalid, Kind, NotFound, Unauthenticated
from clerestory.platform.http import Access, Route

_TABS = {"best": "s.score DESC, i.id DESC", "recent": idea_store.DEFAULT_ORDER}


async def get_form(asked: Asked) -> FormAnswer:
    if not asked.viewer.known:
        raise Unauthenticated
    campaign = read_guid(asked.parameters.required("campaign_id"))
    if campaign is None:
        raise Invalid(Fault("campaign_id", Kind.INVALID, look.BAD_GUID))
    return FormAnswer([to_question(question) for question in await look.questions(asked, campaign)])


async def list_ideas(asked: Asked) -> IdeaList:
    parameters = asked.parameters
    order = order_of(parameters, idea_store.SORTABLE, idea_store.DEFAULT_ORDER, idea_store.TIE)
    order = _TABS.get((parameters.text("tab") or "").strip().lower(), order)
    return await ideas.listed(asked, read_wanted(parameters), order, page_of(parameters), parameters.wanted(WITH))


_ASKED = (Invalid, Unauthenticated, NotFound)

ROUTES = (
    Route(
        "GET",
        "/api3/widget/postIdea",
        api(get_form),
        Access.NAMED,
        "What a campaign's form asks",
        response=FormAnswer,
        query=FormQuery,
        problems=_ASKED,
    ),
    Route(
        "GET",
        "/api3/widget/ideaList",
        api(list_ideas),
        Access.NAMED,
        "Ideas, the best or the newest first",
        response=IdeaList,
        query=WidgetQuery,
        problems=_ASKED,
    ),
)
