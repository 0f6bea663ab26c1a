"""Meta's WhatsApp Cloud API: checks the token, takes every message, makes and signs webhooks."""

import hashlib
import hmac
import json
from typing import Any

from tests.standins.server import Answer, Heard, StandIn

TOKEN = "EAAmeta-token-55"
PHONE_NUMBER_ID = "106540352242922"
APP_SECRET = "meta-app-secret-91"


class Meta(StandIn):
    """`fail(number, code)` makes every message to a number fail with one of Meta's codes."""

    def __init__(self) -> None:
        super().__init__()
        self.failures: dict[str, int] = {}

    @property
    def url(self) -> str:
        return f"{super().url}/v21.0"

    def fail(self, number: str, code: int) -> None:
        self.failures[number] = code

    def reply(self, heard: Heard) -> Answer:
        if heard.method != "POST" or heard.path != f"/v21.0/{PHONE_NUMBER_ID}/messages":
            return refusal(100, 400, "Unsupported post request")
        if heard.headers.get("authorization") != f"Bearer {TOKEN}":
            return refusal(190, 401, "Error validating access token")
        body = heard.json
        if body.get("messaging_product") != "whatsapp" or not str(body.get("to", "")).isdecimal():
            return refusal(131008, 400, "Required parameter is missing")
        failure = self.failures.get(f"+{body['to']}")
        if failure is not None:
            return refusal(failure, 400, f"Message to {body['to']} failed")
        return accepted(body["to"], f"wamid.{len(self.heard):08d}")


def accepted(to: str, message_id: str) -> Answer:
    """200 with the message's id."""
    contacts = [{"input": to, "wa_id": to}]
    return Answer(200, {"messaging_product": "whatsapp", "contacts": contacts, "messages": [{"id": message_id}]})


def refusal(code: int, status: int, message: str) -> Answer:
    """A failure as Meta words it."""
    details = {"messaging_product": "whatsapp", "details": message}
    error = {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code, "error_data": details}
    return Answer(status, {"error": {**error, "fbtrace_id": "AbCdEf"}})


def webhook(*, statuses: list[Any] | None = None, messages: list[Any] | None = None) -> bytes:
    """The body of a webhook with these statuses and messages."""
    metadata = {"display_phone_number": "15550001111", "phone_number_id": PHONE_NUMBER_ID}
    value: dict[str, Any] = {"messaging_product": "whatsapp", "metadata": metadata}
    if statuses is not None:
        value["statuses"] = statuses
    if messages is not None:
        value["messages"] = messages
    entry = {"id": "102290129340398", "changes": [{"value": value, "field": "messages"}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def status(message_id: str, state: str, recipient: str, code: int | None = None) -> dict[str, Any]:
    """One member of a webhook's statuses; `recipient` as digits."""
    found: dict[str, Any] = {"id": message_id, "status": state, "timestamp": "1772442000", "recipient_id": recipient}
    if code is not None:
        found["errors"] = [{"code": code, "title": "Failed", "message": "Failed", "error_data": {"details": "Failed"}}]
    return found


def text(sender: str, body: str) -> dict[str, Any]:
    """One member of a webhook's messages; `sender` as digits."""
    return {"from": sender, "id": "wamid.in", "timestamp": "1772442000", "type": "text", "text": {"body": body}}


def sign(body: bytes, app_secret: str = APP_SECRET) -> str:
    """The header X-Hub-Signature-256."""
    return "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
