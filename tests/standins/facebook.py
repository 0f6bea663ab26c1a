"""Facebook's Graph API: signing in by /me, profiles, Messenger's Send API; makes and signs the webhooks of a page."""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field
from typing import Any

from tests.standins.meta import sign as sign_by
from tests.standins.server import Answer, Heard, StandIn

APP_ID = "1750000000000001"
APP_SECRET = "facebook-app-secret-47"
PAGE = "1067280970047460"
PAGE_TOKEN = "EAApage-token-31"
INBOX_APP = "26390203743090"

MALFORMED, UNDECRYPTABLE, LOGGED_OUT, EXPIRED = "malformed", "EAAundecryptable", "EAAlogged-out", "EAAexpired"
EXPIRED_WORDS = (
    "Error validating access token: Session has expired on Wednesday, 07-Sep-16 22:00:00 PDT. "
    "The current time is Wednesday, 07-Sep-16 22:05:47 PDT."
)


def refusal(code: int, message: str, subcode: int | None = None, kind: str = "OAuthException") -> dict[str, Any]:
    """An error document, its members in Facebook's order."""
    error: dict[str, Any] = {"message": message, "type": kind, "code": code}
    if subcode is not None:
        error["error_subcode"] = subcode
    return {"error": {**error, "fbtrace_id": "Aj+ON1w7Fl8"}}


MALFORMED_TOKEN = refusal(190, "Malformed access token")
REFUSALS: dict[str, dict[str, Any]] = {
    "": refusal(2500, "An active access token must be used to query information about the current user."),
    MALFORMED: MALFORMED_TOKEN,
    UNDECRYPTABLE: refusal(190, "The access token could not be decrypted"),
    LOGGED_OUT: refusal(190, "Error validating access token: The session is invalid because the user logged out.", 467),
    EXPIRED: refusal(190, EXPIRED_WORDS, 463),
}
BAD_PROOF = refusal(100, "Invalid appsecret_proof provided in the API argument", kind="GraphMethodException")


@dataclass(frozen=True)
class Delivery:
    """One message that the Send API took; `token` is the page's, `id` the message's."""

    to: str
    message: dict[str, Any]
    type: str
    tag: str | None
    token: str
    id: str


@dataclass
class Facebook(StandIn):
    """Knows people by their tokens and one page; any token it does not know is malformed."""

    secret: str = APP_SECRET
    people: dict[str, dict[str, str]] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=lambda: {PAGE_TOKEN: PAGE})
    profiles: dict[str, dict[str, str]] = field(default_factory=dict)
    sent: list[Delivery] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.failures: dict[str, Answer] = {}
        self.refused: dict[str, dict[str, Any]] = dict(REFUSALS)

    @property
    def url(self) -> str:
        return f"{super().url}/v21.0"

    def join(self, token: str, facebook_id: str, name: str, email: str | None = None) -> str:
        """A person whose token this is; without an e-mail, none was granted."""
        person = {"id": facebook_id, "name": name}
        self.people[token] = person if email is None else {**person, "email": email}
        return token

    def know(self, psid: str, first: str, last: str) -> None:
        """The profile of somebody who wrote to the page."""
        self.profiles[psid] = {"first_name": first, "last_name": last, "id": psid}

    def expire(self, token: str = PAGE_TOKEN) -> None:
        self.refused[token] = REFUSALS[EXPIRED]

    def renew(self, token: str = PAGE_TOKEN) -> None:
        self.refused.pop(token, None)

    def fail(self, psid: str, code: int, subcode: int | None = None, status: int = 400, words: str = "Failed") -> None:
        """Every message to this person fails so."""
        self.failures[psid] = Answer(status, refusal(code, f"(#{code}) {words}", subcode))

    def heal(self, psid: str) -> None:
        self.failures.pop(psid, None)

    def reply(self, heard: Heard) -> Answer:
        given = asked(heard)
        token = given.get("access_token", "")
        refused = self._refusal(token, given.get("appsecret_proof"))
        if refused is not None:
            return Answer(400, refused)
        path = re.sub(r"^/v\d+\.\d+(?=/)", "", heard.path)
        if heard.method == "POST" and path == "/me/messages":
            return self._take(token, given)
        if heard.method == "GET" and path == "/me":
            return _fields(self.people.get(token) or {"id": self.pages[token], "name": "A page"}, given, "id,name")
        if heard.method == "GET" and path[1:] in self.profiles and token in self.pages:
            return _fields(self.profiles[path[1:]], given, "first_name,last_name,id")
        return Answer(400, refusal(100, "Unsupported request.", 33, "GraphMethodException"))

    def _refusal(self, token: str, proof: str | None) -> dict[str, Any] | None:
        if token in self.refused:
            return self.refused[token]
        if token not in self.people and token not in self.pages:
            return MALFORMED_TOKEN
        right = hmac.new(self.secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        return BAD_PROOF if proof is not None and proof != right else None

    def _take(self, token: str, given: dict[str, Any]) -> Answer:
        to = str(given.get("recipient", {}).get("id", ""))
        message = given.get("message") or {}
        if to in self.failures:
            return self.failures[to]
        if token not in self.pages:
            return Answer(400, refusal(200, "(#200) Permissions error"))
        if not to or not message or len(message.get("text", "")) > 2000 or "messaging_type" not in given:
            return Answer(400, refusal(100, "(#100) Invalid parameter"))
        message_id = f"m_sent-{len(self.sent) + 1:08d}"
        self.sent.append(Delivery(to, message, given["messaging_type"], given.get("tag"), token, message_id))
        return Answer(200, {"recipient_id": to, "message_id": message_id})


def asked(heard: Heard) -> dict[str, Any]:
    """The parameters of a call, from its address and its body, whether form or JSON."""
    given: dict[str, Any] = dict(heard.query)
    if heard.body and "json" in heard.headers.get("content-type", ""):
        return {**given, **heard.json}
    form = heard.form if heard.body else {}
    return given | {name: json.loads(text) if name in ("recipient", "message") else text for name, text in form.items()}


def _fields(known: dict[str, str], given: dict[str, Any], default: str) -> Answer:
    wanted = str(given.get("fields", default)).split(",")
    return Answer(200, {name: known[name] for name in dict.fromkeys([*wanted, "id"]) if name in known})


NOON_MS = 1_772_442_000_000


def webhook(*items: Any, page: str = PAGE, standby: bool = False) -> bytes:
    """The body of a webhook with one entry of these items."""
    entry = {"id": page, "time": NOON_MS, "standby" if standby else "messaging": list(items)}
    return json.dumps({"object": "page", "entry": [entry]}).encode()


def sign(body: bytes, app_secret: str = APP_SECRET) -> str:
    """The header X-Hub-Signature-256."""
    return sign_by(body, app_secret)


def told(psid: str, name: str, content: Any, at: int = NOON_MS) -> dict[str, Any]:
    """An item in which the person is the sender."""
    return {"sender": {"id": psid}, "recipient": {"id": PAGE}, "timestamp": at, name: content}


def message(psid: str, text: str, mid: str = "m_1", payload: str | None = None, at: int = NOON_MS) -> dict[str, Any]:
    """What the person wrote; with a payload, by a quick reply."""
    content: dict[str, Any] = {"mid": mid, "text": text}
    if payload is not None:
        content["quick_reply"] = {"payload": payload}
    return told(psid, "message", content, at)


def postback(psid: str, title: str, payload: str, mid: str | None = None, at: int = NOON_MS) -> dict[str, Any]:
    """A button that was pressed."""
    content = {"title": title, "payload": payload}
    return told(psid, "postback", content if mid is None else {"mid": mid, **content}, at)


def echo(psid: str, text: str, mid: str, app_id: Any = int(INBOX_APP), metadata: str | None = None) -> dict[str, Any]:
    """What was said to the person: as it is here, by a human in the page's inbox."""
    content: dict[str, Any] = {"mid": mid, "text": text, "is_echo": True, "app_id": app_id}
    if metadata is not None:
        content["metadata"] = metadata
    return {"sender": {"id": PAGE}, "recipient": {"id": psid}, "timestamp": NOON_MS, "message": content}


def passed(psid: str, to: Any, by: Any = None) -> dict[str, Any]:
    """Control of the thread went from one app to another; None is nobody."""
    return told(psid, "pass_thread_control", {"previous_owner_app_id": by, "new_owner_app_id": to, "metadata": "m"})


def taken(psid: str, to: Any, by: Any = None) -> dict[str, Any]:
    """An app took control of the thread."""
    return told(psid, "take_thread_control", {"previous_owner_app_id": by, "new_owner_app_id": to, "metadata": "m"})


def requested(psid: str, by: Any) -> dict[str, Any]:
    """An app asks for control of the thread."""
    return told(psid, "request_thread_control", {"requested_owner_app_id": by, "metadata": "m"})


def seen(psid: str, watermark: int = NOON_MS) -> dict[str, Any]:
    """The person has read everything up to then."""
    return told(psid, "read", {"watermark": watermark})
