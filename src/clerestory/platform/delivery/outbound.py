"""The way out: HTTP clients and sockets that cannot be turned against the inside.

A host that a tenant has set is resolved here, refused unless every answer is a public address, and connected to by
the very address that was checked, so a second look-up cannot change it. The operator's own settings are trusted.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx

Resolver = Callable[[str, int], Awaitable[tuple[str, ...]]]
"""From a host and port to the addresses that may be connected to, best first. Raises HostRefused or OSError."""

_LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=30)

_NEVER = tuple(
    ipaddress.ip_network(text)
    for text in (
        "100.64.0.0/10",  # carrier-grade NAT
        "168.63.129.16/32",  # the host agent of one large cloud: a public number, yet inside
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "240.0.0.0/4",
        "::/96",  # IPv4-compatible
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "fec0::/10",
    )
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

# Names that tenants set are looked up in threads of their own: a name server that never answers keeps its thread for
# many seconds, and the loop's own few are there for the database and the operator's hosts.
_LOOK_UPS = ThreadPoolExecutor(32, "look-up")

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class HostRefused(httpx.ConnectError):
    """The host leads, by at least one of its addresses, to where tenants may not reach."""


def is_public(text: str) -> bool:
    """May a tenant's connection go to this IP address? An address inside another (mapped, 6to4, NAT64) counts too."""
    try:
        address: _Address = ipaddress.ip_address(text)
    except ValueError:
        return False
    inner = _embedded(address)
    if inner is not None:
        return is_public(str(inner))
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return not any(address in network for network in _NEVER if network.version == address.version)


def _embedded(address: _Address) -> ipaddress.IPv4Address | None:
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


async def resolve(host: str, port: int = 0) -> tuple[str, ...]:
    """Every address of `host`, in the system's order. Raises OSError when there is none."""
    return await _looked_up(asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM))


async def resolve_public(host: str, port: int = 0) -> tuple[str, ...]:
    """Every address of `host`, all of them public. Raises HostRefused if one is not, OSError when there is none."""
    look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    addresses = await _looked_up(asyncio.get_running_loop().run_in_executor(_LOOK_UPS, look_up))
    # One private answer among public ones is how a rebinding name looks, so it spoils them all.
    if not all(is_public(address) for address in addresses):
        raise HostRefused("The host has an address that is not public.")
    return addresses


async def _looked_up(found: Awaitable[Iterable[Any]]) -> tuple[str, ...]:
    try:
        return tuple(dict.fromkeys(str(address[0]) for *_, address in await found))
    except UnicodeError as error:
        raise OSError("The host name is malformed.") from error


async def check_host(host: str, *, allow_private: bool = False) -> tuple[str, ...]:
    """The addresses of a host that a tenant wants to set. Raises HostRefused or OSError, in words for the tenant."""
    return await (resolve if allow_private else resolve_public)(host)


async def open_socket(host: str, port: int, resolver: Resolver) -> socket.socket:
    """A connected non-blocking socket to the first address that answers. Raises HostRefused or OSError."""
    if not 0 < port < 65536:
        raise OSError("The port is out of range.")
    refusal: OSError = OSError("The host has no address.")
    for address in await resolver(host, port):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        connection = socket.socket(family, socket.SOCK_STREAM)
        connection.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(connection, (address, port))
        except OSError as error:
            connection.close()
            refusal = error
        except BaseException:
            connection.close()
            raise
        else:
            return connection
    raise refusal


class GuardedTransport(httpx.AsyncBaseTransport):
    """Connects only to addresses that the resolver lets pass; the Host header and the certificate stay the name's."""

    def __init__(self, resolver: Resolver = resolve_public, tls: ssl.SSLContext | None = None) -> None:
        self._resolver = resolver
        # Connections are pooled by address here, so a kept one could serve another name on the same address
        # without its certificate having been checked. Hence none is kept.
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=0)
        self._inner = httpx.AsyncHTTPTransport(verify=tls or authorities(), trust_env=False, limits=limits)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.raw_host.decode("ascii")
        port = request.url.port or {"http": 80, "https": 443}.get(request.url.scheme, 0)
        try:
            addresses = await self._resolver(host, port)
        except HostRefused:
            raise
        except OSError as error:
            raise httpx.ConnectError("The host name was not found.") from error
        failure: httpx.TransportError = httpx.ConnectError("The host has no address.")
        for address in addresses:
            try:
                return await self._inner.handle_async_request(_aimed_at(address, request, host))
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = error
        raise failure

    async def aclose(self) -> None:
        await self._inner.aclose()


def _aimed_at(address: str, request: httpx.Request, host: str) -> httpx.Request:
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": host},
    )


def _no_cookies() -> CookieJar:
    # One client serves every tenant; a cookie set for one must not travel with another.
    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))


def authorities() -> ssl.SSLContext:
    """A client's TLS context that trusts the usual authorities and those that the operator gave the system."""
    context = httpx.create_ssl_context()
    context.load_default_certs()
    return context


def guarded_client(*, allow_private: bool = False, tls: ssl.SSLContext | None = None) -> httpx.AsyncClient:
    """A client for addresses that tenants set: public ones alone unless allowed otherwise; follows no redirect."""
    resolver = resolve if allow_private else resolve_public
    return httpx.AsyncClient(transport=GuardedTransport(resolver, tls), cookies=_no_cookies(), follow_redirects=False)


def trusted_client(*, tls: ssl.SSLContext | None = None) -> httpx.AsyncClient:
    """A client for the operator's own settings: any address, the proxies of the environment, no redirect."""
    return httpx.AsyncClient(verify=tls or authorities(), limits=_LIMITS, cookies=_no_cookies(), follow_redirects=False)
