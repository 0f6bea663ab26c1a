"""The token endpoint, on every host."""

import base64
from urllib.parse import unquote

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from clerestory.families.ideas import wire as family_wire
from clerestory.families.ideas.conventions.parameters import read_parameters
from clerestory.families.ideas.dialect import JSON
from clerestory.families.ideas.oauth import wire
from clerestory.families.ideas.oauth.exchange import Refused, Shown, exchange
from clerestory.platform.http import Access, Route
from clerestory.platform.tenancy import Scope


async def post_token(scope: Scope, request: Request) -> Response:
    """Tokens for one of the four grants; a form of either kind or a JSON object."""
    parameters = await read_parameters(request)
    fields = {name: values[-1] for name, values in parameters.texts.items() if values}
    fields |= _basic(request.headers.get("authorization", ""))
    address = request.client.host if request.client else ""
    try:
        granted = await exchange(scope, Shown(fields, address))
    except Refused as refused:
        said = refused.answer.body
        body = family_wire.GrantFailure(str(said.get("error", "")), str(said.get("error_description", "")))
        return Response(msgspec.json.encode(body), 400, None, JSON)
    system = wire.System(request.url.netloc)
    answer = wire.TokenAnswer(granted.access_token, granted.expires_in, "Bearer", None, [system], granted.refresh_token)
    return Response(msgspec.json.encode(answer), 200, None, JSON)


def _basic(header: str) -> dict[str, str]:
    """The app's credentials in a Basic header. A Bearer, which clients send along when they renew it, is none."""
    scheme, _, text = header.partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        client_id, _, secret = base64.b64decode(text).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": unquote(client_id), "client_secret": unquote(secret)}


ROUTES = (
    Route(
        "POST", "/_oauth2/token", post_token, Access.OPEN, "Tokens for one of four grants", response=wire.TokenAnswer
    ),
)
