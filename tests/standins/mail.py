"""A mail server by aiosmtpd: keeps what it takes, refuses whom it is told to, hangs up when asked."""

import asyncio
import ssl
import threading
from collections.abc import Coroutine
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER = "clerestory"
PASSWORD = "mail secret/ü"


@dataclass(frozen=True)
class Taken:
    """A mail with its envelope."""

    sender: str
    recipients: list[str]
    mail: EmailMessage
    raw: bytes


class Mail:
    """A server on 127.0.0.1. `replies` by recipient, `data_reply` for all, both as `550 5.1.1 No such user`."""

    def __init__(
        self, *, tls: ssl.SSLContext | None = None, implicit: bool = False, auth: bool = False, utf8: bool = False
    ) -> None:
        self.taken: list[Taken] = []
        self.replies: dict[str, str] = {}
        self.mail_reply: str | None = None
        self.data_reply: str | None = None
        self.connections = 0
        self.logins = 0
        self.greets_old_clients_only = False
        self.hold = threading.Event()
        self.hold.set()
        self.port = 0
        self._conversations: list[SMTP] = []
        self._at_once = tls if implicit else None
        self._options: dict[str, Any] = {"enable_SMTPUTF8": utf8, "hostname": "mail.test"}
        if tls is not None and not implicit:
            self._options["tls_context"] = tls
        self._needs_log_in = auth
        if auth:
            self._options |= {"authenticator": self.log_in, "auth_require_tls": tls is not None and not implicit}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def hang_up(self) -> None:
        """Close every connection that is open, and come back when that is done."""
        self._run(self._close_all())

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._open())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.hold.set()
        self._run(self._shut())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _open(self) -> None:
        self._server = await self._loop.create_server(self._converse, "127.0.0.1", 0, ssl=self._at_once)
        self.port = self._server.sockets[0].getsockname()[1]

    def _converse(self) -> SMTP:
        conversation = SMTP(self, loop=self._loop, **self._options)
        self.connections += 1
        self._conversations.append(conversation)
        return conversation

    async def _close_all(self) -> None:
        for conversation in self._conversations:
            if isinstance(conversation.transport, asyncio.WriteTransport):
                conversation.transport.abort()
        self._conversations.clear()
        await asyncio.sleep(0)

    async def _shut(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._close_all()
        await self._server.wait_closed()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def log_in(self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any) -> AuthResult:
        self.logins += 1
        good = isinstance(given, LoginPassword) and given.login == USER.encode() and given.password == PASSWORD.encode()
        return AuthResult(success=good, handled=False)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        if self.greets_old_clients_only:
            return ["502 5.5.1 EHLO is not known here"]
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if self._needs_log_in and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if self.mail_reply is not None:
            return self.mail_reply
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if address in self.replies:
            return self.replies[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.to_thread(self.hold.wait, 30)
        if self.data_reply is not None:
            return self.data_reply
        raw = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        mail = BytesParser(_class=EmailMessage, policy=default).parsebytes(raw)
        self.taken.append(Taken(envelope.mail_from or "", envelope.rcpt_tos, mail, raw))
        return "250 2.0.0 Taken as 4fTq"
