"""The server-wide defaults of delivery, and how their URLs are read.

A value that cannot work is refused when it is read, with the name of the setting and never with its secret.
"""

from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from clerestory.kernel.errors import Fault, Invalid, Kind
from clerestory.platform.delivery.clickup import ClickUpSettings
from clerestory.platform.delivery.letter import sender_address
from clerestory.platform.delivery.outcome import Channel
from clerestory.platform.delivery.smtp import Security, SmtpSettings
from clerestory.platform.delivery.twilio import TwilioSettings
from clerestory.platform.delivery.whatsapp import WhatsAppSettings

Route = SmtpSettings | TwilioSettings | WhatsAppSettings
"""Settings of a transport that can carry a message."""

_SECURITY = {"smtp": Security.AUTOMATIC, "smtps": Security.TLS}


def parse_smtp_url(url: str, sender: str | None = None, *, trusted: bool = False) -> SmtpSettings:
    """`smtp://user:secret@host:587` (STARTTLS if offered) or `smtps://…:465` (TLS at once) as settings.

    User and secret are percent-decoded; `?security=starttls|none` insists on or forgoes encryption. Without a `sender`
    the user must be an e-mail address. Raises Invalid naming `smtp_url` or `smtp_from`.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise _invalid("smtp_url", "The port must be a number from 1 to 65535.") from None
    if parts.scheme not in _SECURITY:
        raise _invalid("smtp_url", "The URL must begin with smtp:// or smtps://.")
    if not parts.hostname or port == 0 or parts.path.strip("/") or parts.fragment:
        raise _invalid("smtp_url", "The URL must have the form smtp://user:secret@host:port.")
    security = _security(parts)
    username = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    shown = sender or username or ""
    if sender_address(shown) is None:
        raise _invalid("smtp_from", "The sender must be an e-mail address, such as Clerestory <ops@example.org>.")
    default = 465 if security is Security.TLS else 587 if username else 25
    return SmtpSettings(parts.hostname, port or default, shown, username, password, security, trusted)


def _security(parts: SplitResult) -> Security:
    default = _SECURITY[parts.scheme]
    query = parse_qs(parts.query, keep_blank_values=True)
    asked = query.pop("security", [default.value])[-1]
    allowed = {Security.TLS} if default is Security.TLS else {Security.AUTOMATIC, Security.STARTTLS, Security.NONE}
    if query or asked not in allowed:
        names = ", ".join(sorted(allowed))
        raise _invalid("smtp_url", f"The only option of the URL is security, one of: {names}.")
    return Security(asked)


def check_http_url(name: str, url: str) -> str:
    """`url` when it is http(s) with a host and a path and nothing else. Raises Invalid naming the setting."""
    if not _is_plain_http(url):
        raise _invalid(name, "The URL must begin with http:// or https:// and hold a host and a path, nothing else.")
    return url


def _is_plain_http(url: str) -> bool:
    if not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return usable and parts.scheme in ("http", "https") and not (parts.username or parts.query or parts.fragment)


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """The operator's defaults, each named as its variable `CLERESTORY_…` in lower case; a blank counts as absent.

    Raises Invalid when they contradict themselves. They are trusted: their hosts may be private.
    """

    smtp_url: str | None = field(default=None, repr=False)
    smtp_from: str | None = None
    twilio_url: str = "https://api.twilio.com"
    twilio_account_sid: str | None = None
    twilio_auth_token: str | None = field(default=None, repr=False)
    twilio_from: str | None = None
    twilio_whatsapp_from: str | None = None
    twilio_whatsapp_content_sid: str | None = None
    whatsapp_url: str = "https://graph.facebook.com/v21.0"
    whatsapp_token: str | None = field(default=None, repr=False)
    whatsapp_phone_number_id: str | None = None
    whatsapp_app_secret: str | None = field(default=None, repr=False)
    whatsapp_template: str | None = None
    whatsapp_template_language: str = "en"
    whatsapp_treat_131026_as_blocked: bool = False
    clickup_url: str = "https://api.clickup.com/api/v2"
    clickup_token: str | None = field(default=None, repr=False)
    clickup_list_id: str | None = None
    clickup_mark_field_id: str | None = None
    # Whether tenants without a token of their own reach by this one whatever list they name.
    clickup_shared: bool = False
    outbound_allow_private: bool = False
    # Each tenant's, over these very transports; 0: as many as one likes.
    shared_messages_per_day: int = 200

    def __post_init__(self) -> None:
        for name in ("twilio_url", "whatsapp_url", "clickup_url"):
            check_http_url(name, getattr(self, name))
        self.smtp()
        self.twilio()
        self.whatsapp()
        self.clickup()

    def smtp(self) -> SmtpSettings | None:
        """The mail server, if one is set."""
        url = _given(self.smtp_url)
        return parse_smtp_url(url, _given(self.smtp_from), trusted=True) if url else None

    def twilio(self) -> TwilioSettings | None:
        """The Twilio account, if one is set."""
        account, token = _both(self, "twilio_account_sid", "twilio_auth_token")
        if not account or not token:
            return None
        return TwilioSettings(
            account,
            token,
            sms_from=_given(self.twilio_from),
            whatsapp_from=_given(self.twilio_whatsapp_from),
            whatsapp_content_sid=_given(self.twilio_whatsapp_content_sid),
            url=self.twilio_url,
            trusted=True,
        )

    def whatsapp(self) -> WhatsAppSettings | None:
        """The business number at Meta, if one is set."""
        token, number = _both(self, "whatsapp_token", "whatsapp_phone_number_id")
        if not token or not number:
            return None
        return WhatsAppSettings(
            token,
            number,
            app_secret=_given(self.whatsapp_app_secret),
            template=_given(self.whatsapp_template),
            template_language=self.whatsapp_template_language,
            treat_131026_as_blocked=self.whatsapp_treat_131026_as_blocked,
            url=self.whatsapp_url,
            trusted=True,
        )

    def clickup(self) -> ClickUpSettings | None:
        """The list for tasks, if one is set. A token alone is fine: `clickup_shared`, tenants name theirs."""
        token, list_id = _given(self.clickup_token), _given(self.clickup_list_id)
        if not token or not list_id:
            return None
        return ClickUpSettings(token, list_id, _given(self.clickup_mark_field_id), self.clickup_url, trusted=True)

    def route(self, channel: Channel) -> Route | None:
        """The transport for a channel; None: the inbox. WhatsApp goes through Meta when both ways are set."""
        twilio = self.twilio()
        if channel is Channel.EMAIL:
            return self.smtp()
        if channel is Channel.SMS:
            return twilio if twilio and twilio.sms_from else None
        return self.whatsapp() or (twilio if twilio and twilio.whatsapp_from else None)


def _given(text: str | None) -> str | None:
    return (text or "").strip() or None


def _both(settings: DeliverySettings, first: str, second: str) -> tuple[str | None, str | None]:
    values = _given(getattr(settings, first)), _given(getattr(settings, second))
    for name, value, other in ((first, values[0], values[1]), (second, values[1], values[0])):
        if other and not value:
            raise Invalid(Fault(name, Kind.MISSING, f"{name} is needed beside {second if name == first else first}."))
    return values


def _invalid(name: str, text: str) -> Invalid:
    return Invalid(Fault(name, Kind.INVALID, f"{name}: {text}"))
