"""Escalation's tables as the uniform API and the admin panel show them. Only contacts are written there."""

from collections.abc import Mapping

from clerestory.families.escalation.members.model import SEVERITIES
from clerestory.kernel.channels import Channel
from clerestory.kernel.values import Type, Value
from clerestory.platform.resources import Change, Field, Resource, Rules
from clerestory.platform.tenancy import Right, Scope


def _shown(
    name: str, type: Type = Type.TEXT, doc: str = "", *, nullable: bool = False, choices: tuple[str, ...] = ()
) -> Field:
    return Field(name, type, writable=False, doc=doc, nullable=nullable, choices=choices)


async def _preferences(_scope: Scope, change: Change) -> Mapping[str, object]:  # async: a rule may wait
    """Preferences are a set; they are kept in the order of severity."""
    values = dict(change.values or {})
    given = values.get("preferences")
    if isinstance(given, list):
        values["preferences"] = [severity.value for severity in SEVERITIES if severity.value in given]
    return values


_SEVERITY = tuple(severity.value for severity in SEVERITIES)
_CHANNEL = tuple(channel.value for channel in Channel)

CONTACTS = Resource(
    "escalation/contacts",
    "EscalationContact",
    "escalation_contact",
    (
        Field(
            "person",
            Type.WHOLE,
            required=True,
            least=1,
            refers="person",
            unique="escalation_contact_person_key",
            doc="The id of the person.",
        ),
        Field(
            "consents",
            Type.OBJECT,
            parts=tuple(Value(channel, Type.TRUTH) for channel in _CHANNEL),
            doc="By which channels the person may be told. Never overridden, whatever the severity.",
        ),
        Field(
            "preferences",
            Type.TEXTS,
            choices=_SEVERITY,
            doc="The severities that the person wants: exactly these, MAJOR does not imply CRITICAL.",
        ),
    ),
    doc="What a person allows and wants to hear of. Who has no contact is never told anything.",
    rules=Rules(_preferences),
)

ISSUES = Resource(
    "escalation/issues",
    "EscalationIssue",
    "escalation_issue",
    (
        _shown("uuid", Type.UUID, "The issue's public id, and the mark of its task."),
        _shown("environment", choices=("DEV", "PROD")),
        Field("application", writable=False, longest=256, searchable=True),
        Field("code", writable=False, longest=256, searchable=True),
        _shown("first_seen", Type.MOMENT),
        _shown("last_seen", Type.MOMENT),
        _shown("count", Type.WHOLE, "How many logs there were."),
        _shown("highest", doc="The worst severity there was.", choices=_SEVERITY),
        _shown("low", Type.WHOLE),
        _shown("minor", Type.WHOLE),
        _shown("major", Type.WHOLE),
        _shown("critical", Type.WHOLE),
        _shown("task_state", choices=("none", "wanted", "made", "stopped")),
        _shown("task_id", nullable=True),
        _shown("task_url", nullable=True),
        _shown("task_note", doc="What is in the way of the task."),
    ),
    doc="One kind of error in one application: all logs of one environment, application and code.",
    catalogue=True,
    creatable=False,
    removable=False,
)

LOGS = Resource(
    "escalation/logs",
    "EscalationLog",
    "escalation_log",
    (
        _shown("issue", Type.WHOLE, "The id of its issue."),
        Field("log_key", writable=False, filterable=False, orderable=False, doc="The secret in the link to its page."),
        _shown("severity", choices=_SEVERITY),
        Field("message", writable=False, longest=8192, searchable=True),
        _shown("user_ref", nullable=True),
        _shown("user_agent", nullable=True),
        Field("trace", writable=False, nullable=True, filterable=False, orderable=False, longest=1024),
        _shown("held", doc="What noise control held back of it."),
    ),
    doc="One error that an application reported.",
    catalogue=True,
    creatable=False,
    removable=False,
)

JOBS = Resource(
    "escalation/jobs",
    "EscalationJob",
    "escalation_job_outcome",
    (
        _shown("log", Type.WHOLE, "The id of its log."),
        _shown("message", Type.WHOLE, "The id of its message."),
        _shown("channel", choices=_CHANNEL),
        _shown("recipients", Type.TEXTS),
        _shown("state", choices=("planned", "sending", "sent", "kept", "failed")),
        _shown("code", nullable=True),
        _shown("note", nullable=True),
        _shown("next", doc="The channel that it fell back to.", nullable=True),
        _shown("arrival", doc="How far the provider says it has come.", nullable=True),
    ),
    doc="One message that tells people of a log, on one channel.",
    creatable=False,
    removable=False,
    write=Right.ADMINISTER,
)

RESOURCES = (CONTACTS, ISSUES, LOGS, JOBS)
