"""Ideas written in the tenant's schema: one function, one statement."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from clerestory.families.ideas.ideas.form.model import Reply
from clerestory.families.ideas.ideas.writing.model import Text
from clerestory.platform.database import Tx


@dataclass(frozen=True, slots=True)
class Made:
    """A new idea."""

    id: int
    uuid: UUID


async def insert(tx: Tx, text: Text, now: datetime) -> Made | None:
    """A new idea."""
    return await tx.row(
        """
        INSERT INTO tenant.ideas_idea (campaign, category, status, person, title, description, visible, anonymous,
                                       language, created, modified)
        VALUES (:campaign, :category, :status, :person, :title, :description, :visible, :anonymous, :language,
                :now, :now)
        RETURNING id, uuid
        """,
        Made,
        now=now,
        **asdict(text),
    )


async def read(tx: Tx, idea: int) -> Text | None:
    """What stands in the idea's row."""
    return await tx.row(
        """
        SELECT campaign, category, status, person, title, description, visible, anonymous, language
          FROM tenant.ideas_idea
         WHERE id = :idea
        """,
        Text,
        idea=idea,
    )


async def merged_into(tx: Tx, idea: int) -> str | None:
    """The code of the idea that this one was merged into."""
    code: str | None = await tx.value(
        """
        SELECT o.code
          FROM tenant.ideas_idea AS i
          JOIN tenant.ideas_idea AS o ON o.id = i.merged_into
         WHERE i.id = :idea
        """,
        idea=idea,
    )
    return code


async def update(tx: Tx, idea: int, text: Text, now: datetime) -> None:
    """Writes the idea's row."""
    await tx.execute(
        """
        UPDATE tenant.ideas_idea
           SET campaign = :campaign, category = :category, status = :status, person = :person, title = :title,
               description = :description, visible = :visible, anonymous = :anonymous, language = :language,
               changed = :now, modified = :now
         WHERE id = :idea
        """,
        idea=idea,
        now=now,
        **asdict(text),
    )


async def answer(tx: Tx, idea: int, replies: Sequence[Reply]) -> None:
    """Writes answers over those that were given to the same questions."""
    await tx.execute(
        """
        INSERT INTO tenant.ideas_answer (idea, question, option, text)
        SELECT :idea, n.question, n.option, n.text
          FROM unnest(:questions::bigint[], :options::bigint[], :texts::text[]) AS n (question, option, text)
         ORDER BY n.question
            ON CONFLICT (idea, question) DO UPDATE
           SET option = excluded.option, text = excluded.text, modified = now()
        """,
        idea=idea,
        questions=[reply.question for reply in replies],
        options=[reply.option for reply in replies],
        texts=[reply.text for reply in replies],
    )


async def take_back(tx: Tx, idea: int, questions: Sequence[int]) -> None:
    """Removes the answers to these questions."""
    await tx.execute(
        "DELETE FROM tenant.ideas_answer WHERE idea = :idea AND question = ANY (:questions)",
        idea=idea,
        questions=list(questions),
    )


async def lock_budgets(tx: Tx, idea: int, campaigns: Sequence[int]) -> None:
    """Locks, in these campaigns, the budgets of all who spent chips on the idea: in one order for whoever does so."""
    await tx.execute(
        """
        SELECT b.id
          FROM tenant.ideas_chip_vote AS v
          JOIN tenant.ideas_chip_budget AS b ON b.person = v.person
         WHERE v.idea = :idea AND b.campaign = ANY (:campaigns)
         ORDER BY b.campaign, b.person
           FOR NO KEY UPDATE OF b
        """,
        idea=idea,
        campaigns=list(campaigns),
    )


async def spend(tx: Tx, idea: int, campaign: int) -> None:
    """Counts the chips on the idea as spent in the campaign, by each who spent them."""
    await tx.execute(
        """
        INSERT INTO tenant.ideas_chip_budget AS b (campaign, person, spent)
        SELECT :campaign, v.person, v.chips
          FROM tenant.ideas_chip_vote AS v
         WHERE v.idea = :idea
         ORDER BY v.person
            ON CONFLICT (campaign, person) DO UPDATE
           SET spent = b.spent + excluded.spent, modified = now()
        """,
        idea=idea,
        campaign=campaign,
    )


async def give_back(tx: Tx, idea: int, campaign: int) -> None:
    """Counts the chips on the idea as spent in the campaign no more."""
    await tx.execute(
        """
        UPDATE tenant.ideas_chip_budget AS b
           SET spent = b.spent - v.chips, modified = now()
          FROM tenant.ideas_chip_vote AS v
         WHERE v.idea = :idea AND b.campaign = :campaign AND b.person = v.person
        """,
        idea=idea,
        campaign=campaign,
    )
