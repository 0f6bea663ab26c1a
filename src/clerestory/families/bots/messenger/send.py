"""One message to one person by Messenger's Send API, and what came of it. It repeats nothing.

The token and its proof travel in the body, so that no log of addresses can hold them; what people read is in our own
words. Source: dialects/bots.md, Messenger.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import urlencode

import httpx

from clerestory.families.bots.facebook import FacebookApp
from clerestory.families.bots.messenger.model import Fate, Sent
from clerestory.families.bots.messenger.wire import GraphError, GraphSent
from clerestory.platform.delivery.exchange import Call, Reply, Silence, exchange
from clerestory.platform.delivery.outcome import DEADLINE, Code, carriable
from clerestory.platform.delivery.wire import read

METADATA = "clerestory"
"""What every message carries, so that its echo is known for our own."""

_WINDOW_CLOSED, _OTHER_APP = 10, 2018300
_CONTROLLED = "another app is controlling"

_TOKEN = frozenset({102, 190})
_AGAIN = frozenset({1, 2, 4, 17, 32, 613})

_WORDS: Mapping[int, str] = MappingProxyType(
    {
        _WINDOW_CLOSED: "the message was not allowed: the time for answering is over, or a permission is missing",
        100: "the message has something that Facebook does not take",
        368: "Facebook holds the message for abusive",
        551: "the person cannot be reached at present",
        10903: "this person cannot be answered",
        **dict.fromkeys(range(200, 300), "the page has not given the permission to send"),
    }
)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A `message` object for the person `to`. `human`: a person wrote it; `late`: after the 24 hours for answers."""

    token: str = field(repr=False)
    to: str
    message: Mapping[str, object]
    human: bool = False
    late: bool = False


async def send(client: httpx.AsyncClient, app: FacebookApp, call: Outgoing) -> Sent:
    """What came of the message, after at most 8 seconds."""
    reply = await exchange(client, _request(app, call), DEADLINE)
    return _of_silence(reply) if isinstance(reply, Silence) else _of_reply(reply)


def _request(app: FacebookApp, call: Outgoing) -> Call:
    fields = {
        "recipient": json.dumps({"id": call.to}),
        "messaging_type": "RESPONSE",
        "message": json.dumps({**call.message, "metadata": METADATA}),
        "access_token": call.token,
    }
    # The tag is for people alone; a bot that used it would cost the page its permission.
    if call.human and call.late:
        fields |= {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    if app.secret:
        fields["appsecret_proof"] = app.proof(call.token)
    return Call(
        "POST",
        f"{app.url.rstrip('/')}/me/messages",
        {"content-type": b"application/x-www-form-urlencoded"},
        urlencode(fields, errors="replace").encode(),
    )


def _of_silence(silence: Silence) -> Sent:
    words = f"Facebook: {silence.words}"
    if silence.harmless:
        return Sent(Fate.AGAIN, words=words)
    # An address that may not or cannot be called is found out before a connection, and has no fault of the network.
    if silence.code is Code.PROVIDER_ERROR and not silence.fault:
        return Sent(Fate.FAILED, words=words)
    return Sent(Fate.UNKNOWN, words=words)


def _of_reply(reply: Reply) -> Sent:
    answer = read(GraphSent, reply.body) or GraphSent()
    if answer.error is not None:
        return _of_error(reply, answer.error)
    message_id = carriable(str(answer.message_id))[:255]
    if 200 <= reply.status < 300 and message_id:
        return Sent(Fate.SENT, message_id)
    words = f"Facebook: no readable answer (HTTP {reply.status})"
    if reply.status == 429:
        return Sent(Fate.AGAIN, words=words, pause=reply.retry_after(None))
    if 200 <= reply.status < 300 or reply.status >= 500:
        return Sent(Fate.UNKNOWN, words=words)
    return Sent(Fate.FAILED, words=words)


def _of_error(reply: Reply, error: GraphError) -> Sent:
    code, subcode = error.code or 0, error.error_subcode
    shown = f"({code}/{subcode})" if subcode else f"({code})"
    if code in _TOKEN:
        return Sent(Fate.TOKEN, words=f"Facebook: the page's token is refused {shown}")
    if (code == _WINDOW_CLOSED and subcode == _OTHER_APP) or _CONTROLLED in str(error.message).lower():
        return Sent(Fate.THREAD, words=f"Facebook: another app controls this chat {shown}")
    if code not in _WORDS and (code in _AGAIN or reply.status >= 500 or reply.status == 429):
        return Sent(Fate.AGAIN, words=f"Facebook: not now {shown}", pause=reply.retry_after(None))
    return Sent(Fate.FAILED, words=f"Facebook: {_WORDS.get(code, 'the message was refused')} {shown}")
