"""The pages of issues: a list with a filter, and one issue with its logs."""

from collections.abc import Mapping
from datetime import timedelta
from enum import Enum

from starlette.requests import Request
from starlette.responses import Response

from clerestory.families.escalation.intake.model import Environment
from clerestory.families.escalation.issues import look, store
from clerestory.families.escalation.issues.look import Close
from clerestory.families.escalation.issues.model import HEIGHT, WIDTH, Wanted
from clerestory.families.escalation.issues.store import LogJob
from clerestory.families.escalation.members.model import SEVERITIES, Severity
from clerestory.families.escalation.notify.model import result
from clerestory.kernel.channels import Channel
from clerestory.platform.tenancy import Scope
from clerestory.platform.web import Intents, asked
from clerestory.platform.web.pages import pages_of

_SIZE = 25


class Period(Enum):
    """How lately an issue must have been seen."""

    DAY = "1"
    WEEK = "7"
    MONTH = "30"


_CHANNELS = {Channel.EMAIL: "E-mail", Channel.SMS: "SMS", Channel.WHATSAPP: "WhatsApp"}
_CHOICES: Mapping[str, object] = {
    "severities": tuple(reversed(SEVERITIES)),
    "environments": tuple(Environment),
    "periods": ((Period.DAY, "Last day"), (Period.WEEK, "Last week"), (Period.MONTH, "Last 30 days")),
    "drawing": (WIDTH, HEIGHT),
}


async def get_issues(scope: Scope, request: Request) -> Response:
    """The tenant's issues, the latest seen first, as far as the filter lets them through."""
    period = asked.choice(request, "period", Period)
    wanted = Wanted(
        application=asked.text(request, "application"),
        severity=asked.choice(request, "severity", Severity),
        environment=asked.choice(request, "environment", Environment),
        seen_since=None if period is None else scope.now - timedelta(days=int(period.value)),
        text=asked.text(request, "q"),
    )
    number = asked.page(request)
    found = await look.page(scope, wanted, asked.window(number, _SIZE))
    values = {
        **_CHOICES,
        "sights": found.rows,
        "count": found.count,
        "wanted": wanted,
        "period": period,
        "filtered": wanted != Wanted(),
        "applications": await store.applications(scope.direct()),
        "number": number,
        "last": max(1, -(-found.count // _SIZE)),
        "newer": _list_address(request, number - 1) if number > 1 else None,
        "older": _list_address(request, number + 1) if number * _SIZE < found.count else None,
    }
    return await pages_of(scope).render(request, "escalation/issues.html", values)


async def get_issue(scope: Scope, request: Request) -> Response:
    """One issue with what is known of it, and a page of its logs with what came of their messages."""
    which: int = request.path_params["id"]
    before = asked.whole(request.query_params.get("before", ""))
    close = await look.one(scope, which, before)
    values = {
        "close": close,
        "issue": close.issue,
        "before": before,
        "older": None if close.older is None else asked.address(request.url.path, {"before": close.older}),
        "in_words": _in_words,
        "channels": _CHANNELS,
        "drawing": (WIDTH, HEIGHT),
        "buttons": scope.part(Intents).buttons(*_told(close)),
    }
    return await pages_of(scope).render(request, "escalation/issue.html", values)


def _told(close: Close) -> tuple[str, str]:
    """An issue as a title and a text, for whatever can be made of it."""
    latest = close.logs[0][0].message if close.logs else ""
    return f"{close.issue.code} in {close.issue.application}", latest


def _list_address(request: Request, number: int) -> str:
    names = ("q", "application", "severity", "environment", "period")
    return asked.address("/issues/", {**{name: request.query_params.get(name) for name in names}, "page": number})


def _in_words(job: LogJob) -> str:
    if job.code is None:
        return "waiting to be sent" if job.state == "planned" else "being sent"
    words = result(job.channel, job.code, job.note, job.next).message
    return f"{words}; it is tried again" if job.state == "planned" else words
