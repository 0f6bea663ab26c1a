"""What becomes of a message after a provider took it, as its callbacks tell: idempotent, in any order.

A report can outrun our own record of the provider's id; it then waits and is read once more.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from clerestory.kernel.channels import Channel, Code
from clerestory.platform.database import Tx
from clerestory.platform.delivery import blocks, report_store
from clerestory.platform.delivery.alarm import Trouble, sound
from clerestory.platform.delivery.callbacks import Inbound, StatusReport, Wish
from clerestory.platform.delivery.callbacks import State as Arrival
from clerestory.platform.delivery.listeners import Listeners
from clerestory.platform.delivery.message import Message, is_news
from clerestory.platform.delivery.routing import Routing
from clerestory.platform.jobs import Arguments, defer
from clerestory.platform.tenancy import SYSTEM, Scope, State
from clerestory.platform.tenancy.registry import Registry

EARLY = "delivery.early_report"
# Longer than any attempt: by then the provider's id is stored, or nobody will store it.
_EARLY_PAUSE = timedelta(seconds=30)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Heard:
    """A report, and whether it may wait for a message that is not known yet."""

    report: StatusReport
    may_wait: bool = True


async def arrived(scope: Scope, heard: Heard) -> bool:
    """Takes in a report; False when it told nothing new or of no message of ours.

    In the public scope it is about a sender that all tenants share, and the message's own tenant is looked up.
    """
    if scope.tenant.public:
        return await _arrived_by_shared_sender(scope, heard)
    report = heard.report
    async with scope.begin() as tx:
        # Asked first: a message under way now has its id stored by the time of the second question, or later.
        sending = heard.may_wait and await report_store.is_sending(tx, report.channel)
        message = await report_store.message_by_provider_id(tx, report.provider_id)
        if message is None and sending:
            await _wait(tx, scope, report)
        if message is None or not is_news(message, report):
            return False
        await _store(tx, scope, message, report)
        await scope.part(Listeners).tell(tx, scope.tenant.id, message.family, message.id)
    return True


async def wrote(scope: Scope, inbound: Inbound) -> None:
    """A person wrote to our number: STOP blocks it for them, anything else shows that it is not blocked.

    In the public scope the number is one that all tenants share, so it holds for each that wrote to the person.
    """
    if scope.tenant.public:
        for tenant in await blocks.tenants_writing_to(scope.database.direct(), inbound.channel, inbound.sender):
            own = await _scope_of(scope, tenant)
            if own is not None:
                await wrote(own, inbound)
        return
    if inbound.wish is not Wish.STOP:
        async with scope.begin() as tx:
            await blocks.unblock(tx, inbound.channel, inbound.sender)
        return
    way = await scope.part(Routing).way(scope, inbound.channel)
    if way is not None:
        async with scope.begin() as tx:
            await blocks.block(tx, inbound.channel, way.sender, inbound.sender, Wish.STOP.value)


async def early_report(scope: Scope, arguments: Arguments) -> None:
    """Reads a report once more, now that the attempt which it outran is over."""
    known = await arrived(scope, Heard(_from_arguments(arguments), may_wait=False))
    log.info("delivery.early_report", known=known)


async def _arrived_by_shared_sender(scope: Scope, heard: Heard) -> bool:
    tenant = await blocks.tenant_of(scope.database.direct(), heard.report.provider_id)
    own = None if tenant is None else await _scope_of(scope, tenant)
    if own is not None:
        return await arrived(own, heard)
    if tenant is None and heard.may_wait:
        async with scope.database.begin() as tx:
            await _wait(tx, scope, heard.report)
    return False


async def _scope_of(scope: Scope, tenant: int) -> Scope | None:
    found = await scope.part(Registry).by_id(tenant)
    if found is None or found.state is not State.READY:
        return None
    return replace(scope, tenant=found, actor=SYSTEM)


async def _store(tx: Tx, scope: Scope, message: Message, report: StatusReport) -> None:
    if report.state is not Arrival.FAILED:
        await report_store.arrive(tx, message.id, report.state, scope.now)
        return
    await report_store.fail(tx, message.id, report.code, report.note, scope.now)
    if report.code is Code.SENDER_BLOCKED and message.sender:
        # The address as we wrote to it: the provider may spell it in its own way.
        await blocks.block(tx, message.channel, message.sender, message.recipients[0], report.note)
    if report.alarm:
        await sound(tx, scope, Trouble(message.transport or "", None, report.note))


async def _wait(tx: Tx, scope: Scope, report: StatusReport) -> None:
    arguments: dict[str, str | int | None] = {
        "provider_id": report.provider_id,
        "channel": report.channel.value,
        "state": report.state.value,
        "code": report.code.value,
        "note": report.note,
        "recipient": report.recipient,
        "provider_code": report.provider_code,
    }
    await defer(tx, EARLY, arguments, tenant=scope.tenant.id, after=_EARLY_PAUSE)


def _from_arguments(arguments: Arguments) -> StatusReport:
    number = arguments["provider_code"]
    return StatusReport(
        str(arguments["provider_id"]),
        Channel(str(arguments["channel"])),
        Arrival(str(arguments["state"])),
        Code(str(arguments["code"])),
        str(arguments["note"]),
        str(arguments["recipient"]),
        None if number is None else int(number),
    )
