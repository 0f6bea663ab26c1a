"""What followers are yet to be told, in the tenant's schema: one function, one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clerestory.families.ideas.conventions.naming import named
from clerestory.families.ideas.follow.model import Followed, News, Of, What
from clerestory.families.ideas.rights.sight import CAMPAIGNS, of_each
from clerestory.platform.database import Runner, Tx

_SETTING = "coalesce(m.mail, 'daily')"
# Each branch has an index of its own. Of the event `a` of the idea `i`.
_FOLLOWERS = """
                    SELECT w.person
                      FROM tenant.ideas_follow AS w
                     WHERE a.type <> 'POST_IDEA' AND w.idea = i.id AND w.active
                     UNION
                    SELECT w.person
                      FROM tenant.ideas_follow AS w
                     WHERE a.type = 'POST_IDEA' AND w.category = i.category AND w.active
                     UNION
                    SELECT w.person
                      FROM tenant.ideas_follow AS w
                     WHERE a.type = 'POST_IDEA' AND w.campaign = i.campaign AND w.active"""
# For what of the person's the event `t` is told, and what that is called.
_BECAUSE = """
                    SELECT 1 AS place, 'idea' AS of, w.idea AS number, '' AS name
                      FROM tenant.ideas_follow AS w
                     WHERE t.type <> 'POST_IDEA' AND w.idea = t.idea AND w.person = t.person AND w.active
                     UNION ALL
                    SELECT 2, 'category', w.category, k.name
                      FROM tenant.ideas_follow AS w
                      JOIN tenant.ideas_category AS k ON k.id = w.category
                     WHERE t.type = 'POST_IDEA' AND w.category = t.category AND w.person = t.person AND w.active
                     UNION ALL
                    SELECT 3, 'campaign', w.campaign, c.name
                      FROM tenant.ideas_follow AS w
                      JOIN tenant.ideas_campaign AS c ON c.id = w.campaign
                     WHERE t.type = 'POST_IDEA' AND w.campaign = t.campaign AND w.person = t.person AND w.active
                     ORDER BY place
                     LIMIT 1"""


async def spread(tx: Tx, event: int) -> bool:
    """Notes an event for all who follow what it is of, but for who did it; whether somebody wants it at once."""
    at_once: bool = await tx.value(
        f"""
        WITH told AS (
            INSERT INTO tenant.ideas_tiding (person, activity)
            SELECT f.person, a.id
              FROM tenant.ideas_activity AS a
              JOIN tenant.ideas_idea AS i ON i.id = a.idea
             CROSS JOIN LATERAL ({_FOLLOWERS}) AS f
              JOIN tenant.person AS p ON p.id = f.person AND p.active
              LEFT JOIN tenant.ideas_member AS m ON m.person = f.person
             WHERE a.id = :event AND f.person IS DISTINCT FROM a.person AND {_SETTING} <> 'never'
             ORDER BY f.person
            RETURNING person)
        SELECT EXISTS (SELECT FROM told
                         JOIN tenant.ideas_member AS m ON m.person = told.person AND m.mail = 'at once')
        """,  # noqa: S608 - the fragment is the family's own
        event=event,
    )
    return at_once


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is to be told something."""

    person: int
    email: str


async def readers(runner: Runner, after: int, limit: int, *, at_once: bool) -> list[Reader]:
    """Some of those who are to be told something, by number; `at_once`: of those alone who want it so."""
    return await runner.rows(
        f"""
        SELECT p.id AS person, p.email
          FROM tenant.person AS p
          LEFT JOIN tenant.ideas_member AS m ON m.person = p.id
         WHERE p.id > :after AND p.active AND {_SETTING} <> 'never' AND (NOT :at_once OR m.mail = 'at once')
           AND EXISTS (SELECT FROM tenant.ideas_tiding AS t WHERE t.person = p.id)
         ORDER BY p.id
         LIMIT :limit
        """,  # noqa: S608 - the fragment is the family's own
        Reader,
        after=after,
        limit=limit,
        at_once=at_once,
    )


@dataclass(frozen=True, slots=True)
class Tiding:
    """One event that one person is to be told."""

    person: int
    activity: int


async def take(tx: Tx, people: Sequence[int]) -> list[Tiding]:
    """What these people are to be told; it is as good as told when the transaction commits.

    Whoever takes the same meanwhile waits, and finds nothing.
    """
    return await tx.rows(
        """
        WITH held AS (
            SELECT id
              FROM tenant.ideas_tiding
             WHERE person = ANY (:people)
             ORDER BY id
               FOR UPDATE)
        DELETE FROM tenant.ideas_tiding AS t
         USING held
         WHERE t.id = held.id
        RETURNING t.person, t.activity
        """,
        Tiding,
        people=list(people),
    )


@dataclass(frozen=True, slots=True)
class Told:
    """News for one person."""

    person: int
    news: News


async def news(runner: Runner, tidings: Sequence[Tiding]) -> list[Told]:
    """Of these events those that each reader sees now, of what they follow still, in the order in which they came."""
    return await runner.rows(
        f"""
        WITH reader AS MATERIALIZED (
            SELECT id AS person, administrator AS admin
              FROM tenant.person
             WHERE id = ANY (:people) AND active),
             told AS MATERIALIZED (
            SELECT n.person, a.id, a.type, a.comment, a.status, a.created, a.idea, i.code, i.title, i.description,
                   i.campaign, i.category, i.visible
              FROM unnest(:people::bigint[], :events::bigint[]) AS n (person, event)
              JOIN tenant.ideas_activity AS a ON a.id = n.event
              JOIN tenant.ideas_idea AS i ON i.id = a.idea),
             seen AS MATERIALIZED (
            SELECT reader.person, c.id, c.managed
              FROM reader
             CROSS JOIN LATERAL ({of_each(CAMPAIGNS, "reader")}
                                   AND c.id = ANY (ARRAY(SELECT campaign FROM told))) AS c)
        SELECT t.person, t.type, t.code, t.title, f.of, f.number,
               CASE t.type WHEN 'POST_COMMENT' THEN m.text WHEN 'POST_IDEA' THEN t.description ELSE s.name END AS text,
               CASE t.type WHEN 'POST_COMMENT'
                    THEN coalesce(nullif({named("b")}, ''), 'A member')
                    ELSE f.name
                     END AS name
          FROM told AS t
          JOIN seen ON seen.person = t.person AND seen.id = t.campaign AND (t.visible OR seen.managed)
          LEFT JOIN tenant.ideas_comment AS m ON m.id = t.comment
          LEFT JOIN tenant.person AS p ON p.id = m.person
          LEFT JOIN tenant.ideas_member AS b ON b.person = m.person
          LEFT JOIN tenant.ideas_status AS s ON s.id = t.status
         CROSS JOIN LATERAL ({_BECAUSE}) AS f
         WHERE (m.id IS NULL OR m.visible OR seen.managed)
         ORDER BY t.created, t.id, t.person
        """,  # noqa: S608 - the fragments are the family's own
        _told,
        people=[one.person for one in tidings],
        events=[one.activity for one in tidings],
    )


_WHAT = {"POST_COMMENT": What.COMMENT, "STATUS_CHANGE": What.STATUS, "POST_IDEA": What.NEW}


def _told(**columns: Any) -> Told:
    because = Followed(Of(columns["of"]), columns["number"])
    what, text = _WHAT[columns["type"]], columns["text"] or ""
    return Told(columns["person"], News(what, columns["code"], columns["title"], columns["name"], text, because))


async def forget(runner: Runner, before: datetime) -> int:
    """Takes away what nobody is told any more: of people who are asleep or want no mail, and what is no news."""
    return await runner.execute(
        f"""
        DELETE FROM tenant.ideas_tiding AS t
         WHERE t.created < :before
            OR NOT EXISTS (SELECT FROM tenant.person AS p
                             LEFT JOIN tenant.ideas_member AS m ON m.person = p.id
                            WHERE p.id = t.person AND p.active AND {_SETTING} <> 'never')
        """,  # noqa: S608 - the fragment is the family's own
        before=before,
    )
