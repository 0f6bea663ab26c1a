"""POST /callbacks/…: what Twilio and Meta tell of messages after they took them, and what people write back.

The address says whose it is, a signature that it is really them. What nobody here knows is answered like the rest,
for a provider repeats for days what it was refused.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from clerestory.kernel.errors import Fault, Forbidden, Invalid, Kind
from clerestory.platform.delivery import arrivals
from clerestory.platform.delivery.arrivals import Heard
from clerestory.platform.delivery.callbacks import (
    Inbound,
    StatusReport,
    answer_meta_challenge,
    parse_meta,
    parse_twilio_inbound,
    parse_twilio_status,
    verify_meta,
    verify_twilio,
)
from clerestory.platform.delivery.links import CallbackLinks
from clerestory.platform.delivery.routing import Routing
from clerestory.platform.http.operations.dialect import OperationsDialect
from clerestory.platform.http.route import Access, Route
from clerestory.platform.http.surface import Surface
from clerestory.platform.tenancy import SYSTEM, Scope, State
from clerestory.platform.tenancy.registry import Registry

_MOST_FIELDS = 200


async def post_twilio(scope: Scope, request: Request) -> Response:
    """A status callback or an incoming message; 200 with empty TwiML."""
    own = await _addressee(scope, request)
    form = await _form(request)
    url = own.part(CallbackLinks).url("twilio", own.tenant.id)
    if request.url.query:
        url = f"{url}?{request.url.query}"
    checks = await own.part(Routing).checks(own, "twilio")
    signature = request.headers.get("x-twilio-signature", "")
    if not any(verify_twilio(secret, url, form, signature) for secret in checks.secrets):
        raise Forbidden("The signature is not right.")
    told = (parse_twilio_status(form), parse_twilio_inbound(form))
    await _take_in(own, [one for one in told if one is not None])
    return Response("<Response/>", media_type="text/xml")


async def get_whatsapp(scope: Scope, request: Request) -> Response:
    """Meta's question whether this address is ours: the challenge, when the verify token is the address's own."""
    own = await _addressee(scope, request)
    challenge = answer_meta_challenge(own.part(CallbackLinks).token(own.tenant.id), request.query_params)
    if challenge is None:
        raise Forbidden("The verify token is not right.")
    # Plain text that is never sniffed, for what is said back was chosen by the caller.
    return PlainTextResponse(challenge, headers={"X-Content-Type-Options": "nosniff"})


async def post_whatsapp(scope: Scope, request: Request) -> Response:
    """Reports and people's messages, any number of them."""
    own = await _addressee(scope, request)
    body = await request.body()
    checks = await own.part(Routing).checks(own, "whatsapp")
    signature = request.headers.get("x-hub-signature-256", "")
    if not any(verify_meta(secret, body, signature) for secret in checks.secrets):
        raise Forbidden("The signature is not right.")
    await _take_in(own, parse_meta(body, treat_131026_as_blocked=checks.treat_131026_as_blocked))
    return PlainTextResponse("")


async def _addressee(scope: Scope, request: Request) -> Scope:
    number = scope.part(CallbackLinks).tenant(request.path_params["token"])
    tenant = None if number is None else await scope.part(Registry).by_id(number)
    if tenant is None or tenant.state is not State.READY:
        raise Forbidden("This address is nobody's.")
    return replace(scope, tenant=tenant, actor=SYSTEM)


async def _form(request: Request) -> dict[str, str]:
    try:
        text = (await request.body()).decode()
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError as error:
        raise Invalid(Fault(None, Kind.UNPARSEABLE, "The body is no valid form.")) from error


async def _take_in(scope: Scope, told: Sequence[StatusReport | Inbound]) -> None:
    for one in told:
        if isinstance(one, Inbound):
            await arrivals.wrote(scope, one)
        else:
            await arrivals.arrived(scope, Heard(one))


SURFACE = Surface(
    name="callbacks",
    prefixes=("/callbacks",),
    dialect=OperationsDialect(),
    routes=(
        Route("POST", "/callbacks/twilio/{token}", post_twilio, Access.OPEN),
        Route("GET", "/callbacks/whatsapp/{token}", get_whatsapp, Access.OPEN),
        Route("POST", "/callbacks/whatsapp/{token}", post_whatsapp, Access.OPEN),
    ),
    documented=False,
    time_limit=timedelta(seconds=20),
)
