"""The way out cannot be turned against the inside."""

import asyncio
import socket
import threading
from datetime import timedelta
from typing import Any

import httpx
import pytest

from clerestory.platform.delivery import twilio as transport
from clerestory.platform.delivery.exchange import Call, Reply, exchange
from clerestory.platform.delivery.outbound import (
    GuardedTransport,
    HostRefused,
    check_host,
    guarded_client,
    is_public,
    open_socket,
    resolve,
    resolve_public,
    trusted_client,
)
from clerestory.platform.delivery.outcome import Channel, Code
from clerestory.platform.delivery.twilio import TwilioSettings
from clerestory.platform.identity.passwords import PasswordCost, Passwords
from tests.platform.delivery.conftest import phone_message
from tests.standins.certificate import Certificate
from tests.standins.server import Answer, StandIn
from tests.standins.twilio import ACCOUNT_SID, AUTH_TOKEN, SMS_FROM, Twilio

INSIDE = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.8", "192.0.2.1", "192.88.99.1",
    "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1",
    "2002:7f00:1::", "2002:a00:1::1", "2001::1", "2001:db8::1", "100::1", "fc00::1", "fd00:ec2::254", "fe80::1",
    "fe80::1%eth0", "fec0::1", "ff02::1", "localhost", "",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "100.63.255.255", "100.128.0.1", "172.32.0.1", "2606:4700::1111", "::ffff:1.1.1.1", "2002:101:101::"],
)
def test_an_address_outside_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0177.0.0.1", "017700000001", "::1", "0"])
async def test_every_spelling_of_this_machine_is_refused(host: str) -> None:
    with pytest.raises(HostRefused, match="not public"):
        await check_host(host)
    assert set(await check_host(host, allow_private=True)) <= {"127.0.0.1", "::1", "0.0.0.0"}


async def test_a_public_address_passes() -> None:
    assert await check_host("1.1.1.1") == ("1.1.1.1",)


async def test_a_malformed_host_is_an_error_of_the_system() -> None:
    for host in ("a" * 70 + ".localhost", "..localhost"):
        with pytest.raises(OSError, match=r".+"):
            await check_host(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0177.1"])
async def test_a_tenant_s_url_cannot_reach_inside(twilio: Twilio, host: str) -> None:
    url = f"http://{host}:{twilio.port}"
    settings = TwilioSettings(ACCOUNT_SID, AUTH_TOKEN, sms_from=SMS_FROM, url=url)
    async with guarded_client() as client:
        outcome = await transport.send(client, settings, phone_message(Channel.SMS))
    note = "Twilio: its address is not public, so it may not be called"
    assert (outcome.code, outcome.note, outcome.retry_after) == (Code.PROVIDER_ERROR, note, None)
    assert twilio.connections == 0


async def test_private_addresses_can_be_allowed(twilio: Twilio) -> None:
    settings = TwilioSettings(ACCOUNT_SID, AUTH_TOKEN, sms_from=SMS_FROM, url=twilio.url)
    async with guarded_client(allow_private=True) as client:
        assert (await transport.send(client, settings, phone_message(Channel.SMS))).code is Code.SENT


class Names:
    """A resolver that answers once with an address and ever after with another, as a rebinding name does."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, host: str, port: int) -> tuple[str, ...]:
        await asyncio.sleep(0)
        self.asked.append((host, port))
        return self.answers.pop(0)


async def test_the_address_that_was_checked_is_the_one_that_is_called() -> None:
    names = Names(("127.0.0.1",))
    with StandIn() as standin:
        async with httpx.AsyncClient(transport=GuardedTransport(names)) as client:
            response = await client.get(f"http://provider.example:{standin.port}/path?q=1")
        assert (response.status_code, str(response.url)) == (200, f"http://provider.example:{standin.port}/path?q=1")
        (heard,) = standin.heard
        assert (heard.path, heard.headers["host"]) == ("/path", f"provider.example:{standin.port}")
        assert names.asked == [("provider.example", standin.port)]


async def test_the_certificate_must_be_the_name_s_and_not_the_address_s(localhost: Certificate) -> None:
    with StandIn(tls=localhost.server) as standin:
        names = Names(("127.0.0.1",), ("127.0.0.1",))
        async with httpx.AsyncClient(transport=GuardedTransport(names, localhost.client)) as client:
            good = await client.get(f"https://provider.example:{standin.port}/")
            assert good.status_code == 200
            with pytest.raises(httpx.ConnectError, match="certificate"):
                await client.get(f"https://other.example:{standin.port}/")
        await asyncio.sleep(0)


async def test_the_next_address_is_tried_when_one_is_dead() -> None:
    with StandIn() as standin:
        names = Names(("127.0.0.2", "127.0.0.1"), ("127.0.0.2", "127.0.0.1"))
        async with httpx.AsyncClient(transport=GuardedTransport(names)) as client:
            assert (await client.post(f"http://provider.example:{standin.port}/", content=b"once")).status_code == 200
        (await open_socket("provider.example", standin.port, names)).close()
        assert [heard.body for heard in standin.heard] == [b"once"]


async def test_no_connection_is_kept_by_the_guarded_client() -> None:
    with StandIn() as standin:
        names = Names(("127.0.0.1",), ("127.0.0.1",))
        async with httpx.AsyncClient(transport=GuardedTransport(names)) as client:
            for host in ("one.example", "two.example"):
                await client.get(f"http://{host}:{standin.port}/")
        assert standin.connections == 2


@pytest.mark.parametrize("open_client", [trusted_client, lambda: guarded_client(allow_private=True)])
async def test_no_redirect_is_followed_and_no_cookie_kept(open_client: "type[httpx.AsyncClient]") -> None:
    with StandIn() as standin:
        standin.script(Answer(302, "", {"Location": "/inside", "Set-Cookie": "tenant=one; Path=/"}))
        async with open_client() as client:
            for _ in range(2):
                reply = await exchange(client, Call("GET", f"{standin.url}/out", {}), timedelta(seconds=5))
                assert isinstance(reply, Reply)
        assert [(heard.path, heard.headers.get("cookie")) for heard in standin.heard] == [("/out", None)] * 2


async def test_one_private_answer_spoils_them_all() -> None:
    with pytest.raises(HostRefused):
        await resolve_public("127.0.0.1", 443)


async def test_names_that_never_answer_hold_nobody_else_up(monkeypatch: pytest.MonkeyPatch) -> None:
    answered, real = threading.Event(), socket.getaddrinfo

    def slow(host: Any, *arguments: Any, **options: Any) -> Any:
        if host == "slow.test":
            answered.wait(30)
            raise OSError
        return real(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    asked = [asyncio.create_task(resolve_public("slow.test", 443)) for _ in range(100)]
    try:
        async with asyncio.timeout(20):
            assert await resolve("127.0.0.1", 443) == ("127.0.0.1",)
            assert await Passwords(PasswordCost(passes=1, memory_kib=64)).hash("seven blue lanterns")
    finally:
        answered.set()
        await asyncio.gather(*asked, return_exceptions=True)
