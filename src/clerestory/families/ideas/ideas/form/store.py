"""What a campaign's form offers, in the tenant's schema: one function, one statement."""

from dataclasses import dataclass, replace
from uuid import UUID

from clerestory.families.ideas.ideas.form.model import Draft, Option, Question
from clerestory.platform.database import Tx


@dataclass(frozen=True, slots=True)
class Choice:
    """What a draft's ids mean in a campaign; None: nothing there. `category_like` and `status_like` are what is called
    as the idea's own are now, for an idea that moves in."""

    category: int | None
    status: int | None
    person: int | None
    first_status: int | None
    has_categories: bool
    category_like: int | None
    status_like: int | None


async def choose(tx: Tx, campaign: int, draft: Draft, idea: int | None = None) -> Choice:
    """What the ids of the draft mean in the campaign."""
    found = await tx.row(
        """
        WITH own AS MATERIALIZED (
            SELECT k.id, k.uuid, k.name
              FROM tenant.ideas_category AS k
             WHERE k.campaign = :campaign),
             offered AS MATERIALIZED (
            SELECT t.id, t.uuid, t.name, t.place
              FROM tenant.ideas_status AS t
             WHERE t.campaign = :campaign OR t.campaign IS NULL)
        SELECT (SELECT own.id FROM own WHERE own.uuid = :category) AS category,
               (SELECT o.id FROM offered AS o WHERE o.uuid = :status) AS status,
               (SELECT p.id FROM tenant.person AS p WHERE p.uuid = :member) AS person,
               (SELECT o.id FROM offered AS o ORDER BY o.place, o.id LIMIT 1) AS first_status,
               EXISTS (SELECT FROM own) AS has_categories,
               (SELECT own.id
                  FROM own
                  JOIN tenant.ideas_category AS k ON lower(k.name) = lower(own.name)
                  JOIN tenant.ideas_idea AS i ON i.category = k.id
                 WHERE i.id = :idea
                 ORDER BY own.id
                 LIMIT 1) AS category_like,
               (SELECT o.id
                  FROM offered AS o
                  JOIN tenant.ideas_status AS t ON lower(t.name) = lower(o.name)
                  JOIN tenant.ideas_idea AS i ON i.status = t.id
                 WHERE i.id = :idea
                 ORDER BY o.id = t.id DESC, o.place, o.id
                 LIMIT 1) AS status_like
        """,
        Choice,
        campaign=campaign,
        category=draft.category,
        status=draft.status,
        member=draft.member,
        idea=idea,
    )
    return found or Choice(None, None, None, None, False, None, None)


@dataclass(frozen=True, slots=True)
class _Line:
    """A question with one of its options."""

    id: int
    uuid: UUID
    type: str
    required: bool
    restricted: bool
    option: int | None
    option_uuid: UUID | None
    option_description: str | None


async def questions(tx: Tx, campaign: int) -> list[Question]:
    """The campaign's own questions with their options, in the form's order."""
    lines = await tx.rows(
        """
        SELECT q.id, q.uuid, q.type, q.required, q.asked = 'administrators' AS restricted, o.id AS option,
               o.uuid AS option_uuid, o.description AS option_description
          FROM tenant.ideas_question AS q
          LEFT JOIN tenant.ideas_question_option AS o ON o.question = q.id
         WHERE q.campaign = :campaign
         ORDER BY q.place, q.id, o.place, o.id
        """,
        _Line,
        campaign=campaign,
    )
    found: dict[int, Question] = {}
    for line in lines:
        question = found.get(line.id) or Question(line.id, line.uuid, line.type, line.required, line.restricted)
        if line.option is not None and line.option_uuid is not None and line.option_description is not None:
            option = Option(line.option, line.option_uuid, line.option_description)
            question = replace(question, options=(*question.options, option))
        found[line.id] = question
    return list(found.values())
