"""The providers' JSON, spelled as on their wires; what is not needed is not read.

Every member is optional: a provider that leaves one out has still answered.
"""

from typing import TypeVar

import msgspec

_Kind = TypeVar("_Kind")


def read(kind: type[_Kind], body: bytes) -> _Kind | None:
    """`body` as `kind`, or None when it is not JSON of that shape."""
    try:
        return msgspec.json.decode(body, type=kind, strict=False)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


class TwilioMessage(msgspec.Struct):
    """Answer of Messages.json, good or bad."""

    sid: str | None = None
    status: str | int | None = None
    error_code: int | None = None
    code: int | None = None


class MetaMessageId(msgspec.Struct):
    id: str = ""


class MetaError(msgspec.Struct):
    code: int | None = None


class MetaAnswer(msgspec.Struct):
    """Answer of /messages, good or bad."""

    messages: list[MetaMessageId] = []
    error: MetaError | None = None


class MetaStatus(msgspec.Struct):
    """One member of value.statuses in a webhook."""

    id: str
    status: str
    recipient_id: str = ""
    errors: list[MetaError] = []


class MetaText(msgspec.Struct):
    body: str = ""


class MetaButton(msgspec.Struct):
    text: str = ""


class MetaInbound(msgspec.Struct):
    """One member of value.messages in a webhook."""

    sender: str = msgspec.field(name="from")
    text: MetaText = msgspec.field(default_factory=MetaText)
    button: MetaButton = msgspec.field(default_factory=MetaButton)


class MetaMetadata(msgspec.Struct):
    phone_number_id: str = ""


class MetaValue(msgspec.Struct):
    """The members are decoded one at a time, so that an odd one does not hide the others."""

    metadata: MetaMetadata = msgspec.field(default_factory=MetaMetadata)
    statuses: list[msgspec.Raw] = []
    messages: list[msgspec.Raw] = []


class MetaChange(msgspec.Struct):
    value: msgspec.Raw = msgspec.Raw(b"{}")


class MetaEntry(msgspec.Struct):
    changes: list[MetaChange] = []


class MetaWebhook(msgspec.Struct):
    entry: list[MetaEntry] = []


class ClickUpStatus(msgspec.Struct):
    type: str | None = None


class ClickUpFieldValue(msgspec.Struct):
    """A custom field as a task shows it; other fields than text hold other values."""

    id: str
    value: object = None


class ClickUpTask(msgspec.Struct):
    """A task as create, get and list answer it."""

    id: str
    url: str | None = None
    description: str | None = None
    status: ClickUpStatus | None = None
    custom_fields: list[ClickUpFieldValue] = []


class ClickUpTasks(msgspec.Struct):
    tasks: list[ClickUpTask]


class ClickUpFault(msgspec.Struct):
    err: str | None = None
    ecode: str | None = msgspec.field(name="ECODE", default=None)


class ClickUpField(msgspec.Struct):
    id: str
    value: str


class ClickUpNewTask(msgspec.Struct, omit_defaults=True):
    name: str
    description: str
    priority: int | None = None
    custom_fields: list[ClickUpField] = []


class ClickUpComment(msgspec.Struct):
    comment_text: str
    notify_all: bool
