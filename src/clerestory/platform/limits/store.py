"""Rows of hits: one function, one statement. Each is its own transaction, and waits for no disk."""

from dataclasses import dataclass
from datetime import datetime

from clerestory.platform.database import Runner


@dataclass(frozen=True, slots=True)
class Wanted:
    """A lease that is asked for: of what is left of `most`, one part in `share`, and at least one hit."""

    subject: bytes
    most: int
    share: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """So many hits are the caller's, 0 when none is left, in a window that ends then."""

    leased: int
    until: datetime


async def take(runner: Runner, wanted: Wanted, now: datetime) -> Taken:
    """The lease; a window that is over begins anew with it."""
    rows = await runner.rows(
        """
        INSERT INTO platform.hit AS known (subject, hits, leased, until)
        VALUES (:subject, :first, :first, :until)
            ON CONFLICT (subject) DO UPDATE
           SET hits = CASE WHEN known.until <= :now THEN excluded.hits
                           ELSE known.hits + least(greatest((:most - known.hits) / :share, 1),
                                                   greatest(:most - known.hits, 0)) END,
               leased = CASE WHEN known.until <= :now THEN excluded.leased
                             ELSE least(greatest((:most - known.hits) / :share, 1),
                                        greatest(:most - known.hits, 0)) END,
               until = CASE WHEN known.until <= :now THEN excluded.until ELSE known.until END
        RETURNING leased, until
        """,
        Taken,
        subject=wanted.subject,
        first=max(1, wanted.most // wanted.share),
        most=wanted.most,
        share=wanted.share,
        until=wanted.until,
        now=now,
    )
    return rows[0]


async def forget(runner: Runner, subject: bytes) -> None:
    """The subject has done nothing yet."""
    await runner.execute("DELETE FROM platform.hit WHERE subject = :subject", subject=subject)


async def give_back(runner: Runner, subject: bytes) -> None:
    """The subject has done it once less."""
    await runner.execute(
        "UPDATE platform.hit SET hits = greatest(hits - 1, 0) WHERE subject = :subject", subject=subject
    )


async def delete_past(runner: Runner, now: datetime) -> int:
    """Clears windows that are over; how many."""
    return await runner.execute("DELETE FROM platform.hit WHERE until <= :now", now=now)
