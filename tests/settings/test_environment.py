"""What an operator sets is read from one table; what it does not know is refused with advice, without secrets."""

from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from clerestory.platform.database import DatabaseSettings
from clerestory.platform.delivery.settings import DeliverySettings
from clerestory.platform.storage import StorageSettings
from clerestory.platform.tokens import GateSettings
from clerestory.settings.environment import SettingsError, read
from clerestory.settings.installation import ServerSettings
from clerestory.settings.variables import BY_NAME, VARIABLES

SECRET = "a secret of the tests, long enough to be taken"

# What no operator needs to turn, and what is not set but found.
INSIDE = {"idle_lifetime", "max_queries", "url"}


def test_nothing_set_is_enough() -> None:
    installation = read({})
    assert installation.server == ServerSettings("127.0.0.1", 8000, 1, timedelta(seconds=30), (), 1000)
    assert installation.data_dir == Path("data")
    assert installation.database_url is None
    settings = installation.settings("postgresql://somewhere/x", SECRET)
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.database == DatabaseSettings("postgresql://somewhere/x")
    assert settings.gate == GateSettings()
    assert settings.delivery == DeliverySettings()
    assert settings.storage == StorageSettings((Path.cwd() / "data" / "files").as_uri())


def test_an_option_goes_before_its_variable_before_the_default() -> None:
    environ = {"CLERESTORY_PORT": "9000", "CLERESTORY_WORKERS": "3"}
    server = read(environ, {"port": 9001, "host": None}).server
    assert (server.port, server.workers, server.host) == (9001, 3, "127.0.0.1")


def test_an_empty_variable_is_not_set() -> None:
    assert read({"CLERESTORY_PORT": " "}).server.port == 8000


@pytest.mark.parametrize(
    ("environ", "text"),
    [
        ({"CLERESTORY_PROT": "1"}, "CLERESTORY_PROT is no setting of Clerestory; did you mean CLERESTORY_PORT?"),
        ({"CLERESTORY_QQQQQ": "1"}, "CLERESTORY_QQQQQ is no setting of Clerestory; docs/settings.md lists all."),
        ({"CLERESTORY_PORT": "80o0"}, "CLERESTORY_PORT is '80o0': it must be a whole number from 0 to 65535."),
        ({"CLERESTORY_PORT": "65536"}, "CLERESTORY_PORT is '65536': it must be a whole number from 0 to 65535."),
        ({"CLERESTORY_JOBS": "maybe"}, "CLERESTORY_JOBS is 'maybe': it must be yes or no."),
        ({"CLERESTORY_LOG_FORMAT": "xml"}, "CLERESTORY_LOG_FORMAT is 'xml': it must be one of: text, json."),
        (
            {"CLERESTORY_PUBLIC_URL": "x.org"},
            "CLERESTORY_PUBLIC_URL is 'x.org': it must begin with http:// or https://.",
        ),
        (
            {"CLERESTORY_DATABASE_URL": "mysql://root:hidden@x/y"},
            "CLERESTORY_DATABASE_URL is not usable: it must begin with postgresql:// or postgres://.",
        ),
        (
            {"CLERESTORY_TWILIO_AUTH_TOKEN": "hidden"},
            "CLERESTORY_TWILIO_ACCOUNT_SID is needed beside CLERESTORY_TWILIO_AUTH_TOKEN.",
        ),
        (
            {"CLERESTORY_SMTP_URL": "http://me:hidden@x"},
            "CLERESTORY_SMTP_URL: The URL must begin with smtp:// or smtps://.",
        ),
        (
            {"CLERESTORY_STORAGE_SECRET_KEY": "hidden"},
            "CLERESTORY_STORAGE_ACCESS_KEY and CLERESTORY_STORAGE_SECRET_KEY go together.",
        ),
        ({"CLERESTORY_STORAGE_URL": "s3:///x"}, "CLERESTORY_STORAGE_URL names no bucket: s3://bucket."),
    ],
)
def test_a_wrong_setting_is_told_by_its_variable(environ: dict[str, str], text: str) -> None:
    with pytest.raises(SettingsError) as told:
        read(environ)
    assert str(told.value) == text
    assert "hidden" not in str(told.value)


def test_secrets_are_not_shown() -> None:
    hidden = {
        "CLERESTORY_DATABASE_URL": "postgresql://me:hidden@x/y",
        "CLERESTORY_SECRET": "hidden" * 8,
        "CLERESTORY_SMTP_URL": "smtp://me%40x.org:hidden@x.org",
        "CLERESTORY_WHATSAPP_TOKEN": "hidden",
        "CLERESTORY_WHATSAPP_PHONE_NUMBER_ID": "1",
        "CLERESTORY_WHATSAPP_APP_SECRET": "hidden",
        "CLERESTORY_CLICKUP_TOKEN": "hidden",
        "CLERESTORY_TWILIO_ACCOUNT_SID": "AC1",
        "CLERESTORY_TWILIO_AUTH_TOKEN": "hidden",
        "CLERESTORY_PASSWORD": "hidden",
        "CLERESTORY_STORAGE_ACCESS_KEY": "1",
        "CLERESTORY_STORAGE_SECRET_KEY": "hidden",
    }
    assert {BY_NAME[name.removeprefix("CLERESTORY_").lower()].secret for name in hidden} == {True, False}
    installation = read(hidden)
    assert "hidden" not in repr(installation)
    assert "hidden" not in repr(installation.settings("postgresql://me:hidden@x/y", "hidden" * 8))


@pytest.mark.parametrize("kind", [DatabaseSettings, GateSettings, DeliverySettings, ServerSettings, StorageSettings])
def test_each_field_of_the_packages_settings_has_a_variable(kind: type) -> None:
    assert {one.name for one in fields(kind)} - set(BY_NAME) <= INSIDE


def test_each_variable_is_declared_once_with_a_default_that_can_be_read() -> None:
    assert len(BY_NAME) == len(VARIABLES)
    for variable in VARIABLES:
        assert variable.doc.endswith("."), variable.name
        if variable.default:
            variable.form.read(variable.default)


def test_links_lead_to_where_the_server_listens() -> None:
    def url(**options: object) -> str:
        return read({}, options).settings("postgresql://x/y", SECRET).public_url

    assert url(host="0.0.0.0", port=8080) == "http://127.0.0.1:8080"
    assert url(host="::1", port=8080) == "http://[::1]:8080"
    assert url(host="::", port=8080) == "http://[::1]:8080"
    assert url(public_url="https://ops.example.org") == "https://ops.example.org"
