"""An idea's page: its text, its files, what is voted on it and said about it; and its short address."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.conventions.spelling import moment
from clerestory.families.ideas.files import serve
from clerestory.families.ideas.files.model import PICTURES
from clerestory.families.ideas.files.wire import AttachmentBody
from clerestory.families.ideas.ground import stand
from clerestory.families.ideas.ground.model import Plot
from clerestory.families.ideas.ideas import look
from clerestory.families.ideas.ideas.wire import IdeaBody
from clerestory.families.ideas.members import look as members
from clerestory.families.ideas.portal import store
from clerestory.families.ideas.portal.call import saying
from clerestory.families.ideas.portal.draw import draw, idea_path
from clerestory.families.ideas.portal.model import thread
from clerestory.families.ideas.rights.model import Deed
from clerestory.families.ideas.statuses import store as statuses
from clerestory.kernel.errors import NotFound, Problem
from clerestory.platform.web import asked as address

_SHOWN = frozenset({"promote_count", "demote_count", "tags", "additional_questions", "admin_fields"})
THREADS = 50
_MOST = 1000


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the one who looks may do with an idea now."""

    vote: bool
    demote: bool
    chips: bool
    comment: bool
    set_status: bool
    hide: bool
    merge: bool
    change: bool


async def get_short(_asked: Asked, _request: Request, plot: Plot) -> Response:  # async: views are awaited
    """From the short address of an idea to its page."""
    return RedirectResponse(idea_path(f"D{plot.idea}"), 302)


async def get_idea(asked: Asked, request: Request, plot: Plot) -> Response:
    """One idea with a page of what is said about it."""
    return await draw_idea(asked, request, plot, {})


async def get_file(asked: Asked, _request: Request) -> Response:
    """A file of what one sees, whole or as a thumbnail."""
    size = asked.parameters.text("thumb_size")
    given = saying(format="binary", **({} if size is None else {"thumb_size": size}))
    answer = await serve.read(Asked(asked.scope, asked.viewer, given, asked.id, asked.headers, head=asked.head))
    if not isinstance(answer, Response):
        raise NotFound
    return answer


async def draw_idea(
    asked: Asked, request: Request, plot: Plot, typed: Mapping[str, object], *, status: int = 200
) -> Response:
    """The page; with a comment that was refused, where one was typed."""
    runner, person = asked.scope.direct(), asked.viewer.person
    body = await look.one(asked, plot.uuid, _SHOWN)
    number = address.page(request)
    said = await store.thread(runner, plot.idea, person, (THREADS, (number - 1) * THREADS))
    campaign = UUID(body.campaign.id)
    allowed = allowed_on(asked, plot)
    path = idea_path(body.idea_code)
    values = {
        "idea": body,
        "plot": plot,
        "allowed": allowed,
        "mine": await store.mine(runner, plot.idea, person),
        "votes_comments": _votes_comments(asked, plot),
        "created": lambda one: moment(one.created),
        "thread": thread(said, manages=plot.ground.manages),
        "people": await members.embedded(asked, [one.comment.person for one in said]),
        "statuses": await statuses.page(runner, asked.viewer, campaign, statuses.DEFAULT_ORDER, (_MOST, 0))
        if allowed.set_status
        else [],
        "pictures": _of_pictures(body, are=True),
        "files": _of_pictures(body, are=False),
        "typed": {"comment": "", "answers": "", "faults": {}, "chips": None, **typed},
        "public": plot.ground.public and plot.ground.status != "Draft" and plot.visible,
        **address.pager(path, {}, number, await store.roots(runner, plot.idea), THREADS),
    }
    return await draw(asked, request, "idea.html", values, status=status)


def allowed_on(asked: Asked, plot: Plot) -> Allowed:
    """What buttons there are: where one would be refused, none."""
    viewer, ground = asked.viewer, plot.ground
    if asked.scope.tenant.public or viewer.person is None:
        return Allowed(*[False] * 8)
    is_open, own = ground.is_open(asked.scope.now), viewer.person == plot.person
    vote = is_open and not own and plot.refusal(viewer, Deed.PROMOTE) is None
    return Allowed(
        vote=vote,
        demote=vote and plot.refusal(viewer, Deed.DEMOTE) is None,
        chips=vote and ground.chips > 0,
        comment=_may_comment(asked, plot),
        set_status=plot.refusal(viewer, Deed.UPDATE_IDEA_STATUS) is None,
        hide=plot.refusal(viewer, Deed.HIDE) is None,
        merge=plot.refusal(viewer, Deed.MERGE) is None,
        change=_may_change(asked, plot),
    )


def _votes_comments(asked: Asked, plot: Plot) -> bool:
    """Whether comments of others are voted on: the idea may be one's own."""
    is_open = plot.ground.is_open(asked.scope.now) and not asked.scope.tenant.public
    return is_open and asked.viewer.person is not None and plot.refusal(asked.viewer, Deed.PROMOTE) is None


def _may_comment(asked: Asked, plot: Plot) -> bool:
    try:
        stand.may_comment(asked, plot)
    except Problem:
        return False
    return True


def _may_change(asked: Asked, plot: Plot) -> bool:
    if plot.refusal(asked.viewer, Deed.UPDATE_IDEA_TEXT) is not None:
        return False
    try:
        stand.in_season(asked, plot.ground)
    except Problem:
        return False
    return True


def _of_pictures(body: IdeaBody, *, are: bool) -> list[AttachmentBody]:
    """The files of the idea that a page shows itself, or the others."""
    files = body.attachments if isinstance(body.attachments, list) else []
    return [file for file in files if (file.extension in PICTURES) is are]
