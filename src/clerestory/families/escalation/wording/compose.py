"""From a log to the text of a message on one channel; an SMS is made short enough for two segments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from clerestory.families.escalation.wording.template import render
from clerestory.kernel.channels import Channel
from clerestory.platform.delivery.segments import segments

SMS_SEGMENTS = 2
_LONGEST_SMS = SMS_SEGMENTS * 153
_LONGEST_LINE = 200
_LONGEST_TEXT = 100_000


@dataclass(frozen=True, slots=True)
class Facts:
    """What a message tells. `digest` is how many logs it stands for; 0: this one alone."""

    organisation: str
    environment: str
    application: str
    code: str
    severity: str
    message: str
    user_ref: str | None
    time: datetime
    count: int
    first_seen: datetime
    link: str
    digest: int = 0


@dataclass(frozen=True, slots=True)
class Text:
    """A message's words. Only a mail has a subject and HTML."""

    subject: str
    text: str
    html: str | None = None


def compose(channel: Channel, facts: Facts, own: Mapping[str, str]) -> Text:
    """The message of this channel; `own` are the organisation's templates by name."""
    if channel is Channel.EMAIL:
        subject = " ".join(_render("subject", facts, own).split())[:_LONGEST_LINE]
        return Text(subject, _render("text", facts, own), _render("html", facts, own))
    if channel is Channel.SMS:
        return Text("", _fitting(facts, lambda shorter: _render("sms", shorter, own)))
    return Text("", _render("whatsapp", facts, own))


def _render(name: str, facts: Facts, own: Mapping[str, str]) -> str:
    values = {
        "organisation": facts.organisation,
        "environment": facts.environment,
        "application": facts.application,
        "code": facts.code,
        "severity": facts.severity,
        "message": facts.message,
        "user_ref": facts.user_ref,
        "time": _moment(facts.time),
        "count": facts.count,
        "first_seen": _moment(facts.first_seen),
        "link": facts.link,
        "digest": facts.digest,
    }
    return render(name, own.get(name), values)[:_LONGEST_TEXT]


def _moment(value: datetime) -> str:
    return value.strftime("%Y-%m-%d %H:%M UTC")


def _fitting(facts: Facts, render: Callable[[Facts], str]) -> str:
    """The longest text that fits: names and message are cut, never the link."""
    text = render(facts)
    if segments(text) <= SMS_SEGMENTS:
        return text
    least, most = 0, max(len(facts.message), len(facts.application), len(facts.code))
    while least < most:
        middle = (least + most + 1) // 2
        if segments(render(_shortened(facts, middle))) <= SMS_SEGMENTS:
            least = middle
        else:
            most = middle - 1
    text = render(_shortened(facts, least))[:_LONGEST_SMS]
    while segments(text) > SMS_SEGMENTS:
        # A template that is too long by itself; it was the organisation's choice.
        text = text[:-10]
    return text


def _shortened(facts: Facts, length: int) -> Facts:
    return replace(
        facts,
        message=_cut(facts.message, length),
        application=_cut(facts.application, max(length, 20)),
        code=_cut(facts.code, max(length, 20)),
    )


def _cut(text: str, length: int) -> str:
    # Three dots, for one character outside the alphabet of SMS would halve what fits.
    return text if len(text) <= length else text[: max(0, length - 3)].rstrip() + "..."
