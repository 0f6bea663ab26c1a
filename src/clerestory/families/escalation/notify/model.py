"""Who is told by which channel, what follows a failure, and how a result is worded.

Values only: nothing here waits, and no consent is ever overridden. Source: dialects/escalation.md, Channels.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from clerestory.families.escalation.members.model import Member, Severity
from clerestory.kernel.channels import Channel, Code

# An e-mail is its own path; after a failed message the rest of this line is tried.
_PHONE_PATH = (Channel.WHATSAPP, Channel.SMS)
_FALLBACK = (Channel.WHATSAPP, Channel.SMS, Channel.EMAIL)


@dataclass(frozen=True, slots=True)
class Job:
    """One message on one channel: the addresses that share it, and the ids of the members behind them."""

    channel: Channel
    addresses: tuple[str, ...]
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One member was, or is being, told of a log on one channel."""

    person: int
    channel: Channel
    address: str


def plan(severity: Severity, members: Iterable[Member], channels: Collection[Channel]) -> list[Job]:
    """The first choice of every member, in the order of the answer: mail, WhatsApp by number, SMS by number."""
    wanting = [member for member in members if member.wants(severity)]
    jobs = _together(Channel.EMAIL, [m for m in wanting if Channel.EMAIL in channels and m.allows(Channel.EMAIL)])
    by_phone: dict[Channel, list[Member]] = {channel: [] for channel in _PHONE_PATH}
    for member in wanting:
        channel = next((one for one in _PHONE_PATH if one in channels and member.allows(one)), None)
        if channel is not None:
            by_phone[channel].append(member)
    for channel in _PHONE_PATH:
        jobs += _by_address(channel, by_phone[channel])
    return jobs


def fall_back(failed: Job, members: Iterable[Member], told: Iterable[Told], channels: Collection[Channel]) -> list[Job]:
    """What follows the failure of a job for its members, SMS before mail.

    A channel is used at most once for each member, and an address that has had the message by it has had it.
    """
    reached = {(one.person, one.channel) for one in told}
    addressed = {(one.channel, one.address) for one in told}
    following: dict[Channel, list[Member]] = {channel: [] for channel in _FALLBACK}
    for member in members:
        if member.id not in failed.people:
            continue
        for channel in _after(failed.channel):
            if (member.id, channel) in reached:
                break
            if channel in channels and member.allows(channel) and (channel, member.address(channel)) not in addressed:
                following[channel].append(member)
                break
    return _by_address(Channel.SMS, following[Channel.SMS]) + _together(Channel.EMAIL, following[Channel.EMAIL])


def _after(channel: Channel) -> tuple[Channel, ...]:
    return _FALLBACK[_FALLBACK.index(channel) + 1 :]


def _together(channel: Channel, members: Sequence[Member]) -> list[Job]:
    if not members:
        return []
    addresses = dict.fromkeys(address for member in members if (address := member.address(channel)))
    return [Job(channel, tuple(addresses), tuple(member.id for member in members))]


def _by_address(channel: Channel, members: Iterable[Member]) -> list[Job]:
    people: dict[str, list[int]] = {}
    for member in members:
        address = member.address(channel)
        if address is not None:
            people.setdefault(address, []).append(member.id)
    return [Job(channel, (address,), tuple(ids)) for address, ids in people.items()]


STATUS: dict[Code, int] = {
    Code.SENT: 201,
    Code.KEPT: 201,
    Code.SENDER_BLOCKED: 403,
    Code.RECIPIENT_INVALID: 404,
    Code.RECIPIENT_UNREACHABLE: 502,
    Code.CHANNEL_NOT_CONFIGURED: 503,
    Code.PROVIDER_RATE_LIMITED: 429,
    Code.PROVIDER_AUTH: 502,
    Code.PROVIDER_ERROR: 502,
    Code.PROVIDER_TIMEOUT: 504,
}
"""The status inside a job's result. Source: dialects/escalation.md, Results of jobs."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a job, as people read it. `code` is None for one that was meant to send nothing."""

    status: int
    message: str
    code: Code | None = None
    details: str = ""

    @property
    def good(self) -> bool:
        """Somebody took the message, or none was to be sent."""
        return self.status < 400


DEV_RESULT = Result(200, "Not sent: DEV environment")


def result(channel: Channel, code: Code, note: str, following: Channel | None) -> Result:
    """The result of an attempt that ended with `code`; `note` is the transport's, in our own words."""
    if code in (Code.SENT, Code.KEPT):
        return Result(STATUS[code], note or "Sent successfully", code)
    name = channel.lower()
    if code is Code.SENDER_BLOCKED:
        message, details = f"The {name} receiver has blocked the sender.", ""
    else:
        message, details = f"The {name} message could not be delivered.", note
    if following is None:
        # The documented text ends without a full stop.
        return Result(STATUS[code], message.removesuffix("."), code, details)
    return Result(STATUS[code], f"{message} Falling back to {following}", code, details)


def unfinished(channel: Channel) -> Result:
    """The result of a job that was not done when the answer was due."""
    code = Code.PROVIDER_TIMEOUT
    words = f"The {channel.lower()} message is not confirmed yet; it goes on in the background"
    return Result(STATUS[code], words, code)


_MASKED = "\N{BULLET}" * 3


def masked(channel: Channel, address: str) -> str:
    """An address that its owner recognises and nobody else can use: `a•••@example.org`, `+44•••105`."""
    if channel is Channel.EMAIL:
        local, _, domain = address.rpartition("@")
        return f"{local[:1]}{_MASKED}@{domain}"
    return f"{address[:3]}{_MASKED}{address[-3:]}"
