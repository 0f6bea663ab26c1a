"""Standings and tallies in the tenant's schema: one function, one statement."""

from collections.abc import Sequence
from uuid import UUID

from clerestory.families.ideas.standing.model import Counts, Key, Points, Shift, Standing
from clerestory.platform.database import Tx


async def hold(tx: Tx, uuid: UUID) -> int | None:
    """Locks the standing of an idea, before anything else of it is read or written; the idea's number."""
    number: int | None = await tx.value(
        """
        SELECT s.idea
          FROM tenant.ideas_standing AS s
          JOIN tenant.ideas_idea AS i ON i.id = s.idea
         WHERE i.uuid = :uuid
           FOR NO KEY UPDATE OF s
        """,
        uuid=uuid,
    )
    return number


async def begin(tx: Tx, idea: int, key: Key) -> None:
    """The standing of a new idea."""
    await tx.execute(
        "INSERT INTO tenant.ideas_standing (idea, campaign, visible) VALUES (:idea, :campaign, :visible)",
        idea=idea,
        campaign=key.campaign,
        visible=key.visible,
    )


async def read(tx: Tx, idea: int) -> Standing | None:
    """The standing as it is; true while it is held."""
    return await tx.row(
        """
        SELECT i.campaign, i.category, i.status, i.visible, s.promotes, s.demotes, s.chips, s.comments,
               s.hidden_comments, c.promote_points, c.demote_points, c.comment_points, c.chip_points
          FROM tenant.ideas_standing AS s
          JOIN tenant.ideas_idea AS i ON i.id = s.idea
          JOIN tenant.ideas_campaign AS c ON c.id = i.campaign
         WHERE s.idea = :idea
        """,
        _standing,
        idea=idea,
    )


def _standing(**columns: int) -> Standing:
    key = Key(columns["campaign"], columns["category"], columns["status"], bool(columns["visible"]))
    counts = Counts(*(columns[name] for name in ("promotes", "demotes", "chips", "comments", "hidden_comments")))
    points = Points(*(columns[f"{name}_points"] for name in ("promote", "demote", "comment", "chip")))
    return Standing(key, counts, points)


async def write(tx: Tx, idea: int, standing: Standing) -> None:
    """The standing with its score."""
    counts = standing.counts
    await tx.execute(
        """
        UPDATE tenant.ideas_standing
           SET campaign = :campaign, visible = :visible, score = :score, promotes = :promotes, demotes = :demotes,
               chips = :chips, comments = :comments, hidden_comments = :hidden_comments, modified = now()
         WHERE idea = :idea
        """,
        idea=idea,
        campaign=standing.key.campaign,
        visible=standing.key.visible,
        score=counts.score(standing.points),
        promotes=counts.promotes,
        demotes=counts.demotes,
        chips=counts.chips,
        comments=counts.comments,
        hidden_comments=counts.hidden_comments,
    )


async def tally(tx: Tx, shifts: Sequence[Shift]) -> None:
    """Adds to tallies, in the order that they are given in."""
    await tx.execute(
        """
        INSERT INTO tenant.ideas_tally AS t
               (campaign, category, status, visible, ideas, comments, hidden_comments, votes)
        SELECT n.campaign, n.category, n.status, n.visible, n.ideas, n.comments, n.hidden_comments, n.votes
          FROM unnest(:campaigns::bigint[], :categories::bigint[], :statuses::bigint[], :visibles::boolean[],
                      :ideas::bigint[], :comments::bigint[], :hidden_comments::bigint[], :votes::bigint[])
               WITH ORDINALITY
               AS n (campaign, category, status, visible, ideas, comments, hidden_comments, votes, place)
         ORDER BY n.place
            ON CONFLICT (campaign, coalesce(category, 0), status, visible) DO UPDATE
           SET ideas = t.ideas + excluded.ideas, comments = t.comments + excluded.comments,
               hidden_comments = t.hidden_comments + excluded.hidden_comments, votes = t.votes + excluded.votes,
               modified = now()
        """,
        campaigns=[shift.key.campaign for shift in shifts],
        categories=[shift.key.category for shift in shifts],
        statuses=[shift.key.status for shift in shifts],
        visibles=[shift.key.visible for shift in shifts],
        ideas=[shift.ideas for shift in shifts],
        comments=[shift.counts.comments for shift in shifts],
        hidden_comments=[shift.counts.hidden_comments for shift in shifts],
        votes=[shift.counts.votes for shift in shifts],
    )
