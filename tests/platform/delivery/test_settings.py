"""The server-wide defaults, and how their URLs are read."""

import pytest

from clerestory.kernel.errors import Invalid
from clerestory.platform.delivery.clickup import ClickUpSettings
from clerestory.platform.delivery.outcome import Channel
from clerestory.platform.delivery.settings import DeliverySettings, check_http_url, parse_smtp_url
from clerestory.platform.delivery.smtp import Security, SmtpSettings
from clerestory.platform.delivery.twilio import TwilioSettings
from clerestory.platform.delivery.whatsapp import WhatsAppSettings

OPS = "ops@example.org"


@pytest.mark.parametrize(
    ("url", "settings"),
    [
        ("smtp://mail.example.org", SmtpSettings("mail.example.org", 25, OPS)),
        ("smtp://127.0.0.1:1025/", SmtpSettings("127.0.0.1", 1025, OPS)),
        ("smtp://[::1]:1025", SmtpSettings("::1", 1025, OPS)),
        (
            "smtp://me%40example.org:p%40ss%2Fw%3A%C3%A9@Mail.example.org",
            SmtpSettings("mail.example.org", 587, OPS, "me@example.org", "p@ss/w:é"),
        ),
        ("smtps://me:secret@mail", SmtpSettings("mail", 465, OPS, "me", "secret", Security.TLS)),
        ("smtp://mail:587?security=starttls", SmtpSettings("mail", 587, OPS, security=Security.STARTTLS)),
        ("smtp://mail:25?security=none", SmtpSettings("mail", 25, OPS, security=Security.NONE)),
    ],
)
def test_a_url_says_how_mail_goes_out(url: str, settings: SmtpSettings) -> None:
    assert parse_smtp_url(url, OPS) == settings


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example.org:25",
        "http://me:hunter2@mail",
        "smtp://",
        "smtp://me:hunter2@",
        "smtp://me:hunter2@mail:port",
        "smtp://me:hunter2@mail:99999",
        "smtp://me:hunter2@mail:0",
        "smtp://me:hunter2@mail/path",
        "smtp://me:hunter2@mail?security=hunter2",
        "smtp://me:hunter2@mail?timeout=3",
        "smtps://me:hunter2@mail?security=none",
        "smtp://me:hunter2@[mail",
    ],
)
def test_a_url_that_cannot_work_is_refused_without_its_secret(url: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_smtp_url(url, OPS)
    assert refusal.value.faults[0].field == "smtp_url"
    assert "hunter2" not in refusal.value.text
    assert refusal.value.__cause__ is None


def test_the_user_is_the_sender_when_none_is_named() -> None:
    assert parse_smtp_url("smtp://me%40example.org:x@mail").sender == "me@example.org"
    with pytest.raises(Invalid, match="smtp_from"):
        parse_smtp_url("smtp://me:x@mail")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.example.org",
        "ftp://api.example.org",
        "https://",
        "https://me:x@api.example.org",
        "https://api.example.org/?x=1",
        "https://api.example.org/#x",
        "https://api.example.org:99999",
        "https://api.example.org/a b",
        "https://api.example.org/\r\nX: y",
        "https://[api",
    ],
)
def test_a_provider_s_url_is_a_host_and_a_path(url: str) -> None:
    with pytest.raises(Invalid, match="twilio_url"):
        check_http_url("twilio_url", url)


def test_nothing_set_is_the_inbox() -> None:
    settings = DeliverySettings(smtp_url=" ", twilio_account_sid="")
    assert [settings.route(channel) for channel in Channel] == [None, None, None]
    assert settings.clickup() is None


def test_what_is_set_carries_its_channel_and_is_trusted() -> None:
    settings = DeliverySettings(
        smtp_url="smtp://127.0.0.1:1025",
        smtp_from=OPS,
        twilio_url="http://127.0.0.1:1",
        twilio_account_sid="AC1",
        twilio_auth_token="t1",
        twilio_from="+1",
        twilio_whatsapp_from="+2",
        clickup_token="pk_1",
        clickup_list_id="9",
    )
    twilio = TwilioSettings("AC1", "t1", sms_from="+1", whatsapp_from="+2", url="http://127.0.0.1:1", trusted=True)
    assert settings.route(Channel.EMAIL) == SmtpSettings("127.0.0.1", 1025, OPS, trusted=True)
    assert settings.route(Channel.SMS) == twilio
    assert settings.route(Channel.WHATSAPP) == twilio
    assert settings.clickup() == ClickUpSettings("pk_1", "9", trusted=True)


def test_meta_goes_before_twilio() -> None:
    settings = DeliverySettings(
        twilio_account_sid="AC1",
        twilio_auth_token="t1",
        twilio_whatsapp_from="+2",
        whatsapp_token="EAA",
        whatsapp_phone_number_id="106",
    )
    assert settings.route(Channel.WHATSAPP) == WhatsAppSettings("EAA", "106", trusted=True)
    assert settings.route(Channel.SMS) is None


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"twilio_account_sid": "AC1"}, "twilio_auth_token is needed beside twilio_account_sid."),
        ({"twilio_auth_token": "t1"}, "twilio_account_sid is needed beside twilio_auth_token."),
        ({"whatsapp_token": "EAA"}, "whatsapp_phone_number_id is needed beside whatsapp_token."),
        ({"whatsapp_phone_number_id": "1"}, "whatsapp_token is needed beside whatsapp_phone_number_id."),
    ],
)
def test_half_a_provider_is_refused(given: dict[str, str], missing: str) -> None:
    with pytest.raises(Invalid) as refusal:
        DeliverySettings(**given)  # type: ignore[arg-type]  # every key is a field of text
    assert refusal.value.text == missing


def test_secrets_are_not_shown() -> None:
    settings = DeliverySettings(
        smtp_url="smtp://me:hunter2@mail",
        smtp_from=OPS,
        twilio_account_sid="AC1",
        twilio_auth_token="hunter2",
        whatsapp_token="hunter2",
        whatsapp_phone_number_id="106",
        whatsapp_app_secret="hunter2",
        clickup_token="hunter2",
        clickup_list_id="9",
    )
    shown = [settings, settings.smtp(), settings.twilio(), settings.whatsapp(), settings.clickup()]
    assert "hunter2" not in repr(shown)
