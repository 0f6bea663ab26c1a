"""What a campaign consists of, in the tenant's schema: one function, one statement. For administrators alone."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from clerestory.families.ideas.portal.setup_form import Answer
from clerestory.platform.database import Runner


@dataclass(frozen=True, slots=True)
class Line:
    """One record in a list."""

    id: int
    name: str
    detail: str


async def categories(runner: Runner, campaign: int) -> list[Line]:
    """The categories of a campaign."""
    return await runner.rows(
        """
        SELECT id, name, '' AS detail
          FROM tenant.ideas_category
         WHERE campaign = :campaign
         ORDER BY place, id
        """,
        Line,
        campaign=campaign,
    )


async def statuses(runner: Runner, campaign: int) -> list[Line]:
    """The statuses that ideas of a campaign can have."""
    return await runner.rows(
        """
        SELECT id, name, CASE WHEN campaign IS NULL THEN 'of all campaigns' ELSE '' END AS detail
          FROM tenant.ideas_status
         WHERE campaign = :campaign OR campaign IS NULL
         ORDER BY place, id
        """,
        Line,
        campaign=campaign,
    )


async def questions(runner: Runner, campaign: int) -> list[Line]:
    """What a campaign asks."""
    return await runner.rows(
        """
        SELECT id, description AS name, type || CASE WHEN required THEN ', required' ELSE '' END AS detail
          FROM tenant.ideas_question
         WHERE campaign = :campaign
         ORDER BY place, id
        """,
        Line,
        campaign=campaign,
    )


async def options(runner: Runner, question: int) -> list[Line]:
    """What a question offers."""
    return await runner.rows(
        """
        SELECT id, description AS name, '' AS detail
          FROM tenant.ideas_question_option
         WHERE question = :question
         ORDER BY place, id
        """,
        Line,
        question=question,
    )


async def roles(runner: Runner, campaign: int) -> list[Line]:
    """Who administers or moderates a campaign."""
    return await runner.rows(
        """
        SELECT r.id, p.email AS name, r.role AS detail
          FROM tenant.ideas_role AS r
          JOIN tenant.person AS p ON p.id = r.person
         WHERE r.campaign = :campaign
         ORDER BY lower(p.email), r.id
         LIMIT 200
        """,
        Line,
        campaign=campaign,
    )


async def budgets(runner: Runner, campaign: int) -> list[Line]:
    """Whose chips in a campaign are not as many as everybody's."""
    return await runner.rows(
        """
        SELECT b.id, p.email AS name, b.budget || ' chips, ' || b.spent || ' laid' AS detail
          FROM tenant.ideas_chip_budget AS b
          JOIN tenant.person AS p ON p.id = b.person
         WHERE b.campaign = :campaign AND b.budget IS NOT NULL
         ORDER BY lower(p.email), b.id
         LIMIT 200
        """,
        Line,
        campaign=campaign,
    )


LISTS: Mapping[str, Callable[[Runner, int], Awaitable[list[Line]]]] = {
    "categories": categories,
    "statuses": statuses,
    "questions": questions,
    "roles": roles,
    "budgets": budgets,
}
"""What a campaign has, in the order of its page."""


async def groups(runner: Runner) -> list[Answer]:
    """The groups that a campaign can be for."""
    return await runner.rows("SELECT id, name FROM tenant.person_group ORDER BY lower(name), id LIMIT 1000", Answer)


async def people(runner: Runner, emails: Sequence[str]) -> dict[str, int]:
    """{e-mail address in small letters: the person}, of these."""
    found: list[dict[str, Any]] = await runner.rows(
        "SELECT id, lower(email) AS email FROM tenant.person WHERE lower(email) = ANY (:emails)",
        dict,
        emails=[email.strip().lower() for email in emails],
    )
    return {row["email"]: row["id"] for row in found}


async def emails(runner: Runner, people: Sequence[int]) -> dict[int, str]:
    """{person: its e-mail address}, of these."""
    found: list[dict[str, Any]] = await runner.rows(
        "SELECT id, email FROM tenant.person WHERE id = ANY (:people)", dict, people=list(people)
    )
    return {row["id"]: row["email"] for row in found}


async def campaign_uuid(runner: Runner, campaign: int) -> UUID | None:
    """The id of a campaign in addresses of the portal."""
    found: UUID | None = await runner.value(
        "SELECT uuid FROM tenant.ideas_campaign WHERE id = :campaign", campaign=campaign
    )
    return found
