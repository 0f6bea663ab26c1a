"""A log as it is stored: what is cut where, and what no text may hold."""

import re
from dataclasses import dataclass
from enum import StrEnum

from clerestory.families.escalation.members.model import Severity
from clerestory.families.escalation.model import TRACE_LIMIT

_SURROGATE = re.compile("[\ud800-\udfff]")


class Environment(StrEnum):
    """DEV logs are stored and grouped like the others; they send nothing and make no task."""

    DEV = "DEV"
    PROD = "PROD"


@dataclass(frozen=True, slots=True)
class NewLog:
    """One error that an application reports. `log_key` is the secret of its page."""

    environment: Environment
    code: str
    application: str
    message: str
    severity: Severity
    user_ref: str | None
    user_agent: str | None
    trace: str | None
    log_key: str


def storable(text: str) -> str:
    """`text` as PostgreSQL can hold it: U+0000 dropped, lone surrogates replaced by U+FFFD."""
    if text.isascii():
        return text.replace("\0", "") if "\0" in text else text
    return _SURROGATE.sub("\ufffd", text.replace("\0", ""))


def cut_trace(trace: str) -> str:
    """The last 1,024 code points of a trace: its end names the cause. Source: dialects/escalation.md, Trace."""
    clean = storable(trace)
    return clean if len(clean) <= TRACE_LIMIT else clean[-TRACE_LIMIT:]
