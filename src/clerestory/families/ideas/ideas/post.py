"""Submitting an idea: the row, its answers and tags, every counter and the event, in one transaction."""

from collections.abc import Sequence
from uuid import UUID

from clerestory.families.ideas.activity.model import Event, Happening
from clerestory.families.ideas.activity.record import record
from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.campaigns.enter import enter
from clerestory.families.ideas.files.attach import attach, kept
from clerestory.families.ideas.follow import tell
from clerestory.families.ideas.ground import stand
from clerestory.families.ideas.ground import store as grounds
from clerestory.families.ideas.ground.model import Ground
from clerestory.families.ideas.ideas.form import store as forms
from clerestory.families.ideas.ideas.form.model import MISSING, Draft, Reply, replies, unanswered
from clerestory.families.ideas.ideas.form.read import read_new
from clerestory.families.ideas.ideas.form.store import Choice
from clerestory.families.ideas.ideas.tagging.tag import tag
from clerestory.families.ideas.ideas.writing import store
from clerestory.families.ideas.ideas.writing.model import Text
from clerestory.families.ideas.rights.model import Deed, refusal
from clerestory.families.ideas.standing import keep
from clerestory.families.ideas.standing.model import Key
from clerestory.kernel.errors import Absent, Conflict, Fault, Invalid, Kind, NotFound
from clerestory.platform.database import Tx

NO_TAGS = "This campaign has no tags"
NOT_ANONYMOUS = "This campaign takes no anonymous ideas"


async def post(asked: Asked) -> UUID:
    """Submits the idea that the request gives; its id. Raises Invalid, NotFound, Forbidden."""
    draft = read_new(asked.parameters)
    now = asked.scope.now
    async with kept(asked) as files, asked.scope.begin() as tx:
        ground = None if draft.campaign is None else await grounds.campaign(tx, asked.viewer, draft.campaign)
        if ground is None:
            raise NotFound
        stand.may_submit(asked, ground)
        choice = await forms.choose(tx, ground.campaign, draft)
        text = _text(asked, draft, ground, choice)
        given = await _replies(asked, tx, draft, ground)
        made = await store.insert(tx, text, now)
        if made is None:
            raise Absent
        if given:
            await store.answer(tx, made.id, given)
        await keep.begin(tx, made.id, Key(text.campaign, text.category, text.status, text.visible))
        await tag(tx, made.id, draft.tags or (), visible=text.visible)
        await attach(asked, tx, files, idea=made.id)
        event = await record(tx, Event(Happening.POST_IDEA, text.person, text.campaign, made.id), now)
        await tell.contribute(asked.scope, tx, event)
        await enter(tx, text.campaign, text.person)
    return made.uuid


def _text(asked: Asked, draft: Draft, ground: Ground, choice: Choice) -> Text:
    """The row. Raises what is wrong with what was given."""
    may_mark(draft, ground)
    category = chosen(draft.category, choice.category)
    if category is None and ground.category_required and choice.has_categories:
        raise Invalid(Fault("category_id", Kind.MISSING, MISSING))
    status = chosen(draft.status, choice.status) or choice.first_status
    if status is None:
        raise Conflict("This campaign has no status that a new idea could have")
    person = chosen(draft.member, choice.person) or asked.viewer.person
    if person is None:
        raise Invalid(Fault("member_id", Kind.MISSING, MISSING))
    visible = draft.visible is not False
    if status != choice.first_status:
        _require(asked, ground, Deed.UPDATE_IDEA_STATUS)
    if not visible or person != asked.viewer.person:
        _require(asked, ground, Deed.UPDATE_IDEA_REST)
    return Text(
        campaign=ground.campaign,
        category=category,
        status=status,
        person=person,
        title=draft.title or "",
        description=draft.description or "",
        visible=visible,
        anonymous=bool(draft.anonymous),
        language=ground.language,
    )


def may_mark(draft: Draft, ground: Ground, *, anonymous: bool = False) -> None:
    """Raises Invalid for tags or for anonymity where the campaign has none; what is anonymous already may stay so."""
    if draft.tags and not ground.tagging:
        raise Invalid(Fault("tags", Kind.INVALID, NO_TAGS))
    if draft.anonymous and not (anonymous or ground.anonymous):
        raise Invalid(Fault("anonymous", Kind.INVALID, NOT_ANONYMOUS))


def chosen(asked_for: UUID | None, found: int | None) -> int | None:
    """What was asked for. Raises NotFound where an id means nothing here."""
    if asked_for is not None and found is None:
        raise NotFound
    return found


async def _replies(asked: Asked, tx: Tx, draft: Draft, ground: Ground) -> Sequence[Reply]:
    """The answers. Raises Invalid where one is missing that the form wants."""
    administers = ground.administers or asked.viewer.admin
    asked_for = await forms.questions(tx, ground.campaign)
    given = replies(asked_for, draft.answers, administers=administers)
    missing = unanswered(asked_for, given)
    if missing:
        raise Invalid(*(Fault(str(question.uuid).upper(), Kind.MISSING, MISSING) for question in missing))
    return [reply for reply in given if reply.text]


def _require(asked: Asked, ground: Ground, deed: Deed) -> None:
    problem = refusal(ground.role(asked.viewer), deed, ground.case())
    if problem is not None:
        raise problem
