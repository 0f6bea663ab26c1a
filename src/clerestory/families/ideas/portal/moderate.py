"""Moderation: what came in, to be hidden or shown, and an idea merged into another one or moved to another campaign."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.conventions.spelling import read_guid
from clerestory.families.ideas.ground.model import Plot
from clerestory.families.ideas.ideas import look
from clerestory.families.ideas.members import look as members
from clerestory.families.ideas.members.wire import concealed
from clerestory.families.ideas.moderation.merge import merge
from clerestory.families.ideas.moderation.move import Destination, move
from clerestory.families.ideas.portal import queue_store as store
from clerestory.families.ideas.portal.call import ROOT
from clerestory.families.ideas.portal.draw import draw, idea_path
from clerestory.families.ideas.portal.queue_store import Sifted
from clerestory.families.ideas.portal.submit import alike
from clerestory.families.ideas.rights.model import Deed
from clerestory.kernel.errors import Conflict, Forbidden, Invalid, NotFound, ReadOnly, Unauthenticated
from clerestory.platform.web import asked as address

SIZE = 20
_MOST = 200
_CODE = re.compile(r"[Dd]?([0-9]{1,18})", re.ASCII)
_SEEN = {"shown": True, "hidden": False}
NO_IDEA = "No idea of this campaign that you may merge it into has this number."
WHERE = "Choose a campaign."


@dataclass(frozen=True, slots=True)
class Wrong:
    """What was typed into one of the two forms, and why it was refused."""

    form: str = ""
    typed: str = ""
    text: str = ""
    status: int = 200


async def get_queue(asked: Asked, request: Request) -> Response:
    """A page of ideas or comments, the newest first. Raises Forbidden for those who manage nothing."""
    if not asked.viewer.known:
        raise Unauthenticated
    if asked.scope.tenant.public:
        raise ReadOnly
    runner = asked.scope.direct()
    campaigns = await store.managed(runner, asked.viewer, _MOST)
    if not campaigns and not asked.viewer.admin:
        raise Forbidden
    given = request.query_params
    kind = "comments" if given.get("kind") == "comments" else "ideas"
    campaign, seen, number = read_guid(given.get("campaign", "")), given.get("seen", ""), address.page(request)
    read = store.comments if kind == "comments" else store.ideas
    # One more than is shown says whether there is another page: nobody needs the count of all.
    part = (SIZE + 1, (number - 1) * SIZE)
    found = await read(runner, asked.viewer, Sifted(campaign, _SEEN.get(seen)), part)
    kept = {"campaign": campaign, "seen": seen if seen in _SEEN else None}
    path = f"{ROOT}moderation/"
    values = {
        "kind": kind,
        "entries": found[:SIZE],
        "people": await members.embedded(asked, [entry.person for entry in found[:SIZE] if entry.told]),
        "nobody": concealed(),
        "campaigns": campaigns,
        "campaign": campaign,
        "seen": seen,
        "number": number,
        "tabs": {one: address.address(path, {**kept, "kind": one}) for one in ("ideas", "comments")},
        "previous": address.address(path, {**kept, "kind": kind, "page": number - 1}) if number > 1 else None,
        "next": address.address(path, {**kept, "kind": kind, "page": number + 1}) if len(found) > SIZE else None,
    }
    return await draw(asked, request, "moderation.html", values)


async def get_idea(asked: Asked, request: Request, plot: Plot) -> Response:
    """The forms by which an idea is merged and moved."""
    _require(asked, plot)
    return await _draw(asked, request, plot, Wrong())


async def post_merge(asked: Asked, request: Request, plot: Plot) -> Response:
    """The idea merged into the one of this number; or the form again with why not."""
    _require(asked, plot)
    typed = (asked.parameters.text("into") or "").strip()
    code = _CODE.fullmatch(typed)
    into = None if code is None else await store.by_code(asked.scope.direct(), f"D{int(code[1])}")
    if code is None or into is None:
        return await _draw(asked, request, plot, Wrong("merge", typed, NO_IDEA, 400))
    try:
        await merge(asked, plot.uuid, into)
    except (NotFound, Forbidden):
        return await _draw(asked, request, plot, Wrong("merge", typed, NO_IDEA, 400))
    except Conflict as problem:
        return await _draw(asked, request, plot, Wrong("merge", typed, f"{problem.text}.", 409))
    return RedirectResponse(idea_path(f"D{int(code[1])}"), 303)


async def post_move(asked: Asked, request: Request, plot: Plot) -> Response:
    """The idea moved; or the form again with why not."""
    _require(asked, plot)
    typed = asked.parameters.text("to") or ""
    campaign, _, category = typed.partition(" ")
    to = address.whole(campaign)
    if to is None:
        return await _draw(asked, request, plot, Wrong("move", typed, WHERE, 400))
    try:
        await move(asked, plot.uuid, Destination(to, address.whole(category)))
    except Invalid as problem:
        return await _draw(
            asked, request, plot, Wrong("move", typed, " ".join(fault.text for fault in problem.faults), 400)
        )
    except Conflict as problem:
        return await _draw(asked, request, plot, Wrong("move", typed, f"{problem.text}.", 409))
    return RedirectResponse(idea_path(f"D{plot.idea}"), 303)


def _require(asked: Asked, plot: Plot) -> None:
    """Raises what the one who asks deserves where it may neither merge nor move."""
    plot.require(asked.viewer, Deed.MERGE)
    if asked.scope.tenant.public:
        raise ReadOnly


async def _draw(asked: Asked, request: Request, plot: Plot, wrong: Wrong) -> Response:
    body = await look.one(asked, plot.uuid, frozenset())
    like = await alike(asked, UUID(body.campaign.id), body.title)
    places = await store.places(asked.scope.direct(), asked.viewer, plot.ground.campaign, _MOST)
    values: Mapping[str, object] = {
        "idea": body,
        "alike": [one for one in like if one.code != body.idea_code],
        "places": places,
        "wrong": wrong,
    }
    return await draw(asked, request, "moderate.html", values, status=wrong.status)
