"""The main thread's work while the server runs: it heeds signals, keeps the database up and tends whoever serves."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Protocol

import structlog

from clerestory.commands.signals import Signals
from clerestory.commands.telling import if_heard, say
from clerestory.platform.database.embedded import Embedded, EmbeddedError

_LOOK_EVERY = timedelta(seconds=1)

log = structlog.get_logger(__name__)


class Serves(Protocol):
    """This process's own serving thread, or the processes that serve for it."""

    def start(self) -> None:
        """Begins; returns at once."""
        ...

    @property
    def ready(self) -> bool:
        """Whether requests are taken."""
        ...

    @property
    def descriptors(self) -> list[int]:
        """What can be read when something about it has changed."""
        ...

    def tend(self) -> bool:
        """Whether it goes on. Raises what it ended with."""
        ...

    def end(self, asked: int) -> None:
        """Asked once: finish what is under way. Asked again: do not wait."""
        ...


def watch(serves: Serves, signals: Signals, embedded: Embedded | None, announce: Callable[[], None]) -> None:
    """Returns when it has ended because it was asked to. Raises what ended it otherwise."""
    try:
        _watch(serves, signals, embedded, announce)
    except BaseException:
        # Without the main thread nobody would heed a signal: whoever serves must not outlive it.
        serves.end(2)
        raise


def _watch(serves: Serves, signals: Signals, embedded: Embedded | None, announce: Callable[[], None]) -> None:
    asked = 0
    announced = False
    while serves.tend():
        if serves.ready and not announced:
            if_heard(announce)
            announced = True
        if signals.asked > asked:
            asked = signals.asked
            if_heard(partial(say, _words(asked)))
            serves.end(asked)
        signals.sleep(_LOOK_EVERY, *serves.descriptors)
        if embedded is not None and not asked:
            _keep_up(embedded, signals)


def _keep_up(embedded: Embedded, signals: Signals) -> None:
    """Starts PostgreSQL again when it has died, or takes it over when the process that ran it has ended.

    Requests answer 503 meanwhile. What hinders it may pass (a full disk), so it is tried again as long as we run.
    """
    if embedded.owner and embedded.running:
        return
    if embedded.owner:
        log.error("postgres.ended", next="starting it again")
    was_ours = embedded.owner
    try:
        with signals.breaking():
            embedded.start(lambda line: log.warning("postgres.starting", text=line))
    except KeyboardInterrupt:
        return
    except EmbeddedError as error:
        log.error("postgres.down", problem=error.problem, advice=error.advice)  # noqa: TRY400 - the trace tells nothing
        return
    if embedded.owner:
        log.warning("postgres.back" if was_ours else "postgres.taken_over")


def _words(asked: int) -> str:
    if asked == 1:
        return "Ending: what is under way is finished first. Ctrl-C once more ends it at once."
    return "Ending at once."
