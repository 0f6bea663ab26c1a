"""The form of an idea: drawn from what the campaign asks, with ideas that may be the same; and an idea changed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.campaigns import look as campaigns
from clerestory.families.ideas.conventions.parameters import Parameters
from clerestory.families.ideas.conventions.spelling import guid
from clerestory.families.ideas.ground import stand
from clerestory.families.ideas.ground import store as grounds
from clerestory.families.ideas.ground.model import Ground, Plot
from clerestory.families.ideas.ideas import edit, look, post
from clerestory.families.ideas.portal import store
from clerestory.families.ideas.portal.call import faults_of
from clerestory.families.ideas.portal.draw import campaign_path, draw, idea_path
from clerestory.families.ideas.portal.ideas import allowed_on
from clerestory.families.ideas.portal.model import Alike
from clerestory.families.ideas.portal.sheet import Sheet, draw_up, filled, missing
from clerestory.families.ideas.search.model import read_query
from clerestory.families.ideas.widgets.look import questions
from clerestory.kernel.errors import Forbidden, Invalid, NotFound, ReadOnly, TooLarge, Unauthenticated
from clerestory.platform.web.asked import address

_SHOWN = frozenset({"tags", "additional_questions", "admin_fields"})
_LONGEST = 2000
_SHORTEST = 3
_MOST_CAMPAIGNS = 200
_FILES = "attachments"


async def get_start(asked: Asked, request: Request) -> Response:
    """Where a text from elsewhere goes: to the form of the one campaign that takes ideas, or to a choice of them."""
    if not asked.viewer.known:
        raise Unauthenticated
    if asked.scope.tenant.public:
        raise ReadOnly
    given = {
        "title": (asked.parameters.text("title") or "")[:_LONGEST],
        "description": (asked.parameters.text("text") or "")[:_LONGEST],
    }
    found = await store.open_campaigns(asked.scope.direct(), asked.viewer, asked.scope.now, _MOST_CAMPAIGNS)
    choices = [(one, address(campaign_path(str(one.uuid), "new/"), given)) for one in found]
    if len(choices) == 1:
        return RedirectResponse(choices[0][1], 303)
    return await draw(asked, request, "start.html", {"choices": choices, "title": given["title"]})


async def get_new(asked: Asked, request: Request) -> Response:
    """The form of a new idea. An address may bring its text."""
    if not asked.viewer.known:
        raise Unauthenticated
    ground = await _ground(asked)
    given = {name: [(asked.parameters.text(name) or "")[:_LONGEST]] for name in ("title", "description")}
    sheet = draw_up(await questions(asked, asked.uuid), ground, given)
    return await _draw(asked, request, sheet)


async def post_new(asked: Asked, request: Request) -> Response:
    """A new idea; or the form again with what is wrong, or with ideas that may be the same."""
    ground = await _ground(asked)
    sheet = draw_up(await questions(asked, asked.uuid), ground, asked.parameters.texts)
    if asked.parameters.flag("look"):
        return await _draw(asked, request, sheet)
    texts = filled(sheet, asked.parameters)
    faults = missing(sheet, texts)
    if not faults:
        given = Parameters({**texts, "campaign_id": [guid(asked.uuid)]}, asked.parameters.files)
        try:
            made = await post.post(replace(asked, parameters=given))
        except Invalid as problem:
            faults = _at_their_fields(problem)
        else:
            return RedirectResponse(idea_path((await store.codes(asked.scope.direct(), [made]))[made]), 303)
    return await _draw(asked, request, replace(sheet, faults=faults), status=400)


async def get_edit(asked: Asked, request: Request, plot: Plot) -> Response:
    """The form of an idea that is there."""
    sheet, campaign = await _of_idea(asked, plot)
    return await _draw_edit(asked, request, plot, (sheet, campaign))


async def post_edit(asked: Asked, request: Request, plot: Plot) -> Response:
    """The idea as the form says; or the form again with what is wrong."""
    before, campaign = await _of_idea(asked, plot)
    sheet = replace(before, typed=asked.parameters.texts)
    texts = filled(sheet, asked.parameters)
    faults = missing(sheet, texts)
    if not faults:
        try:
            await edit.edit(replace(asked, parameters=Parameters(texts)), plot.uuid)
        except Invalid as problem:
            faults = _at_their_fields(problem)
        else:
            return RedirectResponse(idea_path(f"D{plot.idea}"), 303)
    return await _draw_edit(asked, request, plot, (replace(sheet, faults=faults), campaign), status=400)


async def _draw(asked: Asked, request: Request, sheet: Sheet, *, status: int = 200) -> Response:
    campaign = await campaigns.one(asked, asked.uuid)
    shown = replace(sheet, alike=await alike(asked, asked.uuid, sheet.text("title")))
    path = campaign_path(campaign.id, "new/")
    values = {"sheet": shown, "campaign": campaign, "target": path, "code": ""}
    return await draw(asked, request, "submit.html", values, status=status)


async def _draw_edit(
    asked: Asked, request: Request, plot: Plot, form: tuple[Sheet, UUID], *, status: int = 200
) -> Response:
    sheet, campaign = form
    code = f"D{plot.idea}"
    values = {
        "sheet": sheet,
        "campaign": await campaigns.one(asked, campaign),
        "target": f"{idea_path(code)}edit/",
        "code": code,
    }
    return await draw(asked, request, "submit.html", values, status=status)


async def _of_idea(asked: Asked, plot: Plot) -> tuple[Sheet, UUID]:
    """The form of an idea with what stands in it, and its campaign. Raises Forbidden where it may not be changed."""
    if not allowed_on(asked, plot).change:
        raise Forbidden
    body = await look.one(asked, plot.uuid, _SHOWN)
    answers = [*(body.additional_questions or []), *(body.admin_fields or [])]
    typed: Mapping[str, Sequence[str]] = {
        "title": [body.title],
        "description": [body.description],
        "category_id": [body.category.id],
        "tags": [", ".join(tag.name for tag in body.tags or [])],
        "anonymous": ["1" if body.anonymous else "0"],
        **{answer.id: [answer.response_text] for answer in answers},
    }
    campaign = UUID(body.campaign.id)
    asked_for = [one for one in await questions(asked, campaign) if one.id != _FILES]
    sheet = draw_up(asked_for, plot.ground, typed)
    return replace(sheet, anonymous=sheet.anonymous or body.anonymous), campaign


async def _ground(asked: Asked) -> Ground:
    """The campaign in the path. Raises what who may not submit there deserves."""
    ground = await grounds.campaign(asked.scope.direct(), asked.viewer, asked.uuid)
    if ground is None:
        raise NotFound
    stand.may_submit(asked, ground)
    return ground


async def alike(asked: Asked, campaign: UUID, title: str) -> list[Alike]:
    """The ideas of the campaign that may be the same as one of this title."""
    words = [word for word in read_query(title).words if len(word) >= _SHORTEST]
    return await store.alike(asked.scope.direct(), asked.viewer, campaign, words) if words else []


def _at_their_fields(problem: Invalid) -> dict[str, str]:
    """What is wrong, by field; what is wrong with no field of the API is a file."""
    if isinstance(problem, TooLarge):
        return {_FILES: "A file has at most 7 MB. Choose the files again."}
    faults = dict(faults_of(problem))
    if "" in faults:
        faults[_FILES] = f"{faults.pop('')}. Choose the files again."
    return faults
