"""Twilio's Messages API: checks the log-in and the form, takes every message, signs callbacks."""

import base64
import hashlib
import hmac
from collections.abc import Mapping

from tests.standins.server import Answer, Heard, StandIn

ACCOUNT_SID = "AC" + "0" * 31 + "1"
AUTH_TOKEN = "twilio-token-7f3a/+="
SMS_FROM = "+15005550006"


class Twilio(StandIn):
    """`fail(number, code)` makes every message to a number fail with one of Twilio's codes."""

    def __init__(self) -> None:
        super().__init__()
        self.failures: dict[str, int] = {}

    def fail(self, number: str, code: int) -> None:
        self.failures[number] = code

    def reply(self, heard: Heard) -> Answer:
        if heard.method != "POST" or heard.path != f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json":
            return refusal(20404, 404, "The requested resource was not found")
        expected = base64.b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()
        if heard.headers.get("authorization") != f"Basic {expected}":
            return refusal(20003, 401, "Authenticate")
        form = heard.form
        if "Body" not in form and "ContentSid" not in form:
            return refusal(21602, 400, "Message body is required.")
        number = form.get("To", "").removeprefix("whatsapp:")
        if number in self.failures:
            return refusal(self.failures[number], 400, f"Message to {number} refused")
        return accepted(form, f"SM{len(self.heard):032x}")


def accepted(form: Mapping[str, str], sid: str) -> Answer:
    """201 with the message as Twilio shows it."""
    with_service = "MessagingServiceSid" in form
    return Answer(
        201,
        {
            "sid": sid,
            "account_sid": ACCOUNT_SID,
            "to": form.get("To"),
            "from": form.get("From"),
            "messaging_service_sid": form.get("MessagingServiceSid"),
            "body": form.get("Body", ""),
            "status": "accepted" if with_service else "queued",
            "error_code": None,
            "error_message": None,
            "num_segments": "0" if with_service else "1",
            "direction": "outbound-api",
            "date_created": "Mon, 02 Mar 2026 09:00:00 +0000",
            "uri": f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{sid}.json",
            "price": None,
        },
    )


def refusal(code: int, status: int, message: str) -> Answer:
    """A failure as Twilio words it."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    return Answer(status, {"code": code, "message": message, "more_info": more, "status": status})


def sign(url: str, form: Mapping[str, str], auth_token: str = AUTH_TOKEN) -> str:
    """The header X-Twilio-Signature of a callback."""
    text = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    return base64.b64encode(hmac.new(auth_token.encode(), text.encode(), hashlib.sha1).digest()).decode()


def status_form(sid: str, status: str, to: str, error_code: int | None = None) -> dict[str, str]:
    """The fields of a status callback."""
    form = {"MessageSid": sid, "MessageStatus": status, "To": to, "From": SMS_FROM, "AccountSid": ACCOUNT_SID}
    return form if error_code is None else {**form, "ErrorCode": str(error_code)}
