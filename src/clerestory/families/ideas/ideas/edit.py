"""Changing an idea: its text, its marks, its place. Every counter goes with it in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from clerestory.families.ideas.activity import record as activity
from clerestory.families.ideas.activity.model import Event, Happening
from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.follow import tell
from clerestory.families.ideas.ground import stand
from clerestory.families.ideas.ground import store as grounds
from clerestory.families.ideas.ground.model import Ground, Plot
from clerestory.families.ideas.ideas.form import store as forms
from clerestory.families.ideas.ideas.form.model import MISSING, Draft, Reply, replies
from clerestory.families.ideas.ideas.form.read import read_change
from clerestory.families.ideas.ideas.post import chosen, may_mark
from clerestory.families.ideas.ideas.tagging.tag import retag
from clerestory.families.ideas.ideas.writing import store
from clerestory.families.ideas.ideas.writing.model import Text, deeds
from clerestory.families.ideas.rights.model import Deed, refusal
from clerestory.families.ideas.standing import keep
from clerestory.kernel.errors import Conflict, Fault, Invalid, Kind, NotFound
from clerestory.platform.database import Tx

MERGED = "This idea was merged into {other}"


@dataclass(frozen=True, slots=True)
class _Change:
    """What is to be written of one idea."""

    idea: int
    before: Text
    after: Text
    given: Sequence[Reply]
    tags: tuple[str, ...] | None


async def edit(asked: Asked, uuid: UUID) -> None:
    """Changes the idea as the request says. Raises Invalid, NotFound, Forbidden, Conflict."""
    await change(asked, uuid, read_change(asked.parameters))


async def change(asked: Asked, uuid: UUID, draft: Draft) -> None:
    """Changes what the draft gives of the idea. Raises as `edit`."""
    async with asked.scope.begin() as tx:
        idea = await keep.hold(tx, uuid)
        plot = await stand.plot_of(asked, tx, idea)
        before = await store.read(tx, idea)
        if before is None:
            raise NotFound
        ground = await _target(asked, tx, draft, plot)
        after = await _after(tx, draft, before, ground, idea)
        asked_for = await forms.questions(tx, ground.campaign) if draft.answers else []
        given = replies(asked_for, draft.answers, administers=ground.administers or asked.viewer.admin)
        changed = _Change(idea, before, after, given, draft.tags)
        _require(asked, plot, ground, changed)
        if (before.visible, before.campaign) != (after.visible, after.campaign):
            await _stays_merged(tx, idea)
        await _write(asked, tx, changed)


async def _stays_merged(tx: Tx, idea: int) -> None:
    """Raises Conflict where the idea was merged into another one: it stays hidden, where it is."""
    other = await store.merged_into(tx, idea)
    if other is not None:
        raise Conflict(MERGED.format(other=other))


async def _target(asked: Asked, tx: Tx, draft: Draft, plot: Plot) -> Ground:
    """The campaign that the idea is to be in. Raises NotFound for one that may not be entered."""
    if draft.campaign is None:
        return plot.ground
    ground = await grounds.campaign(tx, asked.viewer, draft.campaign)
    if ground is None or not ground.enters:
        raise NotFound
    return ground


async def _after(tx: Tx, draft: Draft, before: Text, ground: Ground, idea: int) -> Text:
    """The row as it is to be. Raises what is wrong with what was given."""
    may_mark(draft, ground, anonymous=before.anonymous)
    choice = await forms.choose(tx, ground.campaign, draft, idea)
    moves = ground.campaign != before.campaign
    kept = choice.category_like if moves else before.category
    category = chosen(draft.category, choice.category) or kept
    if moves and category is None and ground.category_required and choice.has_categories:
        raise Invalid(Fault("category_id", Kind.MISSING, MISSING))
    stays = choice.status_like or choice.first_status if moves else before.status
    status = chosen(draft.status, choice.status) or stays
    if status is None:
        raise Conflict("This campaign has no status that the idea could have")
    return replace(
        before,
        campaign=ground.campaign,
        category=category,
        status=status,
        person=chosen(draft.member, choice.person) or before.person,
        title=before.title if draft.title is None else draft.title,
        description=before.description if draft.description is None else draft.description,
        visible=before.visible if draft.visible is None else draft.visible,
        anonymous=before.anonymous if draft.anonymous is None else draft.anonymous,
        language=ground.language,
    )


def _require(asked: Asked, plot: Plot, ground: Ground, change: _Change) -> None:
    """Raises what the one who asks deserves where it may not change so much."""
    more = bool(change.given) or change.tags is not None
    needed = deeds(change.before, change.after, more=more)
    for deed in needed or _any_of(asked, plot):
        problem = plot.refusal(asked.viewer, deed)
        if problem is None and ground.campaign != plot.ground.campaign:
            problem = refusal(ground.role(asked.viewer), deed, ground.case())
        if problem is not None:
            raise problem
    if Deed.UPDATE_IDEA_TEXT in needed:
        stand.in_season(asked, plot.ground)


def _any_of(asked: Asked, plot: Plot) -> list[Deed]:
    """What a request that changes nothing needs: the right to change anything."""
    sets_status = plot.refusal(asked.viewer, Deed.UPDATE_IDEA_STATUS) is None
    return [Deed.UPDATE_IDEA_STATUS if sets_status else Deed.UPDATE_IDEA_TEXT]


async def _write(asked: Asked, tx: Tx, change: _Change) -> None:
    idea, before, after, now = change.idea, change.before, change.after, asked.scope.now
    standing = await keep.read(tx, idea)
    await store.update(tx, idea, after, now)
    answered = [reply for reply in change.given if reply.text]
    if answered:
        await store.answer(tx, idea, answered)
    if len(answered) < len(change.given):
        await store.take_back(tx, idea, [reply.question for reply in change.given if not reply.text])
    if before.campaign != after.campaign:
        await store.lock_budgets(tx, idea, (before.campaign, after.campaign))
        await store.give_back(tx, idea, before.campaign)
        await store.spend(tx, idea, after.campaign)
        await activity.moved(tx, idea, after.campaign)
    await keep.moved(tx, idea, standing)
    if change.tags is not None or before.visible != after.visible:
        await retag(tx, idea, change.tags, was_visible=before.visible, visible=after.visible)
    if before.status != after.status:
        event = Event(Happening.STATUS_CHANGE, asked.viewer.person, after.campaign, idea, status=after.status)
        await tell.spread(asked.scope, tx, await activity.record(tx, event, now))
