"""Ideas looked at: one, a list, and those inside other objects, all of a page in one statement."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.conventions.listing import Page
from clerestory.families.ideas.files.wire import to_attachment
from clerestory.families.ideas.ideas import store
from clerestory.families.ideas.ideas.model import Idea, Wanted
from clerestory.families.ideas.ideas.parts.gather import gather
from clerestory.families.ideas.ideas.parts.model import DEMOTE, FIRST, PROMOTE, Parts
from clerestory.families.ideas.ideas.parts.wire import to_answer, to_comment, to_tags, to_vote
from clerestory.families.ideas.ideas.wire import (
    IdeaBody,
    IdeaList,
    IdeaOutline,
    to_idea,
    to_idea_outline,
)
from clerestory.families.ideas.members import look as members
from clerestory.families.ideas.members.wire import MemberBody, concealed
from clerestory.families.ideas.rights.filters import Named, require_seen
from clerestory.kernel.errors import NotFound


async def embedded(asked: Asked, ideas: Iterable[int]) -> Mapping[int, IdeaOutline]:
    """{idea: its outline}, for objects that show their ideas. One statement for all of them."""
    wanted = sorted(set(ideas))
    if not wanted:
        return {}
    return {idea.id: to_idea_outline(idea) for idea in await store.outlines(asked.scope.direct(), wanted)}


async def one(asked: Asked, uuid: UUID, sub: frozenset[str]) -> IdeaBody:
    """One idea that is seen, always with its newest votes. Raises NotFound."""
    found = await store.one_idea(asked.scope.direct(), asked.viewer, uuid)
    if found is None:
        raise NotFound
    [body] = await bodies(asked, [found], sub | {"votes"})
    return body


async def listed(asked: Asked, wanted: Wanted, order: str, page: Page, sub: frozenset[str]) -> IdeaList:
    """A page of the ideas that are wanted and seen. Raises NotFound for a filter by what is not seen."""
    runner = asked.scope.direct()
    numbers = await store.page(runner, asked.viewer, wanted, order, (page.size, page.offset))
    total = await store.count(runner, asked.viewer, wanted)
    if not total:
        await require_seen(runner, asked.viewer, Named(campaign=wanted.campaign, member=wanted.member))
    found = await store.ideas(runner, asked.viewer, numbers) if numbers else []
    return IdeaList(await bodies(asked, found, sub), page.stats(total))


async def bodies(asked: Asked, ideas: Sequence[Idea], sub: frozenset[str]) -> list[IdeaBody]:
    """These ideas with all that is asked for, in a number of statements that does not grow with theirs."""
    if not ideas:
        return []
    parts = await gather(asked, ideas, sub)
    told = {idea.person for idea in ideas if idea.reveals(asked.viewer)}
    people = await members.embedded(asked, parts.people | told)
    files, by_idea = members.eye_of(asked).files, parts.by_idea()
    found = []
    for idea in ideas:
        theirs = by_idea[idea.outline.id]
        submitter = people[idea.person] if idea.reveals(asked.viewer) else concealed()
        body = to_idea(idea, submitter, asked.url(f"/{idea.outline.code}"))
        _add_votes(body, idea, theirs, people, sub)
        _add_rest(asked, body, idea, theirs, sub)
        if "comments" in sub:
            body.comments = [to_comment(one, people, files) for one in theirs.comments]
        found.append(body)
    return found


def _add_votes(body: IdeaBody, idea: Idea, parts: Parts, people: Mapping[int, MemberBody], sub: frozenset[str]) -> None:
    votes = [to_vote(vote, people) for vote in parts.votes]
    if "votes" in sub:
        body.votes = votes[:FIRST]
    if "promotes" in sub:
        body.promotes = [vote for vote in votes if vote.type == PROMOTE]
    if "demotes" in sub:
        body.demotes = [vote for vote in votes if vote.type == DEMOTE]
    if "promote_count" in sub:
        body.promote_count = idea.counts.promotes
    if "demote_count" in sub:
        body.demote_count = idea.counts.demotes


def _add_rest(asked: Asked, body: IdeaBody, idea: Idea, parts: Parts, sub: frozenset[str]) -> None:
    if "tags" in sub:
        body.tags = to_tags(parts.tags, hidden=asked.viewer.admin)
    if "tag_count" in sub:
        body.tag_count = parts.tags[0].count if parts.tags else 0
    if "additional_questions" in sub:
        body.additional_questions = [to_answer(one) for one in parts.answers if not one.restricted][:FIRST]
    if "admin_fields" in sub and idea.administers:
        body.admin_fields = [to_answer(one) for one in parts.answers if one.restricted][:FIRST]
    if parts.files:
        folder = asked.url("/api3/file")
        body.attachments = [to_attachment(one.file, "IDEA", folder) for one in parts.files[:FIRST]]
