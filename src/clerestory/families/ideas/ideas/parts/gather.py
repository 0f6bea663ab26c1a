"""Gathering the parts of the ideas of one page: a statement for each kind that is asked for, however many ideas."""

from collections.abc import Sequence

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.ideas.model import Idea
from clerestory.families.ideas.ideas.parts import store
from clerestory.families.ideas.ideas.parts.model import DEMOTE, PROMOTE, Parts

_VOTES = {PROMOTE: {"promotes", "votes"}, DEMOTE: {"demotes", "votes"}}


async def gather(asked: Asked, ideas: Sequence[Idea], sub: frozenset[str]) -> Parts:
    """What is asked for of these ideas, and their files."""
    runner = asked.scope.direct()
    numbers = [idea.outline.id for idea in ideas]
    types = [kind for kind, names in _VOTES.items() if sub & names]
    having_files = [idea.outline.id for idea in ideas if idea.files]
    managed = [idea.manages for idea in ideas]
    answered = "additional_questions" in sub or ("admin_fields" in sub and any(idea.administers for idea in ideas))
    return Parts(
        votes=await store.votes(runner, numbers, types) if types else [],
        comments=await store.comments(runner, numbers, managed) if "comments" in sub else [],
        tags=await store.tags(runner, numbers) if sub & {"tags", "tag_count"} else [],
        answers=await store.answers(runner, numbers) if answered else [],
        files=await store.files(runner, having_files) if having_files else [],
    )
