"""Structured logs on standard error: key=value for people, a JSON object a line by setting.

Our own lines and those of the libraries pass the same processors; the last before the text cuts secrets out.
"""

import logging
import os
import re
import sys
from collections.abc import MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import msgspec
import structlog
from structlog.typing import Processor, WrappedLogger

from clerestory.platform.observe.redact import cut, redacted

Event = MutableMapping[str, Any]

# What a terminal obeys, and what begins a line: a client chose some of what is written here.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_PLAIN = re.compile(r"[^\s\"=\x00-\x1f\x7f-\x9f]+")
_QUIETED = {
    "asyncpg.pool": logging.ERROR,
    # Below that it writes tokens in clear.
    "authlib": logging.WARNING,
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "uvicorn.error": logging.WARNING,
}


@dataclass(frozen=True, slots=True)
class LogSettings:
    """What is written of what happens, and how."""

    format: str = "text"
    level: str = "info"


class _Lossy(structlog.WriteLogger):
    """Loses a line rather than fail whoever logs: a disk may be full, and who read standard error may be gone."""

    def msg(self, message: str) -> None:
        """Writes it if that can be done."""
        try:
            super().msg(message)
        except BrokenPipeError:
            # Else what could not be written would spoil the exit code.
            with Path(os.devnull).open("w") as nothing:
                os.dup2(nothing.fileno(), self._file.fileno())
        except OSError:
            pass

    log = debug = info = warn = warning = msg
    fatal = failure = err = error = critical = exception = msg


def configure(settings: LogSettings, stream: TextIO | None = None) -> None:
    """Every log line of this process goes to `stream` (standard error) from now on."""
    stream = stream or sys.stderr
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    chain: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _without_secrets,
    ]
    renderer = _as_json if settings.format == "json" else _as_text
    structlog.configure(
        processors=[*chain, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: _Lossy(stream),
        cache_logger_on_first_use=True,
    )
    _adopt(level, chain, renderer, stream)


def _adopt(level: int, chain: list[Processor], renderer: Processor, stream: TextIO) -> None:
    """The libraries' loggers, through the same chain."""
    handler = logging.StreamHandler(stream)
    drop = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *chain], processors=[drop, renderer]
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name, least in _QUIETED.items():
        logging.getLogger(name).setLevel(max(level, least))
    logging.captureWarnings(capture=True)


def _as_json(_logger: WrappedLogger, _method: str, event: Event) -> str:
    return msgspec.json.encode(_ordered(event), enc_hook=str).decode()


def _as_text(_logger: WrappedLogger, _method: str, event: Event) -> str:
    """`time level event key=value …`; a trace follows on lines of its own, which are indented."""
    fields = _ordered(event)
    trace = fields.pop("exception", None)
    head = f"{fields.pop('timestamp')} {fields.pop('level'):<7} {_visible(fields.pop('event'))}"
    line = " ".join([head, *(f"{name}={_shown(value)}" for name, value in fields.items())])
    return "\n  ".join([line, *map(_visible, trace.splitlines())]) if trace else line


def _ordered(event: Event) -> dict[str, Any]:
    first = {name: event.pop(name) for name in ("timestamp", "level", "event", "request_id") if name in event}
    return {**first, **event}


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else str(value)
    return text if _PLAIN.fullmatch(text) else _visible(msgspec.json.encode(text).decode())


def _visible(text: str) -> str:
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _without_secrets(_logger: WrappedLogger, _method: str, event: Event) -> Event:
    meta = {name: event[name] for name in ("_record", "_from_structlog") if name in event}
    plain = {name: value for name, value in event.items() if name not in meta}
    event_text = cut(str(plain.pop("event", "")))
    return {"event": event_text, **redacted(plain), **meta}
