"""Uvicorn's protocol with an end to its patience: who connects and does not say what it wants is hung up on."""

import asyncio
from datetime import timedelta
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Impatient(HttpToolsProtocol):
    """Uvicorn itself ends connections that idle between two requests, and no others."""

    # From the connection, or from a later request's first byte, to the last line of its headers.
    patience: ClassVar[timedelta] = timedelta(seconds=20)
    _end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn narrows it
        """Somebody is there, and has not said anything yet."""
        super().connection_made(transport)
        self._wait()

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        super().on_message_begin()
        self._wait()

    def on_headers_complete(self) -> None:
        """Now it is known what is asked; a body has the surface's time limit."""
        self._rest()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """There is nobody any more."""
        self._rest()
        super().connection_lost(exc)

    def _wait(self) -> None:
        # Not anew with each byte: slow ones would be waited for without end.
        if self._end is None:
            self._end = self.loop.call_later(self.patience.total_seconds(), self._give_up)

    def _give_up(self) -> None:
        self._end = None
        answered = self.cycle is None or self.cycle.response_complete  # type: ignore[redundant-expr] # it begins as None
        if not answered:
            # A request that came before this one is still being answered.
            self._wait()
        else:
            self.transport.close()

    def _rest(self) -> None:
        if self._end is not None:
            self._end.cancel()
            self._end = None
