"""What a campaign's form asks, in the tenant's schema: one function, one statement."""

from dataclasses import dataclass, replace
from uuid import UUID

from clerestory.families.ideas.widgets.model import CHOOSING, Choice, Form, Question
from clerestory.platform.database import Runner


@dataclass(frozen=True, slots=True)
class _Line:
    """A question with one of its options."""

    uuid: UUID
    type: str
    description: str
    instruction: str
    required: bool
    option: UUID | None
    option_description: str | None

    @property
    def question(self) -> Question:
        """The question without its options."""
        options = () if self.type in CHOOSING else None
        name = str(self.uuid).upper()
        return Question(name, self.description, self.required, self.type, self.instruction, options)


async def form(runner: Runner, campaign: int) -> Form:
    """What the campaign says of its form."""
    found = await runner.row(
        """
        SELECT id AS campaign, title_label, description_label, category_required
          FROM tenant.ideas_campaign
         WHERE id = :campaign
        """,
        Form,
        campaign=campaign,
    )
    return found or Form(campaign, "", "", False)


async def questions(runner: Runner, campaign: int, *, administers: bool) -> list[Question]:
    """The campaign's own questions with their options, in the form's order; those for administrators if it is one."""
    lines = await runner.rows(
        """
        SELECT q.uuid, q.type, q.description, q.instruction, q.required, o.uuid AS option,
               o.description AS option_description
          FROM tenant.ideas_question AS q
          LEFT JOIN tenant.ideas_question_option AS o ON o.question = q.id
         WHERE q.campaign = :campaign AND (q.asked = 'everybody' OR :administers)
         ORDER BY q.place, q.id, o.place, o.id
        """,
        _Line,
        campaign=campaign,
        administers=administers,
    )
    found: dict[UUID, Question] = {}
    for line in lines:
        question = found.get(line.uuid) or line.question
        if question.options is not None and line.option is not None:
            option = Choice(line.option, line.option_description or "")
            question = replace(question, options=(*question.options, option))
        found[line.uuid] = question
    return list(found.values())
