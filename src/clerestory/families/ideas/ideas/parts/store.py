"""The parts of many ideas in the tenant's schema: one function, one statement, however many ideas there are."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from clerestory.families.ideas.files.model import File
from clerestory.families.ideas.ideas.parts.model import FIRST, Answer, Attached, Comment, Tag, Vote
from clerestory.platform.database import Runner

COMMENT_COLUMNS = """
       m.id, m.uuid, m.idea, m.person, m.text, m.visible, m.created,
       (p.administrator OR EXISTS (SELECT FROM tenant.ideas_role AS r
                                    WHERE r.campaign = s.campaign AND r.person = m.person
                                      AND r.role = 'administrator')) AS admin,
       f.uuid AS file, f.extension, f.name, f.media_type"""
COMMENT_TABLES = """
  JOIN tenant.person AS p ON p.id = m.person
  LEFT JOIN LATERAL (SELECT a.uuid, a.extension, a.name, a.media_type
                       FROM tenant.ideas_file AS a
                      WHERE a.comment = m.id
                      ORDER BY a.id
                      LIMIT 1) AS f ON true"""
"""What is read of a comment `m` of an idea whose standing is `s`."""


async def votes(runner: Runner, ideas: Sequence[int], types: Sequence[str]) -> list[Vote]:
    """The newest votes of each of these types on each of these ideas."""
    return await runner.rows(
        """
        SELECT x.idea, y.type, v.person, v.created
          FROM unnest(:ideas::bigint[]) AS x (idea)
         CROSS JOIN unnest(:types::text[]) AS y (type)
         CROSS JOIN LATERAL (SELECT o.id, o.person, o.created
                               FROM tenant.ideas_vote AS o
                              WHERE o.idea = x.idea AND o.type = y.type
                              ORDER BY o.created DESC, o.id DESC
                              LIMIT :most) AS v
         ORDER BY x.idea, v.created DESC, v.id DESC
        """,
        Vote,
        ideas=list(ideas),
        types=list(types),
        most=FIRST,
    )


async def comments(runner: Runner, ideas: Sequence[int], managed: Sequence[bool]) -> list[Comment]:
    """The newest comments on each of these ideas; the hidden ones where the idea is managed."""
    return await runner.rows(
        f"""
        SELECT {COMMENT_COLUMNS}
          FROM unnest(:ideas::bigint[], :managed::boolean[]) AS x (idea, managed)
          JOIN tenant.ideas_standing AS s ON s.idea = x.idea
         CROSS JOIN LATERAL (SELECT o.id, o.uuid, o.idea, o.person, o.text, o.visible, o.created
                               FROM tenant.ideas_comment AS o
                              WHERE o.idea = x.idea AND (o.visible OR x.managed)
                              ORDER BY o.created DESC, o.id DESC
                              LIMIT :most) AS m
          {COMMENT_TABLES}
         ORDER BY m.idea, m.created DESC, m.id DESC
        """,  # noqa: S608 - the fragments stand above
        comment_of,
        ideas=list(ideas),
        managed=list(managed),
        most=FIRST,
    )


def comment_of(file: UUID | None, extension: str, name: str, media_type: str, **columns: Any) -> Comment:
    """A comment of its columns."""
    attached = None if file is None else File(file, columns["uuid"], extension, name, media_type)
    return Comment(**columns, file=attached)


async def tags(runner: Runner, ideas: Sequence[int]) -> list[Tag]:
    """The first tags of each of these ideas, by name, and how many each has."""
    return await runner.rows(
        """
        SELECT idea, uuid, name, ideas, hidden_ideas, count
          FROM (SELECT x.idea, t.uuid, t.name, t.ideas, t.hidden_ideas, count(*) OVER (PARTITION BY x.idea) AS count,
                       row_number() OVER (PARTITION BY x.idea ORDER BY lower(t.name)) AS place
                  FROM tenant.ideas_idea_tag AS x
                  JOIN tenant.ideas_tag AS t ON t.id = x.tag
                 WHERE x.idea = ANY (:ideas)) AS of_each
         WHERE place <= :most
         ORDER BY idea, place
        """,
        Tag,
        ideas=list(ideas),
        most=FIRST,
    )


async def answers(runner: Runner, ideas: Sequence[int]) -> list[Answer]:
    """What was answered on each of these ideas, in the order of the form."""
    return await runner.rows(
        """
        SELECT a.idea, q.uuid AS question, q.description, q.type, q.instruction, q.place, a.text,
               q.asked = 'administrators' AS restricted
          FROM tenant.ideas_answer AS a
          JOIN tenant.ideas_question AS q ON q.id = a.question
         WHERE a.idea = ANY (:ideas)
         ORDER BY a.idea, q.place, q.id
        """,
        Answer,
        ideas=list(ideas),
    )


async def files(runner: Runner, ideas: Sequence[int]) -> list[Attached]:
    """The files of each of these ideas, the oldest first."""
    return await runner.rows(
        """
        SELECT f.idea, f.uuid, i.uuid AS owner, f.extension, f.name, f.media_type
          FROM tenant.ideas_file AS f
          JOIN tenant.ideas_idea AS i ON i.id = f.idea
         WHERE f.idea = ANY (:ideas)
         ORDER BY f.idea, f.id
        """,
        _attached,
        ideas=list(ideas),
    )


def _attached(idea: int, **columns: Any) -> Attached:
    return Attached(idea, File(**columns))
