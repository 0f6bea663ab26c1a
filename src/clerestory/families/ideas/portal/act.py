"""What is done on an idea's page: voting, laying chips, commenting, moderating. Every form is one of plain HTML.

After each the browser is led back to where its form stood; script puts that page's part in place instead.
"""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.chipvotes import lay
from clerestory.families.ideas.comments import post
from clerestory.families.ideas.commentvotes import cast as comment_cast
from clerestory.families.ideas.ground.model import Plot
from clerestory.families.ideas.ideas import edit
from clerestory.families.ideas.ideas.form.model import Draft
from clerestory.families.ideas.moderation import hide
from clerestory.families.ideas.portal import store
from clerestory.families.ideas.portal.call import back, faults_of
from clerestory.families.ideas.portal.draw import idea_path
from clerestory.families.ideas.portal.ideas import THREADS, draw_idea
from clerestory.families.ideas.rights.model import Deed
from clerestory.families.ideas.votes import cast
from clerestory.families.ideas.votes.read import read_type
from clerestory.kernel.errors import Invalid

_NONE = "none"


async def post_vote(asked: Asked, _request: Request, plot: Plot) -> Response:
    """A vote cast or taken back."""
    if asked.parameters.text("type") == _NONE:
        await cast.withdraw(asked, plot.uuid)
    else:
        await cast.cast(asked, plot.uuid, read_type(asked.parameters))
    return back(asked, _path(plot))


async def post_comment_vote(asked: Asked, _request: Request) -> Response:
    """A vote on a comment cast or taken back."""
    if asked.parameters.text("type") == _NONE:
        await comment_cast.withdraw(asked, asked.uuid)
    else:
        await comment_cast.cast(asked, asked.uuid, read_type(asked.parameters))
    return back(asked, "/ideas/")


async def post_chips(asked: Asked, request: Request, plot: Plot) -> Response:
    """So many chips lie there; or the page again with why not."""
    try:
        await lay.lay(asked, plot.uuid, lay.read_chips(asked.parameters))
    except Invalid as problem:
        typed = {"chips": asked.parameters.text("chips") or "", "faults": faults_of(problem)}
        return await draw_idea(asked, request, plot, typed, status=400)
    return back(asked, _path(plot))


async def post_comment(asked: Asked, request: Request, plot: Plot) -> Response:
    """A comment, or an answer to one; or the page again with what is wrong."""
    text, above = asked.parameters.text("comment") or "", asked.parameters.guid("answers")
    try:
        made = await post.post(asked, plot.uuid, asked.parameters.required("comment"), above)
    except Invalid as problem:
        answers = "" if above is None else str(above)
        typed = {"comment": text, "answers": answers, "faults": faults_of(problem)}
        return await draw_idea(asked, request, plot, typed, status=400)
    return RedirectResponse(await _place_of(asked, plot, made), 303)


async def post_status(asked: Asked, _request: Request, plot: Plot) -> Response:
    """The idea's new status."""
    plot.require(asked.viewer, Deed.UPDATE_IDEA_STATUS)
    await edit.change(asked, plot.uuid, Draft(status=asked.parameters.required_guid("status")))
    return back(asked, _path(plot))


async def post_visible(asked: Asked, _request: Request, plot: Plot) -> Response:
    """The idea hidden, or shown."""
    plot.require(asked.viewer, Deed.HIDE)
    await hide.show_idea(asked, plot.uuid, visible=asked.parameters.truth("visible") is True)
    return back(asked, _path(plot))


async def post_comment_visible(asked: Asked, _request: Request) -> Response:
    """A comment hidden, or shown."""
    await hide.show_comment(asked, asked.uuid, visible=asked.parameters.truth("visible") is True)
    return back(asked, "/ideas/")


async def _place_of(asked: Asked, plot: Plot, comment: UUID) -> str:
    """The page on which the comment stands, and where on it."""
    number, thread = await store.comment_place(asked.scope.direct(), comment)
    page = thread // THREADS + 1
    return f"{_path(plot)}{f'?page={page}' if page > 1 else ''}#comment-{number}"


def _path(plot: Plot) -> str:
    return idea_path(f"D{plot.idea}")
