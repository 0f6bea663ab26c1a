"""The name of a person who wrote to a page, as its profile tells; a name that cannot be had is no error."""

from datetime import timedelta
from urllib.parse import quote, urlencode

import httpx

from clerestory.families.bots.facebook import FacebookApp
from clerestory.families.bots.messenger.wire import GraphProfile
from clerestory.platform.delivery.exchange import Call, Silence, exchange
from clerestory.platform.delivery.outcome import carriable, one_line
from clerestory.platform.delivery.wire import read

_DEADLINE = timedelta(seconds=5)
_LONGEST = 255


async def name_of(client: httpx.AsyncClient, app: FacebookApp, token: str, address: str) -> str | None:
    """First and last name of the person with this id on the token's page, or None."""
    if not address.strip("."):  # these would name another path
        return None
    fields = {"fields": "first_name,last_name", "access_token": token}
    if app.secret:
        fields["appsecret_proof"] = app.proof(token)
    path = quote(address, safe="", errors="replace")
    url = f"{app.url.rstrip('/')}/{path}?{urlencode(fields, errors='replace')}"
    reply = await exchange(client, Call("GET", url, {}), _DEADLINE)
    if isinstance(reply, Silence) or not 200 <= reply.status < 300:
        return None
    profile = read(GraphProfile, reply.body) or GraphProfile()
    name = one_line(carriable(f"{profile.first_name or ''} {profile.last_name or ''}"))
    return name[:_LONGEST] or None
