"""Commenting on an idea: the row, the counters and the event, in one transaction."""

from uuid import UUID

from clerestory.families.ideas.activity.model import Event, Happening
from clerestory.families.ideas.activity.record import record
from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.campaigns.enter import enter
from clerestory.families.ideas.comments import store
from clerestory.families.ideas.comments.model import Text
from clerestory.families.ideas.files.attach import attach, kept
from clerestory.families.ideas.files.model import OF_COMMENT
from clerestory.families.ideas.follow import tell
from clerestory.families.ideas.ground import stand
from clerestory.families.ideas.ideas.form.model import TEXT_MOST, bounded
from clerestory.families.ideas.standing import keep
from clerestory.families.ideas.standing.model import Counts
from clerestory.kernel.errors import Absent, NotFound


async def post(asked: Asked, idea_uuid: UUID, text: str, answers: UUID | None = None) -> UUID:
    """Puts a comment of who asks on the idea, maybe below another; its id. Raises Invalid, NotFound, Forbidden."""
    bounded("comment", text, TEXT_MOST)
    now = asked.scope.now
    async with kept(asked, OF_COMMENT) as files, asked.scope.begin() as tx:
        idea = await keep.hold(tx, idea_uuid)
        plot = await stand.plot_of(asked, tx, idea)
        stand.may_comment(asked, plot)
        person, campaign = stand.person_of(asked), plot.ground.campaign
        above = None if answers is None else await store.answered(tx, idea, answers, hidden=plot.ground.manages)
        if answers is not None and above is None:
            raise NotFound
        made = await store.insert(tx, Text(idea, person, text, above), now)
        if made is None:
            raise Absent
        await attach(asked, tx, files, comment=made.id)
        event = await record(tx, Event(Happening.POST_COMMENT, person, campaign, idea, made.id), now)
        await tell.contribute(asked.scope, tx, event)
        await keep.gain(tx, idea, Counts(comments=1))
        await enter(tx, campaign, person)
    return made.uuid
