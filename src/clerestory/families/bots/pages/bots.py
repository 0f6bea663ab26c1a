"""The pages of bots: a list, and one bot with its addresses, its page token, its settings and its chats."""

from collections.abc import Mapping
from dataclasses import replace

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from clerestory.families.bots.chats import look, operate
from clerestory.families.bots.chats.links import BotLinks
from clerestory.families.bots.chats.look import Seen
from clerestory.families.bots.chats.look_store import ChatsWanted
from clerestory.families.bots.objects.seal import Seals
from clerestory.families.bots.pages import connect, settings
from clerestory.families.bots.pages.connect import Connection
from clerestory.families.bots.pages.settings import Fields
from clerestory.families.bots.pages.words import standing
from clerestory.kernel.errors import Invalid
from clerestory.platform.tenancy import Right, Scope
from clerestory.platform.web import Form, asked
from clerestory.platform.web.dialect import faults_by_field
from clerestory.platform.web.pages import pages_of

_BOTS, _CHATS = 25, 25
_DONE = {
    "made": "The bot was made. Give it replies, and try it in its web chat.",
    "saved": "The settings were saved. What is said from now on goes by them.",
    "connected": "The bot is connected to this page. It answers there once Meta tells its webhook of messages.",
    "renewed": "There is a new invitation code. The one before is good for nothing any more.",
    "reachable": "The bot has an address of its own now.",
}


async def get_bots(scope: Scope, request: Request) -> Response:
    """The bots that the person may see, the newest first."""
    number = asked.page(request)
    found = await look.bots(scope, asked.window(number, _BOTS))
    values = {
        **asked.pager("/bots/", {}, number, found.count, _BOTS),
        "bots": [(row, look.is_refused(scope.part(Seals), row)) for row in found.rows],
        "may_make": scope.actor.may(Right.ADMINISTER),
    }
    return await pages_of(scope).render(request, "bots/bots.html", values)


async def post_bot(scope: Scope, _request: Request) -> Response:
    """A new bot of the person's own."""
    made = await operate.new_bot(scope)
    return RedirectResponse(f"/bots/{made}/?done=made", 303)


async def get_bot(scope: Scope, request: Request) -> Response:
    """One bot."""
    seen = await look.bot(scope, request.path_params["id"])
    return await _page(scope, request, seen, settings.fields_of(seen))


async def post_settings(scope: Scope, request: Request) -> Response:
    """The bot as the form says; or the form again with what is wrong."""
    seen = await look.bot(scope, request.path_params["id"])
    given = settings.typed(await Form.read(request))
    try:
        changed = settings.changes(seen, given)
        if changed:
            await operate.change(scope, seen, changed)
    except Invalid as problem:
        faults = faults_by_field(problem)
        wrong = Fields(given.replies, given.resume_after, given.resume_word, given.web, faults)
        return await _page(scope, request, seen, wrong)
    return _back(seen, "saved")


async def post_page(scope: Scope, request: Request) -> Response:
    """The bot connected to a page; or the form again with what is wrong."""
    seen = await look.bot(scope, request.path_params["id"])
    given = connect.typed(await Form.read(request))
    try:
        await operate.change(scope, seen, connect.changes(given))
    except Invalid as problem:
        wrong = replace(given, page_token="", faults=faults_by_field(problem))
        return await _page(scope, request, seen, settings.fields_of(seen), wrong)
    return _back(seen, "connected")


async def post_invitation(scope: Scope, request: Request) -> Response:
    """A new invitation code."""
    seen = await look.bot(scope, request.path_params["id"])
    await operate.renew_invitation(scope, seen)
    return _back(seen, "renewed")


async def post_address(scope: Scope, request: Request) -> Response:
    """An address outside, for a bot that has none."""
    seen = await look.bot(scope, request.path_params["id"])
    await operate.make_reachable(scope, seen)
    return _back(seen, "reachable")


def _back(seen: Seen, done: str) -> Response:
    return RedirectResponse(f"/bots/{seen.bot.id}/?done={done}", 303)


async def _page(
    scope: Scope, request: Request, seen: Seen, fields: Fields, connection: Connection | None = None
) -> Response:
    number, text, silent = asked.page(request), asked.text(request, "q"), request.query_params.get("show") == "muted"
    wanted = ChatsWanted(seen.bot.id, silent=silent, pattern=asked.pattern(text))
    found = await look.chats(scope, wanted, asked.window(number, _CHATS))
    path, filters = f"/bots/{seen.bot.id}/", {"q": text, "show": "muted" if silent else None}
    links = scope.part(BotLinks)
    values = {
        **asked.pager(path, filters, number, found.count, _CHATS),
        "seen": seen,
        "bot": seen.bot,
        "fields": fields,
        "connection": connection or connect.connection_of(seen),
        "chats": [(row, standing(row)) for row in found.rows],
        "text": text,
        "silent": silent,
        "web_page": links.page(seen.bot.uuid),
        "webhook": links.webhook(seen.bot.uuid),
        "verify_token": links.verify_token(seen.bot.uuid),
        "invitation": _invitation(scope, seen),
        "done": _DONE.get(request.query_params.get("done", "")),
    }
    status = 400 if fields.faults or (connection is not None and connection.faults) else 200
    return await pages_of(scope).render(request, "bots/bot.html", values, status=status)


def _invitation(scope: Scope, seen: Seen) -> Mapping[str, object]:
    sealed = msgspec.json.decode(seen.bot.attributes).get("inviteCode")
    code = scope.part(Seals).opened(sealed)
    return {"bot": seen.bot.uuid, "owner": seen.bot.owner_uuid, "code": code if isinstance(code, str) else None}
