"""Connections to a mail server: shared, opened again, encrypted, logged in to, closed."""

import asyncio

import pytest

from clerestory.platform.delivery.outcome import Code
from clerestory.platform.delivery.smtp import Security, SmtpPools
from tests.platform.delivery.mails import ANDY, BECKY, brief, message, settings
from tests.standins.certificate import Certificate
from tests.standins.mail import PASSWORD, Mail
from tests.standins.server import eventually


async def test_a_connection_is_used_again(pools: SmtpPools) -> None:
    with Mail() as mail:
        for _ in range(3):
            assert (await pools.send(settings(mail), message(ANDY))).code is Code.SENT
        assert (len(mail.taken), mail.connections) == (3, 1)


async def test_a_connection_that_the_server_closed_is_opened_again(pools: SmtpPools) -> None:
    with Mail() as mail:
        await pools.send(settings(mail), message(ANDY))
        mail.hang_up()
        assert (await pools.send(settings(mail), message(ANDY))).code is Code.SENT
        assert (len(mail.taken), mail.connections) == (2, 2)


async def test_many_mails_share_four_connections(pools: SmtpPools) -> None:
    with Mail() as mail:
        outcomes = await asyncio.gather(*(pools.send(settings(mail), message(ANDY)) for _ in range(20)))
        assert {outcome.code for outcome in outcomes} == {Code.SENT}
        assert (len(mail.taken), mail.connections) == (20, 4)


async def test_the_log_in_goes_through_starttls(pools: SmtpPools, localhost: Certificate) -> None:
    with Mail(tls=localhost.server, auth=True) as mail:
        outcome = await pools.send(settings(mail, password=PASSWORD), message(ANDY))
        assert (outcome.code, mail.logins) == (Code.SENT, 1)


async def test_the_log_in_goes_through_tls_at_once(pools: SmtpPools, localhost: Certificate) -> None:
    with Mail(tls=localhost.server, implicit=True, auth=True) as mail:
        given = settings(mail, security=Security.TLS, password=PASSWORD)
        assert (await pools.send(given, message(ANDY))).code is Code.SENT


async def test_wrong_credentials_alarm_and_are_not_shown(pools: SmtpPools, localhost: Certificate) -> None:
    with Mail(tls=localhost.server, auth=True) as mail:
        given = settings(mail, password="wrong secret")
        outcome = await pools.send(given, message(ANDY))
        assert brief(outcome) == (Code.PROVIDER_AUTH, "SMTP: the credentials or the account were refused (535)", None)
        assert outcome.alarm
        assert "wrong secret" not in repr(outcome) + repr(given)


async def test_a_server_without_log_in_is_told(pools: SmtpPools) -> None:
    with Mail() as mail:
        outcome = await pools.send(settings(mail, password=PASSWORD), message(ANDY))
        assert (outcome.code, outcome.note) == (Code.PROVIDER_AUTH, "SMTP: the server offers no way to log in")


async def test_encryption_that_is_asked_for_is_insisted_on(pools: SmtpPools) -> None:
    with Mail() as mail:
        outcome = await pools.send(settings(mail, security=Security.STARTTLS), message(ANDY))
        note = "SMTP: the server offers no encryption, so nothing was sent to it"
        assert (brief(outcome), mail.taken) == ((Code.PROVIDER_AUTH, note, None), [])


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
async def test_a_stranger_s_certificate_is_refused(localhost: Certificate, security: Security) -> None:
    pools = SmtpPools()
    with Mail(tls=localhost.server, implicit=security is Security.TLS) as mail:
        outcome = await pools.send(settings(mail, security=security), message(ANDY))
        assert brief(outcome) == (Code.PROVIDER_ERROR, "SMTP: the server's certificate is not trusted", None)
        assert mail.taken == []


async def test_a_closed_pool_keeps_nothing(pools: SmtpPools) -> None:
    with Mail() as mail:
        await pools.send(settings(mail), message(ANDY))
        pools.close()
        await pools.send(settings(mail), message(ANDY))
        assert mail.connections == 2


async def test_a_server_that_knows_only_helo_is_served(pools: SmtpPools) -> None:
    with Mail() as mail:
        mail.greets_old_clients_only = True
        assert (await pools.send(settings(mail), message(ANDY))).code is Code.SENT


async def test_a_send_that_is_given_up_leaves_no_connection_behind(pools: SmtpPools) -> None:
    with Mail() as mail:
        mail.hold.clear()
        given_up = asyncio.create_task(pools.send(settings(mail), message(ANDY)))
        for _ in eventually():
            await asyncio.sleep(0)
            if mail.connections:
                break
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up
        mail.hold.set()
        assert (await pools.send(settings(mail), message(BECKY))).code is Code.SENT
        assert mail.connections == 2
