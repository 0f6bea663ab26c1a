"""GET /me of the Graph API: whom a token belongs to, with the proof that it is a token of the app that is shown."""

from datetime import timedelta
from urllib.parse import urlencode

import httpx
import msgspec

from clerestory.families.bots.facebook import FacebookApp
from clerestory.families.bots.model import FacebookDown, FacebookRefused
from clerestory.families.bots.signin.model import Identity
from clerestory.kernel.values import storable
from clerestory.platform.delivery.exchange import Call, Silence, exchange
from clerestory.platform.delivery.outcome import CUT

DEADLINE = timedelta(seconds=7)
"""With what goes before and after it, the answer comes within 8 s. Source: dialects/bots.md, Signing in."""

_LONGEST = 255
_SHORTEST_CUT = 6


async def ask(client: httpx.AsyncClient, app: FacebookApp, token: str) -> Identity:
    """Whose token it is. Raises FacebookRefused with Facebook's own document, FacebookDown for everything else."""
    query = {"fields": "id,name,email", "access_token": token, "appsecret_proof": app.proof(token)}
    url = f"{app.url.rstrip('/')}/me?{urlencode(query, errors='replace')}"
    reply = await exchange(client, Call("GET", url, {}), DEADLINE)
    if isinstance(reply, Silence):
        raise FacebookDown
    try:
        document = msgspec.json.decode(reply.body)
    except (ValueError, RecursionError):
        raise FacebookDown from None
    if not isinstance(document, dict):
        raise FacebookDown
    if document.get("error"):
        raise FacebookRefused(msgspec.json.encode(_without((token, query["appsecret_proof"]), document)).decode())
    return _identity(document)


def _identity(document: dict[str, object]) -> Identity:
    facebook_id, name, email = (_text(document.get(key)) for key in ("id", "name", "email"))
    if not facebook_id:
        raise FacebookDown
    return Identity(facebook_id, name, email or None)


def _text(value: object) -> str | None:
    return value[:_LONGEST] if isinstance(value, str) and storable(value) else None


def _without(secrets: tuple[str, ...], value: object) -> object:
    """The document without the secrets, which Facebook repeats in some of its texts."""
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, CUT) if len(secret) >= _SHORTEST_CUT else value
        return value
    if isinstance(value, dict):
        return {name: _without(secrets, one) for name, one in value.items()}
    if isinstance(value, list):
        return [_without(secrets, one) for one in value]
    return value
