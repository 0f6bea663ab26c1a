"""The page of a log: escaped, without script, and with addresses that say nothing to a stranger."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from clerestory.families.escalation.logs.find import Found
from clerestory.families.escalation.logs.store import ShownLog
from clerestory.families.escalation.notify.model import masked, result
from clerestory.families.escalation.notify.store import ShownJob
from clerestory.kernel.channels import Channel, Code

_PACKAGE = "clerestory.families.escalation.logs"
_STYLE = (files(_PACKAGE) / "templates" / "style.css").read_text("utf-8")
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

_MARKUP = Markup(_STYLE)  # noqa: S704 - a file of ours, whose hash stands in the header

HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def _moment(value: datetime) -> str:
    return value.strftime("%Y-%m-%d %H:%M:%S UTC")


_environment = Environment(
    loader=PackageLoader(_PACKAGE, "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_environment.filters["moment"] = _moment


@dataclass(frozen=True, slots=True)
class Line:
    """A job as a line of the page."""

    channel: str
    recipients: str
    result: str
    tone: str


def page(found: Found) -> HTMLResponse:
    """The page of a log that was found."""
    return _html(
        "log.html",
        200,
        log=found.log,
        jobs=[_line(job) for job in found.jobs],
        task=_task(found.log),
        silence="Nothing was sent: DEV environment." if found.log.environment == "DEV" else "Nobody was told.",
    )


def missing() -> HTMLResponse:
    """The page for every key that shows nothing, whatever the cause."""
    return _html("missing.html", 404, text="There is no such log.")


def too_many(wait: timedelta) -> HTMLResponse:
    """The page for an address that asks too often."""
    response = _html("missing.html", 429, text="Too many requests. Try again in a minute.")
    response.headers["Retry-After"] = str(max(1, round(wait.total_seconds())))
    return response


def _html(template: str, status: int, **values: object) -> HTMLResponse:
    text = _environment.get_template(template).render(style=_MARKUP, **values)
    return HTMLResponse(text, status, HEADERS)


def _line(job: ShownJob) -> Line:
    recipients = ", ".join(masked(job.channel, address) for address in job.recipients)
    if job.code is None:
        words = "Waiting to be sent" if job.state == "planned" else "Being sent"
        return Line(job.channel, recipients, words, "waiting")
    ended = result(job.channel, job.code, job.note, job.next)
    words = f"{ended.message} ({ended.code})" if ended.code and not ended.good else ended.message
    if ended.good and job.next is not None:
        words, tone = f"{words}; not delivered in time. Falling back to {job.next}", "bad"
    else:
        words, tone = f"{words}{_arrival(job)}", "good" if ended.good else "bad"
    if ended.good:
        words += _somebody("refused for", job.channel, job.refused) + _somebody(
            "tried again for", job.channel, job.again
        )
    if job.state == "planned" and job.code is not Code.SENT:
        words = f"{words}. It is tried again"
    return Line(job.channel, recipients, words, tone)


def _somebody(what: str, channel: Channel, addresses: Sequence[str]) -> str:
    named = ", ".join(masked(channel, address) for address in addresses)
    return f"; {what} {named}" if named else ""


def _arrival(job: ShownJob) -> str:
    return f", {job.arrival}" if job.arrival in ("delivered", "read") else ""


def _task(log: ShownLog) -> str:
    if log.task_state == "wanted":
        return f"Being made. {log.task_note}".strip()
    return log.task_note
