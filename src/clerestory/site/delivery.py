"""How an organisation's messages leave: its transports' settings, a test of each channel, what became of the latest.

A secret is written and never shown again; an empty field leaves it as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from clerestory.kernel.channels import Channel
from clerestory.kernel.errors import Invalid, RateLimited, in_words_of
from clerestory.kernel.values import Type
from clerestory.platform.delivery import journal
from clerestory.platform.delivery.links import CallbackLinks
from clerestory.platform.delivery.outcome import Outcome
from clerestory.platform.delivery.quota import Quota
from clerestory.platform.delivery.routing import CATALOGUE, PREFIX, Routing
from clerestory.platform.delivery.trial import send_trial
from clerestory.platform.http import headers_of
from clerestory.platform.identity.configure import configure, configured
from clerestory.platform.identity.organisation import Organisation, Setting
from clerestory.platform.tenancy import Right, Scope
from clerestory.platform.web import Form
from clerestory.platform.web.dialect import faults_by_field
from clerestory.platform.web.pages import pages_of
from clerestory.site.inbox import CHANNELS

_LATEST = 10
_CLEAR = "clear_"

_LABELS: Mapping[str, Mapping[str, str]] = {
    "E-mail by SMTP": {"smtp_url": "Server", "smtp_from": "Sender"},
    "SMS and WhatsApp by Twilio": {
        "twilio_account_sid": "Account SID",
        "twilio_auth_token": "Auth token",
        "twilio_from": "Number for SMS",
        "twilio_whatsapp_from": "Number for WhatsApp",
        "twilio_whatsapp_content_sid": "WhatsApp template",
        "twilio_url": "Address of the API",
    },
    "WhatsApp by Meta": {
        "whatsapp_token": "Access token",
        "whatsapp_phone_number_id": "Id of the number",
        "whatsapp_app_secret": "App secret",
        "whatsapp_template": "Template",
        "whatsapp_template_language": "Language of the template",
        "whatsapp_treat_131026_as_blocked": "Undeliverable counts as blocked",
        "whatsapp_url": "Address of the API",
    },
    "Tasks at ClickUp": {
        "clickup_token": "Token",
        "clickup_list_id": "List",
        "clickup_mark_field_id": "Field for the mark",
        "clickup_url": "Address of the API",
    },
}
_LABEL_OF = {PREFIX + name: label for labels in _LABELS.values() for name, label in labels.items()}


@dataclass(frozen=True, slots=True)
class Line:
    """One setting on the form."""

    setting: Setting[Any]
    label: str
    value: str
    ticked: bool
    stored: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """A test message: where it was to go, and what came of it or why none was sent."""

    channel: Channel | None
    address: str
    outcome: Outcome | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows beside what is stored: a form that was refused, a test that was made."""

    typed: Form | None = None
    faults: Mapping[str, str] = field(default_factory=dict)
    tried: Tried | None = None
    status: int = 200


async def get_delivery(scope: Scope, request: Request) -> Response:
    """The settings, the tests and the latest deliveries."""
    return await _page(scope, request, Shown())


async def post_delivery(scope: Scope, request: Request) -> Response:
    """The settings as the form says; or the form again with what is wrong."""
    form = await Form.read(request)
    try:
        await configure(scope, CATALOGUE, _body(form))
    except Invalid as problem:
        return await _page(scope, request, Shown(form, _faults(problem), status=400))
    return RedirectResponse("/delivery/?done=saved", 303)


async def post_test(scope: Scope, request: Request) -> Response:
    """What came of a test message, in the words of its job."""
    scope.require(Right.ADMINISTER)
    form = await Form.read(request)
    address = form.text("address")
    channel = next((one for one in Channel if one.value == form.text("channel")), None)
    if channel is None:
        tried = Tried(None, address, fault="There is no such channel.")
        return await _page(scope, request, Shown(tried=tried, status=400))
    try:
        outcome = await send_trial(scope, channel, address)
    except Invalid as problem:
        return await _page(scope, request, Shown(tried=Tried(channel, address, fault=problem.text), status=400))
    except RateLimited as problem:
        shown = Shown(tried=Tried(channel, address, fault=problem.text), status=429)
        answer = await _page(scope, request, shown)
        answer.headers.update(headers_of(problem))
        return answer
    return await _page(scope, request, Shown(tried=Tried(channel, address, outcome)))


async def _page(scope: Scope, request: Request, shown: Shown) -> Response:
    stored = await configured(scope)
    values = {
        "sections": _sections(stored, shown.typed),
        "faults": shown.faults,
        "tried": shown.tried,
        "saved": request.query_params.get("done") == "saved",
        "ways": [(channel, CHANNELS[channel], await _way(scope, channel)) for channel in Channel],
        "tasks": await _tasks(scope),
        "channels": CHANNELS,
        "callbacks": _callbacks(scope),
        "deliveries": await journal.latest(scope.direct(), _LATEST),
    }
    return await pages_of(scope).render(request, "site/delivery.html", values, status=shown.status)


def _faults(problem: Invalid) -> Mapping[str, str]:
    """A fault stands beside its field, so the name that some words begin with is said already."""
    return {name: _labelled(text.removeprefix(f"{name}: ")) for name, text in faults_by_field(problem).items()}


def _labelled(text: str) -> str:
    """Settings are called what they are called on the page."""
    return in_words_of(_LABEL_OF, text)


def _sections(stored: Organisation, typed: Form | None) -> Sequence[tuple[str, Sequence[Line]]]:
    return [
        (title, [_line(CATALOGUE.settings[PREFIX + name], label, stored, typed) for name, label in labels.items()])
        for title, labels in _LABELS.items()
    ]


def _line(setting: Setting[Any], label: str, stored: Organisation, typed: Form | None) -> Line:
    kept = setting.name in stored.sealed
    if setting.secret:
        return Line(setting, label, "", typed is not None and typed.checked(_CLEAR + setting.name), kept)
    if setting.type is Type.TRUTH:
        ticked = bool(stored.of(setting)) if typed is None else typed.checked(setting.name)
        return Line(setting, label, "", ticked, stored=True)
    value = str(stored.of(setting)) if typed is None else typed.text(setting.name)
    return Line(setting, label, value, ticked=False, stored=True)


def _body(form: Form) -> Mapping[str, object]:
    body: dict[str, object] = {}
    for name, setting in CATALOGUE.settings.items():
        if setting.type is Type.TRUTH:
            body[name] = form.checked(name)
        elif not setting.secret or form.text(name):
            body[name] = form.text(name)
        elif form.checked(_CLEAR + name):
            body[name] = None
    return body


def _callbacks(scope: Scope) -> Sequence[tuple[str, str]]:
    links, tenant = scope.part(CallbackLinks), scope.tenant.id
    return (
        ("At Twilio, where a message that comes in is reported", links.url("twilio", tenant)),
        ("At Meta, the webhook’s address", links.url("whatsapp", tenant)),
        ("At Meta, its verify token", links.token(tenant)),
    )


async def _way(scope: Scope, channel: Channel) -> str:
    try:
        way = await scope.part(Routing).way(scope, channel)
    except Invalid as problem:
        return f"Cannot be sent: {_labelled(problem.text)}"
    if way is None:
        return "Kept in the inbox: no transport is set up"
    if not way.shared:
        return f"By {way.name}, with your own settings"
    most = scope.part(Quota).most
    return f"By {way.name}, with the server’s settings" + (f": at most {most} messages a day in all" if most else "")


async def _tasks(scope: Scope) -> str:
    try:
        found = await scope.part(Routing).clickup(scope)
    except Invalid as problem:
        return f"Cannot be made: {_labelled(problem.text)}"
    return "None are made: no list is set up" if found is None else f"Made in the list {found.list_id}"
