"""Bodies of the escalation API, spelled as on the wire."""

from typing import Annotated, Any

import msgspec

from clerestory.families.escalation.members.model import SEVERITIES, Member, Severity
from clerestory.families.escalation.notify.model import Result
from clerestory.kernel.channels import Channel


class Message(msgspec.Struct):
    """The data of an answer that has nothing else to tell."""

    message: str


class Error(msgspec.Struct):
    """What went wrong; all three are always there, `details` may be empty."""

    code: str
    message: str
    details: str


class Success(msgspec.Struct, omit_defaults=True):
    """`code` repeats the status for clients that read it there; an organisation can turn that off."""

    status: int
    data: Any
    code: int | None = None


class Failure(msgspec.Struct, omit_defaults=True):
    """`code` repeats the status for clients that read it there; an organisation can turn that off."""

    status: int
    error: Error
    code: int | None = None


class StatusAnswer(msgspec.Struct):
    """Answer of GET /status."""

    status: int
    data: Message
    code: int


class Consents(msgspec.Struct):
    """By which channels a person may be told."""

    EMAIL: bool
    SMS: bool
    WHATSAPP: bool


class MemberBody(msgspec.Struct):
    """One member of the organisation."""

    consents: Consents
    email: str
    name: str
    org_id: int
    phone_number: str | None
    preferences: list[str]
    role: str


class MembersAnswer(msgspec.Struct):
    """Answer of GET /members."""

    status: int
    data: list[MemberBody]
    code: int


class ProfileBody(msgspec.Struct):
    """The organisation of a key; `ba_rep` and `owner` are members' ids."""

    name: str
    ba_rep: int
    owner: int


class ProfileAnswer(msgspec.Struct):
    """Answer of /profile."""

    status: int
    data: ProfileBody
    code: int


# Told, not enforced while decoding: the refusal of a severity has its own words.
_SEVERITY = {"enum": [severity.value for severity in SEVERITIES], "examples": [Severity.MAJOR.value]}


class EscalateBody(msgspec.Struct):
    """What POST /escalate asks for, as the OpenAPI document shows it; members that are not named here are ignored."""

    code: Annotated[str, msgspec.Meta(examples=["payment_declined"])]
    application: Annotated[str, msgspec.Meta(examples=["web_shop"])]
    message: Annotated[str, msgspec.Meta(examples=["Card payments are declined"])]
    severity: Annotated[str, msgspec.Meta(extra_json_schema=_SEVERITY)]
    user_ref: str | None = None
    user_agent: str | None = None
    trace: str | None = None


class JobResult(msgspec.Struct, omit_defaults=True):
    """An envelope without the mirrored code."""

    status: int
    data: Message | None = None
    error: Error | None = None


_RECIPIENTS = {"items": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}}


class JobBody(msgspec.Struct):
    """One job. The addresses of a mail are one inner list, for they share the message; a phone number stands alone."""

    platform: str
    # One list that holds either a list of addresses or numbers: said in the document, not expressible as a union.
    recipients: Annotated[list[Any], msgspec.Meta(extra_json_schema=_RECIPIENTS)]
    result: JobResult


class EscalateAnswer(msgspec.Struct):
    """Answer of POST /escalate."""

    status: int
    data: list[JobBody]
    code: int


class FailureAnswer(msgspec.Struct):
    """Every failure."""

    status: int
    error: Error
    code: int


_encoder = msgspec.json.Encoder()


def encode_success(status: int, body: object, *, mirrored: bool) -> bytes:
    """The success envelope."""
    return _encoder.encode(Success(status, body, status if mirrored else None))


def encode_failure(status: int, error: Error, *, mirrored: bool) -> bytes:
    """The failure envelope."""
    return _encoder.encode(Failure(status, error, status if mirrored else None))


def to_member(member: Member, org_id: int) -> MemberBody:
    """A member as the wire shows one."""
    return MemberBody(
        consents=Consents(*(channel in member.consents for channel in (Channel.EMAIL, Channel.SMS, Channel.WHATSAPP))),
        email=member.given_email,
        name=member.name,
        org_id=org_id,
        phone_number=member.phone,
        preferences=[severity.value for severity in sorted(member.preferences, key=lambda one: one.rank)],
        role=member.role,
    )


def to_job(channel: Channel, addresses: tuple[str, ...], result: Result) -> JobBody:
    """A job as the wire shows one."""
    recipients = [list(addresses)] if channel is Channel.EMAIL else list(addresses)
    return JobBody(channel.value, recipients, to_result(result))


def to_result(result: Result) -> JobResult:
    """A job's result as an envelope."""
    if result.good or result.code is None:
        return JobResult(result.status, data=Message(result.message))
    return JobResult(result.status, error=Error(result.code.value, result.message, result.details))
