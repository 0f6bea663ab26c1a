"""From the body of an escalation to a log: a fault for every field, the missing ones before the invalid ones.

Most bodies are right, so they are decoded in one step; only what that refuses is looked at field by field.
"""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

import msgspec

from clerestory.families.escalation.intake.model import (
    Environment,
    NewLog,
    cut_trace,
    storable,
)
from clerestory.families.escalation.members.model import SEVERITIES
from clerestory.families.escalation.model import AGENT_LIMIT, MESSAGE_LIMIT, NAME_LIMIT
from clerestory.families.escalation.wire import EscalateBody
from clerestory.kernel import ids
from clerestory.kernel.errors import Fault, Invalid, Kind

REQUIRED = ("code", "application", "message", "severity")
OPTIONAL = ("user_ref", "user_agent", "trace")

_SEVERITIES = {severity.value: severity for severity in SEVERITIES}
_decoder = msgspec.json.Decoder(EscalateBody)


def to_log(body: bytes, environment: Environment, user_agent: str | None) -> NewLog:
    """The log in a body; `user_agent` is the header's, for a body that has none. Raises Invalid."""
    try:
        given = _decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        given = _by_field(body)
    code, application, message = storable(given.code), storable(given.application), storable(given.message)
    user_ref = _optional(given.user_ref)
    severity = _SEVERITIES.get(given.severity)
    if severity is None or not (_named(code) and _named(application) and message.strip()) or _long(user_ref):
        _refuse(given)
    agent = _optional(given.user_agent) or _optional(user_agent)
    return NewLog(
        environment=environment,
        code=code,
        application=application,
        message=message[:MESSAGE_LIMIT],
        severity=severity,
        user_ref=user_ref,
        user_agent=agent[:AGENT_LIMIT] if agent else None,
        trace=cut_trace(given.trace) if given.trace else None,
        log_key=ids.new_secret(),
    )


def _named(text: str) -> bool:
    return len(text) <= NAME_LIMIT and bool(text.strip())


def _long(user_ref: str | None) -> bool:
    return user_ref is not None and len(user_ref) > NAME_LIMIT


def _optional(text: str | None) -> str | None:
    if not text:
        return None
    clean = storable(text)
    # A client that fills what it does not know with blanks must still be able to report its error.
    return clean if clean.strip() else None


def _by_field(body: bytes) -> EscalateBody:
    """The slow way: finds every fault, and reads what the quick decoder is too strict for, such as half a surrogate."""
    given = _object(body)
    missing = [name for name in REQUIRED if given.get(name) is None]
    if missing:
        raise Invalid(*(Fault(name, Kind.MISSING, f"{name} is required.") for name in missing))
    wrong = [name for name in (*REQUIRED, *OPTIONAL) if not isinstance(given.get(name), str | None)]
    texts = {name: value for name in (*REQUIRED, *OPTIONAL) if isinstance(value := given.get(name), str)}
    faults = {fault.field: fault for fault in _faults(texts)}
    faults |= {name: Fault(name, Kind.INVALID, f"{name} must be a string.") for name in wrong}
    if faults:
        raise Invalid(*(faults[name] for name in (*REQUIRED, *OPTIONAL) if name in faults))
    return EscalateBody(**texts)


def _object(body: bytes) -> Mapping[str, Any]:
    if not body.strip():
        return {}
    try:
        given = json.loads(body.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Invalid(Fault(None, Kind.UNPARSEABLE, "The body is no valid JSON.")) from error
    if not isinstance(given, dict):
        raise Invalid(Fault(None, Kind.UNPARSEABLE, "The body is no JSON object."))
    return given


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _faults(texts: Mapping[str, str]) -> list[Fault]:
    """What is wrong with the texts of a body, in the order of the table."""
    faults = []
    for name in ("code", "application", "message"):
        text = texts.get(name)
        if text is not None and not storable(text).strip():
            faults.append(Fault(name, Kind.INVALID, f"{name} must not be blank."))
        elif text is not None and name != "message" and len(storable(text)) > NAME_LIMIT:
            faults.append(Fault(name, Kind.INVALID, f"{name} may have at most {NAME_LIMIT} characters."))
    if texts.get("severity", "LOW") not in _SEVERITIES:
        faults.append(Fault("severity", Kind.INVALID, f"severity must be one of {', '.join(_SEVERITIES)}."))
    if len(storable(texts.get("user_ref", ""))) > NAME_LIMIT:
        faults.append(Fault("user_ref", Kind.INVALID, f"user_ref may have at most {NAME_LIMIT} characters."))
    return faults


def _refuse(given: EscalateBody) -> NoReturn:
    texts = {name: value for name in (*REQUIRED, *OPTIONAL) if isinstance(value := getattr(given, name), str)}
    raise Invalid(*_faults(texts))
