"""What moderation writes, in the tenant's schema: one function, one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clerestory.families.ideas.moderation.model import Voter
from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.rights.sight import CAMPAIGNS, ideas_seen, sees
from clerestory.platform.database import Runner, Tx


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment, where it stands."""

    id: int
    idea: int
    visible: bool


async def idea_uuid(runner: Runner, idea: int) -> UUID | None:
    """The id of an idea on the wire."""
    uuid: UUID | None = await runner.value("SELECT uuid FROM tenant.ideas_idea WHERE id = :idea", idea=idea)
    return uuid


async def comment_uuid(runner: Runner, comment: int) -> UUID | None:
    """The id of a comment on the wire."""
    uuid: UUID | None = await runner.value("SELECT uuid FROM tenant.ideas_comment WHERE id = :comment", comment=comment)
    return uuid


async def idea_of(runner: Runner, comment: UUID) -> UUID | None:
    """The id of the idea that a comment is on."""
    uuid: UUID | None = await runner.value(
        """
        SELECT i.uuid
          FROM tenant.ideas_comment AS m
          JOIN tenant.ideas_idea AS i ON i.id = m.idea
         WHERE m.uuid = :comment
        """,
        comment=comment,
    )
    return uuid


async def comment(tx: Tx, uuid: UUID) -> Remark | None:
    """A comment as it is, while its idea is held."""
    return await tx.row("SELECT id, idea, visible FROM tenant.ideas_comment WHERE uuid = :uuid", Remark, uuid=uuid)


async def show_comment(tx: Tx, comment: int, now: datetime, *, visible: bool) -> None:
    """Hides a comment, or shows it."""
    await tx.execute(
        "UPDATE tenant.ideas_comment SET visible = :visible, modified = :now WHERE id = :comment",
        comment=comment,
        visible=visible,
        now=now,
    )


async def hold_both(tx: Tx, uuids: Sequence[UUID]) -> Mapping[UUID, int]:
    """Locks the standings of ideas in one order; the numbers of those that there are."""
    found: list[tuple[UUID, int]] = await tx.rows(
        """
        SELECT i.uuid, s.idea
          FROM tenant.ideas_standing AS s
          JOIN tenant.ideas_idea AS i ON i.id = s.idea
         WHERE i.uuid = ANY (:uuids)
         ORDER BY s.idea
           FOR NO KEY UPDATE OF s
        """,
        _pair,
        uuids=list(uuids),
    )
    return dict(found)


def _pair(uuid: UUID, idea: int) -> tuple[UUID, int]:
    return uuid, idea


async def lock_budgets(tx: Tx, campaign: int, ideas: Sequence[int]) -> None:
    """Locks the budgets of all who laid chips on these ideas."""
    await tx.execute(
        """
        SELECT b.id
          FROM tenant.ideas_chip_budget AS b
         WHERE b.campaign = :campaign
           AND b.person IN (SELECT v.person FROM tenant.ideas_chip_vote AS v WHERE v.idea = ANY (:ideas))
         ORDER BY b.person
           FOR NO KEY UPDATE
        """,
        campaign=campaign,
        ideas=list(ideas),
    )


async def voters(tx: Tx, campaign: int, merged: int, into: int) -> list[Voter]:
    """Who voted or laid chips on the idea that is merged, with what each has on either."""
    return await tx.rows(
        """
        SELECT w.person, v.type AS vote, o.type AS vote_there, coalesce(h.chips, 0) AS chips,
               coalesce(g.chips, 0) AS chips_there, coalesce(b.budget, c.chips) AS budget, coalesce(b.spent, 0) AS spent
          FROM (SELECT person FROM tenant.ideas_vote WHERE idea = :merged
                 UNION
                SELECT person FROM tenant.ideas_chip_vote WHERE idea = :merged) AS w
          JOIN tenant.ideas_campaign AS c ON c.id = :campaign
          LEFT JOIN tenant.ideas_vote AS v ON v.idea = :merged AND v.person = w.person
          LEFT JOIN tenant.ideas_vote AS o ON o.idea = :into AND o.person = w.person
          LEFT JOIN tenant.ideas_chip_vote AS h ON h.idea = :merged AND h.person = w.person
          LEFT JOIN tenant.ideas_chip_vote AS g ON g.idea = :into AND g.person = w.person
          LEFT JOIN tenant.ideas_chip_budget AS b ON b.campaign = :campaign AND b.person = w.person
         ORDER BY w.person
        """,
        Voter,
        campaign=campaign,
        merged=merged,
        into=into,
    )


async def carry_votes(tx: Tx, merged: int, into: int, people: Sequence[int]) -> None:
    """Lets the votes of these people count for the other idea."""
    await tx.execute(
        """
        UPDATE tenant.ideas_vote
           SET idea = :into, modified = now()
         WHERE idea = :merged AND person = ANY (:people)
        """,
        merged=merged,
        into=into,
        people=list(people),
    )


async def drop_votes(tx: Tx, idea: int) -> None:
    """Takes away the votes that the idea has still."""
    await tx.execute("DELETE FROM tenant.ideas_vote WHERE idea = :idea", idea=idea)


async def lay(tx: Tx, into: int, chips: Mapping[int, int], now: datetime) -> None:
    """Lets so many chips of each person lie on the idea."""
    await tx.execute(
        """
        INSERT INTO tenant.ideas_chip_vote (idea, person, chips, created, modified)
        SELECT :into, n.person, n.chips, :now, :now
          FROM unnest(:people::bigint[], :chips::integer[]) AS n (person, chips)
         ORDER BY n.person
            ON CONFLICT (idea, person) DO UPDATE
           SET chips = excluded.chips, modified = excluded.modified
        """,
        into=into,
        people=list(chips),
        chips=list(chips.values()),
        now=now,
    )


async def drop_chips(tx: Tx, idea: int) -> None:
    """Takes all chips off the idea."""
    await tx.execute("DELETE FROM tenant.ideas_chip_vote WHERE idea = :idea", idea=idea)


async def give_back(tx: Tx, campaign: int, chips: Mapping[int, int]) -> None:
    """Counts so many chips of each person as spent no more."""
    await tx.execute(
        """
        UPDATE tenant.ideas_chip_budget AS b
           SET spent = b.spent - n.chips, modified = now()
          FROM unnest(:people::bigint[], :chips::integer[]) AS n (person, chips)
         WHERE b.campaign = :campaign AND b.person = n.person
        """,
        campaign=campaign,
        people=list(chips),
        chips=list(chips.values()),
    )


async def carry_comments(tx: Tx, merged: int, into: int) -> None:
    """Puts the comments of an idea on the other one."""
    await tx.execute(
        "UPDATE tenant.ideas_comment SET idea = :into, modified = now() WHERE idea = :merged", merged=merged, into=into
    )


async def carry_events(tx: Tx, merged: int, into: int) -> None:
    """What happened to the idea, but for its own beginning and its steps, happened to the other one."""
    await tx.execute(
        """
        UPDATE tenant.ideas_activity
           SET idea = :into, modified = now()
         WHERE idea = :merged AND type NOT IN ('POST_IDEA', 'STATUS_CHANGE')
        """,
        merged=merged,
        into=into,
    )


async def lead(tx: Tx, merged: int, into: int, now: datetime) -> None:
    """Hides the idea and lets it lead to the other one; what led to it leads there too."""
    await tx.execute(
        """
        UPDATE tenant.ideas_idea
           SET merged_into = :into, visible = false, changed = CASE WHEN id = :merged THEN :now ELSE changed END,
               modified = :now
         WHERE id = :merged OR merged_into = :merged
        """,
        merged=merged,
        into=into,
        now=now,
    )


async def leads_to(runner: Runner, viewer: Viewer, code: str) -> str | None:
    """The code of the idea that this one was merged into, if that one is seen."""
    found: str | None = await runner.value(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS})
        SELECT o.code
          FROM tenant.ideas_idea AS i
          JOIN tenant.ideas_idea AS o ON o.id = i.merged_into
         WHERE i.code = :code AND {ideas_seen("o")}
        """,  # noqa: S608 - the fragments are the family's own
        code=code,
        **sees(viewer),
    )
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """Where an idea is to go, by the ids on the wire; None: there is no such thing there."""

    campaign: UUID | None
    category: UUID | None
    status: UUID | None


async def place(runner: Runner, campaign: int, category: int | None, status: int | None) -> Place:
    """What these numbers mean: a campaign, a category of it, a status that it offers."""
    found = await runner.row(
        """
        SELECT (SELECT uuid FROM tenant.ideas_campaign WHERE id = :campaign) AS campaign,
               (SELECT uuid FROM tenant.ideas_category WHERE id = :category AND campaign = :campaign) AS category,
               (SELECT uuid FROM tenant.ideas_status
                 WHERE id = :status AND (campaign = :campaign OR campaign IS NULL)) AS status
        """,
        Place,
        campaign=campaign,
        category=category,
        status=status,
    )
    return found or Place(None, None, None)
