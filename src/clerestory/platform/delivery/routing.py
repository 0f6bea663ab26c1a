"""Which transport carries a tenant's message: its own settings, else the operator's, else none: then the inbox.

Each channel is decided alone: a tenant with a mail server and no phone has its SMS kept in the inbox.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import structlog

from clerestory.kernel.channels import Channel
from clerestory.kernel.errors import Fault, Invalid, Kind, in_words_of
from clerestory.kernel.values import Type
from clerestory.platform.delivery.clickup import ClickUpSettings
from clerestory.platform.delivery.letter import sender_address
from clerestory.platform.delivery.settings import DeliverySettings, Route, check_http_url, parse_smtp_url
from clerestory.platform.delivery.smtp import SmtpSettings
from clerestory.platform.delivery.twilio import TwilioSettings
from clerestory.platform.identity import organisation
from clerestory.platform.identity.organisation import Catalogue, Organisation, Setting, Together
from clerestory.platform.tenancy import Scope
from clerestory.platform.tokens import Vault

T = TypeVar("T")

PREFIX = "delivery_"

_LONGEST = 1000

log = structlog.get_logger(__name__)


def _text(name: str, doc: str, *, secret: bool = False, check: Callable[[str], None] | None = None) -> Setting[str]:
    return Setting(PREFIX + name, Type.TEXT, default="", doc=doc, secret=secret, longest=_LONGEST, check=check)


def _url(name: str, doc: str) -> Setting[str]:
    def check(text: str) -> None:
        if text:
            check_http_url(PREFIX + name, text)

    return _text(name, doc, check=check)


def _check_mail_server(text: str) -> None:
    if text:
        _renamed(lambda: parse_smtp_url(text, "somebody@example.org"))


def _check_sender(text: str) -> None:
    if text and sender_address(text) is None:
        words = "The sender must be an e-mail address, such as Ops <ops@example.org>."
        raise Invalid(Fault(PREFIX + "smtp_from", Kind.INVALID, words))


def _renamed(read: Callable[[], T]) -> T:
    """The operator's variables bear the same names as the settings, but for the prefix."""
    try:
        return read()
    except Invalid as invalid:
        raise Invalid(*map(_fault, invalid.faults)) from None


def _fault(fault: Fault) -> Fault:
    return replace(fault, field=PREFIX + str(fault.field), text=in_words_of(_NAMES, fault.text))


_TWILIO = (
    _url("twilio_url", "Where Twilio is; empty: the server's own setting."),
    _text("twilio_account_sid", "The account at Twilio."),
    _text("twilio_auth_token", "Its token; callbacks are checked with it too.", secret=True),
    _text("twilio_from", "The number, or messaging service, that SMS come from."),
    _text("twilio_whatsapp_from", "The number that WhatsApp messages by Twilio come from."),
    _text("twilio_whatsapp_content_sid", "The approved WhatsApp template at Twilio; empty: plain text."),
)
_META = (
    _url("whatsapp_url", "Where Meta's WhatsApp Cloud API is; empty: the server's own setting."),
    _text("whatsapp_token", "The access token at Meta.", secret=True),
    _text("whatsapp_phone_number_id", "The business number's id at Meta."),
    _text("whatsapp_app_secret", "Checks Meta's callbacks.", secret=True),
    _text("whatsapp_template", "The approved template at Meta; empty: plain text."),
    _text("whatsapp_template_language", "The template's language; empty: en."),
)
AS_BLOCKED: Setting[bool] = Setting(
    PREFIX + "whatsapp_treat_131026_as_blocked",
    Type.TRUTH,
    default=False,
    doc="Whether Meta's code 131026, undeliverable, counts as blocked by the recipient.",
)
_SMTP = (
    _text(
        "smtp_url",
        "The mail server: smtp://user:secret@host:587 or smtps://host:465.",
        secret=True,
        check=_check_mail_server,
    ),
    _text("smtp_from", "The sender of mail, such as Ops <ops@example.org>.", check=_check_sender),
)
CLICKUP_TOKEN = _text("clickup_token", "The token at ClickUp; a list of your own needs it.", secret=True)
CLICKUP_LIST = _text("clickup_list_id", "The list that tasks are made in.")
_NEEDS_A_TOKEN = (
    f"{CLICKUP_TOKEN.name} is needed beside {CLICKUP_LIST.name}: tasks go to a list of your own by a token of your own."
)
_CLICKUP = (
    _url("clickup_url", "Where ClickUp is; empty: the server's own setting."),
    CLICKUP_TOKEN,
    CLICKUP_LIST,
    _text("clickup_mark_field_id", "A text field of the list that holds the issue's mark."),
)

SETTINGS: tuple[Setting[Any], ...] = (*_SMTP, *_TWILIO, *_META, AS_BLOCKED, *_CLICKUP)
"""What an organisation may set of delivery."""

_NAMES = {setting.name.removeprefix(PREFIX): setting.name for setting in SETTINGS}


def _own(
    stored: Organisation, settings: Iterable[Setting[Any]], unseal: Callable[[bytes], str], defaults: DeliverySettings
) -> DeliverySettings:
    """What an organisation has set of these. Raises Invalid when they contradict each other, in the settings' names."""
    values = {setting.name.removeprefix(PREFIX): _value(stored, setting, unseal) for setting in settings}
    # The address of a provider is the operator's business unless the tenant has its own.
    for name in ("twilio_url", "whatsapp_url", "clickup_url"):
        values[name] = values.get(name) or getattr(defaults, name)
    return _renamed(lambda: DeliverySettings(**{name: value for name, value in values.items() if value}))


def _value(stored: Organisation, setting: Setting[Any], unseal: Callable[[bytes], str]) -> Any:
    return stored.secret(setting, unseal) if setting.secret else stored.of(setting)


def _works(*settings: Setting[Any]) -> Together:
    def faults(stored: Organisation, unseal: Callable[[bytes], str]) -> Sequence[Fault]:
        try:
            _own(stored, settings, unseal, DeliverySettings())
        except Invalid as invalid:
            return invalid.faults
        return ()

    return Together(settings, faults)


CATALOGUE = Catalogue(SETTINGS, (_works(*_SMTP), _works(*_TWILIO), _works(*_META), _works(*_CLICKUP)))

_OF_CHANNEL: dict[Channel, tuple[Setting[Any], ...]] = {
    Channel.EMAIL: _SMTP,
    Channel.SMS: _TWILIO,
    Channel.WHATSAPP: (*_TWILIO, *_META, AS_BLOCKED),
}


@dataclass(frozen=True, slots=True)
class Way:
    """A transport with its credentials. `shared`: it is the operator's, and every tenant without one goes by it."""

    route: Route
    channel: Channel
    shared: bool

    @property
    def name(self) -> str:
        """The transport's name."""
        if isinstance(self.route, SmtpSettings):
            return "SMTP"
        return "Twilio" if isinstance(self.route, TwilioSettings) else "WhatsApp"

    @property
    def sender(self) -> str:
        """Whom the recipient sees, and may block: an address, a number, or the provider's id of one."""
        if isinstance(self.route, SmtpSettings):
            address = sender_address(self.route.sender)
            return self.route.sender if address is None else address.addr_spec
        if isinstance(self.route, TwilioSettings):
            number = self.route.sms_from if self.channel is Channel.SMS else self.route.whatsapp_from
            return number or ""
        return self.route.phone_number_id


@dataclass(frozen=True, slots=True)
class Checks:
    """The secrets that a provider may have signed a callback with, and how one doubtful code is read."""

    secrets: tuple[str, ...] = field(repr=False)
    treat_131026_as_blocked: bool = False


class Routing:
    """Finds the way of each message. A part of the process."""

    def __init__(self, defaults: DeliverySettings, vault: Vault) -> None:
        self.defaults = defaults
        self._vault = vault

    async def way(self, scope: Scope, channel: Channel) -> Way | None:
        """How this tenant's messages of the channel leave; None: they are kept in the inbox.

        Raises Invalid when the tenant's settings contradict themselves.
        """
        stored = await organisation.read(scope.direct())
        own = self._own(stored, _OF_CHANNEL[channel]).route(channel)
        if own is not None:
            return Way(replace(own, trusted=self._is_trusted(own)), channel, shared=False)
        default = self.defaults.route(channel)
        return None if default is None else Way(default, channel, shared=True)

    def inbox(self, stored: Organisation) -> frozenset[Channel]:
        """The channels whose messages are kept in the inbox, as an organisation's settings stand."""
        return frozenset(
            channel
            for channel in Channel
            if self.defaults.route(channel) is None and not any(map(stored.sets, _OF_CHANNEL[channel]))
        )

    async def clickup(self, scope: Scope) -> ClickUpSettings | None:
        """The list for the tenant's tasks; None when there is none.

        With the operator's token a tenant reaches the operator's list, and others only where the operator says so: the
        token opens those of other tenants too. Raises Invalid when the tenant's settings do not work together.
        """
        own = self._own(await organisation.read(scope.direct()), _CLICKUP)
        found = own.clickup()
        if found is not None:
            return replace(found, trusted=found.url == self.defaults.clickup_url)
        operators = self.defaults.clickup()
        if not own.clickup_list_id or (operators is not None and own.clickup_list_id == operators.list_id):
            return operators
        if not self.defaults.clickup_shared:
            raise Invalid(Fault(CLICKUP_TOKEN.name, Kind.MISSING, _NEEDS_A_TOKEN))
        mark = own.clickup_mark_field_id or None
        return replace(self.defaults, clickup_list_id=own.clickup_list_id, clickup_mark_field_id=mark).clickup()

    async def checks(self, scope: Scope, provider: str) -> Checks:
        """How a callback to this tenant's address is checked; the operator's own account may report there too."""
        found = [self.defaults]
        try:
            found.append(self._own(await organisation.read(scope.direct()), (*_TWILIO, *_META, AS_BLOCKED)))
        except Invalid as invalid:
            log.warning("delivery.settings_unusable", tenant=scope.tenant.schema, text=invalid.text)
        if provider == "twilio":
            accounts = [account for one in found if (account := one.twilio())]
            return Checks(tuple(account.auth_token for account in accounts))
        numbers = [number for one in found if (number := one.whatsapp())]
        return Checks(
            tuple(number.app_secret for number in numbers if number.app_secret),
            treat_131026_as_blocked=bool(numbers) and numbers[-1].treat_131026_as_blocked,
        )

    def _own(self, stored: Organisation, settings: Iterable[Setting[Any]]) -> DeliverySettings:
        return _own(stored, settings, self._vault.unseal, self.defaults)

    def _is_trusted(self, route: Route) -> bool:
        if isinstance(route, SmtpSettings):
            return False
        theirs = self.defaults.twilio_url if isinstance(route, TwilioSettings) else self.defaults.whatsapp_url
        return route.url == theirs
