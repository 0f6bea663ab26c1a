"""Hiding an idea or a comment, and showing it again. What is hidden is seen by those who manage its campaign alone."""

from uuid import UUID

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.ground import stand
from clerestory.families.ideas.ideas import edit
from clerestory.families.ideas.ideas.form.model import Draft
from clerestory.families.ideas.moderation import store
from clerestory.families.ideas.rights.model import Deed
from clerestory.families.ideas.standing import keep
from clerestory.families.ideas.standing.model import Counts
from clerestory.kernel.errors import Conflict, NotFound

CARRIED_OFF = "The comment has just moved to another idea. Try again."


async def show_idea(asked: Asked, idea: UUID, *, visible: bool) -> None:
    """Shows the idea, or hides it. Raises NotFound, Forbidden, and Conflict for one that was merged."""
    await edit.change(asked, idea, Draft(visible=visible))


async def show_comment(asked: Asked, comment: UUID, *, visible: bool) -> None:
    """Shows the comment, or hides it. Raises NotFound, Forbidden, and Conflict while its idea is being merged."""
    async with asked.scope.begin() as tx:
        on = await store.idea_of(tx, comment)
        if on is None:
            raise NotFound
        idea = await keep.hold(tx, on)
        found = await store.comment(tx, comment)
        if found is None:
            raise NotFound
        if found.idea != idea:
            # Before the idea was held, a merge carried it off; the other idea is held in an order of its own.
            raise Conflict(CARRIED_OFF)
        plot = await stand.plot_of(asked, tx, idea)
        stand.may_see(asked, plot, visible=found.visible)
        plot.require(asked.viewer, Deed.HIDE)
        if found.visible != visible:
            await store.show_comment(tx, found.id, asked.scope.now, visible=visible)
            step = 1 if visible else -1
            await keep.gain(tx, idea, Counts(comments=step, hidden_comments=-step))
