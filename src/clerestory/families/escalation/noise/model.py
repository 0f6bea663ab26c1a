"""When a log of a known issue is not told at once. Values only; with everything off, every log is told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from clerestory.families.escalation.members.model import Member, Severity

_OFF = timedelta(0)


@dataclass(frozen=True, slots=True)
class Quiet:
    """How quiet an organisation wants it. Zero switches a part off."""

    repeat: timedelta = _OFF
    digest_after: int = 0
    digest_every: timedelta = timedelta(hours=1)
    regression: timedelta = _OFF

    @property
    def on(self) -> bool:
        """Whether anything may be held back at all."""
        return self.repeat > _OFF or self.digest_after > 0 or self.regression > _OFF


OPEN = Quiet()


@dataclass(frozen=True, slots=True)
class Notice:
    """When a member was last told of an issue, and of what severity."""

    at: datetime
    severity: Severity


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of an issue before a log: `recent` logs within the digest's span, who was told when.

    `highest` and `last_seen` are None for a new issue.
    """

    highest: Severity | None = None
    last_seen: datetime | None = None
    recent: int = 0
    digest_waits: bool = False
    told: Mapping[int, Notice] = field(default_factory=dict)

    def after(self, severity: Severity, now: datetime, verdict: "Verdict", told: Iterable[int]) -> "Past":
        """The past of the next log of the same issue."""
        highest = severity if self.highest is None or severity.rank > self.highest.rank else self.highest
        return replace(
            self,
            highest=highest,
            last_seen=now,
            recent=self.recent + 1,
            digest_waits=self.digest_waits or verdict.reason is Reason.HOT,
            told={**self.told, **dict.fromkeys(told, Notice(now, severity))},
        )


class Reason(StrEnum):
    """Why something was held back."""

    KNOWN = "known"
    HOT = "hot"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who is told now. With a reason, `held` of those who would have been told are not."""

    members: tuple[Member, ...]
    held: int = 0
    reason: Reason | None = None


def judge(quiet: Quiet, severity: Severity, past: Past, members: Iterable[Member], now: datetime) -> Verdict:
    """Who of the members that want this severity is told of this log at once.

    A new issue, and one that gets more severe than ever, are always told.
    """
    wanting = tuple(member for member in members if member.wants(severity))
    if past.highest is None or past.last_seen is None or severity.rank > past.highest.rank:
        return Verdict(wanting)
    if quiet.regression > _OFF:
        returned = now - past.last_seen >= quiet.regression
        return Verdict(wanting) if returned else Verdict((), len(wanting), Reason.KNOWN)
    if quiet.digest_after and (past.digest_waits or past.recent >= quiet.digest_after):
        return Verdict((), len(wanting), Reason.HOT)
    fresh = tuple(member for member in wanting if not _lately(quiet, past.told.get(member.id), severity, now))
    held = len(wanting) - len(fresh)
    return Verdict(fresh, held, Reason.REPEATED if held else None)


def _lately(quiet: Quiet, notice: Notice | None, severity: Severity, now: datetime) -> bool:
    return notice is not None and now - notice.at < quiet.repeat and severity.rank <= notice.severity.rank


def words(quiet: Quiet, verdict: Verdict) -> str:
    """What the log's page says of that; empty when nothing was held back."""
    if verdict.reason is None or not verdict.held:
        return ""
    who = "1 member was" if verdict.held == 1 else f"{verdict.held} members were"
    match verdict.reason:
        case Reason.KNOWN:
            days = quiet.regression // timedelta(days=1)
            return f"{who} not told: the issue is known and has not been quiet for {_count(days, 'day')}."
        case Reason.HOT:
            minutes = quiet.digest_every // timedelta(minutes=1)
            return f"{who} not told at once: the issue is hot, and told in a digest every {_count(minutes, 'minute')}."
        case Reason.REPEATED:
            minutes = quiet.repeat // timedelta(minutes=1)
            return f"{who} not told again: they were told of this issue in the last {_count(minutes, 'minute')}."


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
