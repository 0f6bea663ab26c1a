"""Credentials that are refused alarm the owner once a day; secrets stand in no row and no log line."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import structlog

from clerestory.kernel.errors import Invalid
from clerestory.platform.delivery import Channel, Code, MessageId
from clerestory.platform.delivery.settings import DeliverySettings
from clerestory.platform.tenancy import Scope
from tests.platform.delivery.post import Office, office, set_up, with_meta, with_twilio, write
from tests.standins import mail as mail_standin
from tests.standins import meta as meta_standin
from tests.standins.mail import Mail
from tests.standins.meta import Meta
from tests.standins.twilio import Twilio, refusal

INBOX = "SELECT (state, recipients, subject, note) FROM tenant.delivery_message WHERE family = 'delivery' ORDER BY id"
TWILIO_KEPT = ("kept", ["jane.doe@x.org"], "Twilio does not work", "Kept in the inbox: Twilio does not work")


@pytest.fixture
def mail() -> Iterator[Mail]:
    with Mail() as standin:
        yield standin


async def send(one: Office, channel: Channel) -> Code:
    return (await one.sender.attempt(one.scope, await write(one.scope, channel))).code


async def test_refused_credentials_alarm_the_owner_once_a_day(database_url: str, twilio: Twilio, mail: Mail) -> None:
    settings = with_twilio(twilio, smtp_url=mail.url, smtp_from="ops@example.org")
    async with office(database_url, settings) as one:
        twilio.script(*[refusal(20003, 401, "Authenticate")] * 3)
        assert [await send(one, Channel.SMS) for _ in range(2)] == [Code.PROVIDER_AUTH] * 2
        planned = ("planned", ["jane.doe@x.org"], "Twilio does not work", None)
        assert await one.rows(INBOX) == [TWILIO_KEPT, planned]
        ((name, arguments, _),) = await one.jobs()
        assert name == "delivery.send"
        await one.sender.retry(one.scope, MessageId(int(arguments.split()[-1].strip("}"))))
        assert [str(taken.mail["Subject"]) for taken in mail.taken] == ["Twilio does not work"]
        assert "with the server's own settings" in mail.taken[0].mail.get_content()
        one.clock.ahead += timedelta(days=1, seconds=1)
        await send(one, Channel.SMS)
        assert len(await one.rows(INBOX)) == 4


async def test_mail_that_does_not_work_is_told_of_in_the_inbox_alone(database_url: str) -> None:
    with Mail(auth=True) as locked:
        url = f"smtp://ops:wrong@127.0.0.1:{locked.port}"
        async with office(database_url, DeliverySettings(smtp_url=url, smtp_from="ops@example.org")) as one:
            assert await send(one, Channel.EMAIL) is Code.PROVIDER_AUTH
            assert [row[0] for row in await one.rows(INBOX)] == ["kept"]
            assert await one.jobs() == []


async def test_each_tenant_has_alarms_of_its_own(database_url: str, twilio: Twilio) -> None:
    async with office(database_url, with_twilio(twilio)) as one:
        neighbour = await one.another("joe@x.org")
        twilio.script(*[refusal(20003, 401, "Authenticate")] * 2)
        await send(one, Channel.SMS)
        assert await neighbour.direct().values(INBOX) == []
        await one.sender.attempt(neighbour, await write(neighbour, Channel.SMS))
        assert len(await neighbour.direct().values(INBOX)) == 2


async def test_the_tenants_secrets_stand_in_no_row_and_no_log_line(database_url: str) -> None:
    password = mail_standin.PASSWORD.replace(" ", "%20").replace("/", "%2F")
    with (
        Mail(auth=True) as mail,
        Meta() as meta,
        structlog.testing.capture_logs() as logged,
    ):
        async with office(database_url, with_meta(meta)) as one:
            await set_up(
                one.scope,
                smtp_url=f"smtp://{mail_standin.USER}:{password}@127.0.0.1:{mail.port}",
                smtp_from="own@example.org",
                whatsapp_token=meta_standin.TOKEN,
                whatsapp_phone_number_id=meta_standin.PHONE_NUMBER_ID,
                whatsapp_app_secret=meta_standin.APP_SECRET,
            )
            assert await send(one, Channel.EMAIL) is Code.SENT
            mail.data_reply = f"554 5.7.1 You said {mail_standin.PASSWORD}"
            assert await send(one, Channel.EMAIL) is Code.PROVIDER_ERROR
            meta.script(meta_standin.refusal(190, 401, f"The token {meta_standin.TOKEN} is bad"))
            assert await send(one, Channel.WHATSAPP) is Code.PROVIDER_AUTH
            stored = "\n".join(await every_row(one.scope))
    assert "[cut]" in stored
    for secret in (mail_standin.PASSWORD, password, meta_standin.TOKEN, meta_standin.APP_SECRET):
        assert secret not in stored
        assert secret not in str(logged)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("smtp_url", "http://mail.example.org"),
        ("smtp_url", "smtp://mail.example.org:99999"),
        ("smtp_from", "nobody"),
        ("twilio_url", "file:///etc/passwd"),
        ("whatsapp_url", "https://user:secret@graph.example.org"),
    ],
)
async def test_a_setting_that_cannot_work_is_refused_by_its_name(database_url: str, name: str, value: str) -> None:
    async with office(database_url) as one:
        with pytest.raises(Invalid) as refused:
            await set_up(one.scope, **{name: value})
    assert [fault.field for fault in refused.value.faults] == [f"delivery_{name}"]


async def every_row(scope: Scope) -> list[str]:
    """Every row of the tenant, of the control schema and of the queue, as text."""
    tables = await scope.direct().values(
        """
        SELECT format('%I.%I', schemaname, tablename)
          FROM pg_catalog.pg_tables
         WHERE schemaname IN (:schema, 'platform', 'jobs')
        """,
        schema=scope.tenant.schema,
    )
    return [row for table in tables for row in await scope.direct().values(f"SELECT t::text FROM {table} AS t")]
