"""The page of members: who they are, what they allow and want to hear of; each with a form of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from clerestory.families.escalation.members.model import SEVERITIES
from clerestory.families.escalation.roster import save
from clerestory.families.escalation.roster.store import Entry
from clerestory.kernel.channels import Channel
from clerestory.kernel.errors import Conflict, Invalid
from clerestory.kernel.values import storable
from clerestory.platform.tenancy import Right, Scope
from clerestory.platform.web import Form, asked
from clerestory.platform.web.dialect import faults_by_field
from clerestory.platform.web.pages import pages_of

_SIZE = 50
_TEXTS = ("email", "first_name", "last_name", "phone_number", "role")
_DONE = {
    "added": "The member was added.",
    "saved": "The member was saved.",
    "out": "The member was deactivated: no log-in, no messages.",
    "in": "The member is active again.",
}
_CHOICES: Mapping[str, object] = {
    "channels": ((Channel.EMAIL, "E-mail"), (Channel.SMS, "SMS"), (Channel.WHATSAPP, "WhatsApp")),
    "severities": tuple((severity, severity.value) for severity in reversed(SEVERITIES)),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """A form that was refused: whose it is (None: the new member's), what was typed, and what is wrong."""

    which: int | None
    values: Mapping[str, object]
    faults: Mapping[str, str] = field(default_factory=dict)


async def get_people(scope: Scope, request: Request) -> Response:
    """The members, the active first."""
    return await _page(scope, request, None, 200)


async def post_person(scope: Scope, request: Request) -> Response:
    """A new member; or the form again with what is wrong."""
    scope.require(Right.ADMINISTER)
    form = await Form.read(request)
    try:
        which = await save.add(scope, _body(form))
    except Invalid as problem:
        return await _page(scope, request, Typed(None, _body(form), faults_by_field(problem)), 400)
    return _back(form, "added", which)


async def post_change(scope: Scope, request: Request) -> Response:
    """A member as the form says; or the form again with what is wrong."""
    scope.require(Right.ADMINISTER)
    form, which = await Form.read(request), request.path_params["id"]
    try:
        await save.change(scope, which, _body(form))
    except Invalid as problem:
        return await _page(scope, request, Typed(which, _body(form), faults_by_field(problem)), 400)
    except Conflict as problem:
        return await _page(scope, request, Typed(which, _body(form), {"": problem.text}), 409)
    return _back(form, "saved", which)


async def post_active(scope: Scope, request: Request) -> Response:
    """A member let out, or in again; or the page again with why not."""
    scope.require(Right.ADMINISTER)
    form, which = await Form.read(request), request.path_params["id"]
    active = form.text("active") == "yes"
    try:
        await save.set_active(scope, which, active=active)
    except Conflict as problem:
        return await _page(scope, request, Typed(which, {}, {"": problem.text}), 409)
    return _back(form, "in" if active else "out", which)


async def _page(scope: Scope, request: Request, typed: Typed | None, status: int) -> Response:
    number, text = await _place(request)
    found = await save.page(scope, text, asked.window(number, _SIZE))
    values = {
        **_CHOICES,
        "entries": found.rows,
        "may_change": scope.actor.may(Right.ADMINISTER),
        "typed": typed,
        "values_of": _values_of,
        "nobody": _values_of(None),
        "done": _DONE.get(request.query_params.get("done", "")),
        "text": text,
        **asked.pager("/people/", {"q": text}, number, found.count, _SIZE),
    }
    return await pages_of(scope).render(request, "escalation/people.html", values, status=status)


async def _place(request: Request) -> tuple[int, str | None]:
    """Where in the list the visitor is: as the address says, or the form that was sent from there."""
    if request.method != "POST":
        return asked.page(request), asked.text(request, "q")
    return _place_of(await Form.read(request))


def _place_of(form: Form) -> tuple[int, str | None]:
    text = form.text("q")
    return asked.whole(form.text("page"), 100_000) or 1, text if text and storable(text) else None


def _back(form: Form, done: str, which: int) -> Response:
    number, text = _place_of(form)
    place = {"q": text, "page": number if number > 1 else None, "done": done}
    return RedirectResponse(f"{asked.address('/people/', place)}#member-{which}", 303)


def _body(form: Form) -> Mapping[str, object]:
    return {
        **{name: form.text(name) for name in _TEXTS},
        "administrator": form.checked("administrator"),
        "password": form.raw("password") or None,
        "consents": form.all("consents"),
        "preferences": form.all("preferences"),
    }


def _values_of(entry: Entry | None) -> Mapping[str, object]:
    if entry is None:
        return {**dict.fromkeys(_TEXTS, ""), "administrator": False, "consents": (), "preferences": ()}
    return {
        **{name: getattr(entry, name) or "" for name in _TEXTS},
        "administrator": entry.administrator,
        "consents": entry.consents,
        "preferences": entry.preferences,
    }
