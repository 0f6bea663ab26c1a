"""One conversation with a mail server: connect, encrypt, log in, hand over messages.

It raises what the library raises; `stage` tells how far it had come. Credentials never leave unencrypted, except to
this machine itself or where the settings say so.
"""

import asyncio
import ipaddress
import socket
import ssl
from dataclasses import dataclass, field
from enum import StrEnum
from typing import cast

import aiosmtplib

from clerestory.platform.delivery.outbound import open_socket, resolve, resolve_public
from clerestory.platform.delivery.smtp_replies import Stage


class Security(StrEnum):
    """How a connection is encrypted: at once, by STARTTLS, by STARTTLS if offered, or not at all."""

    TLS = "tls"
    STARTTLS = "starttls"
    AUTOMATIC = "automatic"
    NONE = "none"


class EncryptionMissing(Exception):
    """The server offers no STARTTLS and the settings ask for it, or there are credentials to protect."""


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """A mail server and the sender that it lets us use (`Name <ops@example.org>`).

    `trusted` is for the operator's own settings: any host may be called, not only public ones.
    """

    host: str
    port: int
    sender: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    security: Security = Security.AUTOMATIC
    trusted: bool = False


class Session:
    """A connection that serves one message after another; not for two at a time."""

    def __init__(self, settings: SmtpSettings, tls: ssl.SSLContext) -> None:
        self.stage = Stage.CONNECT
        self._settings = settings
        self._tls = tls
        self._client: aiosmtplib.SMTP | None = None

    @property
    def is_open(self) -> bool:
        return self._client is not None and self._client.is_connected

    async def open(self) -> None:
        """Connect, encrypt and log in. Raises OSError, SMTPException or EncryptionMissing."""
        settings = self._settings
        connection = await open_socket(settings.host, settings.port, resolve if settings.trusted else resolve_public)
        client = self._client = aiosmtplib.SMTP(
            hostname=settings.host,
            sock=connection,
            # The library would ask DNS for our own name, which takes seconds where DNS does not know it.
            local_hostname=_literal(connection),
            use_tls=settings.security is Security.TLS,
            start_tls=False,
            tls_context=self._tls,
            timeout=None,  # the caller's deadline spans the whole attempt
        )
        await client.connect()
        await _greet(client)
        await self._encrypt(client)
        if settings.username:
            self.stage = Stage.LOG_IN
            await client.login(settings.username, settings.password or "")

    async def _encrypt(self, client: aiosmtplib.SMTP) -> None:
        security = self._settings.security
        if security in (Security.TLS, Security.NONE):
            return
        if client.supports_extension("starttls"):
            await client.starttls()
            await _greet(client)
        elif security is Security.STARTTLS or (self._settings.username and not _is_local(client)):
            raise EncryptionMissing

    async def begin(self, sender: str, size_bytes: int, *, utf8: bool) -> None:
        """MAIL FROM."""
        self.stage = Stage.SENDER
        client = self._opened()
        options = [f"SIZE={size_bytes}"] if client.supports_extension("size") else []
        await client.mail(sender, options=[*options, "SMTPUTF8"] if utf8 else options)

    @property
    def offers_utf8(self) -> bool:
        """May addresses hold more than ASCII here?"""
        return self._opened().supports_extension("smtputf8")

    async def add(self, recipient: str) -> None:
        """RCPT TO. Raises SMTPRecipientRefused."""
        self.stage = Stage.RECIPIENT
        await self._opened().rcpt(recipient, encoding="ascii" if recipient.isascii() else "utf-8")

    async def finish(self, mail: bytes) -> str:
        """DATA; the server's words of acceptance."""
        self.stage = Stage.CONTENT
        return (await self._opened().data(mail)).message

    async def reset(self) -> None:
        """Forget an unfinished message, so that the next one begins afresh."""
        await self._opened().rset()

    def close(self) -> None:
        """Drop the connection without a word: a server must cope, and a farewell would be one more wait."""
        if self._client is None:
            return
        transport = self._client.transport
        self._client.close()
        if transport is not None:
            cast(asyncio.WriteTransport, transport).abort()

    def _opened(self) -> aiosmtplib.SMTP:
        if self._client is None:
            raise aiosmtplib.SMTPServerDisconnected("The session was never opened.")
        return self._client


async def _greet(client: aiosmtplib.SMTP) -> None:
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError:
        if not client.is_connected:
            raise
        await client.helo()


def _literal(connection: socket.socket) -> str:
    address = ipaddress.ip_address(str(connection.getsockname()[0]).partition("%")[0])
    return f"[IPv6:{address}]" if address.version == 6 else f"[{address}]"


def _is_local(client: aiosmtplib.SMTP) -> bool:
    peer = client.get_transport_info("peername")
    return ipaddress.ip_address(str(peer[0]).partition("%")[0]).is_loopback
