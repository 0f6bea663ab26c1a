"""A message to oneself, to see whether the settings work. It is sent as every other message is."""

from datetime import timedelta

from clerestory.kernel.addresses import normalise_email, normalise_phone
from clerestory.kernel.channels import Channel
from clerestory.kernel.errors import Fault, Invalid, Kind
from clerestory.platform.delivery.alarm import FAMILY
from clerestory.platform.delivery.message import NewMessage
from clerestory.platform.delivery.outcome import Outcome
from clerestory.platform.delivery.record import record
from clerestory.platform.delivery.sender import Sender
from clerestory.platform.limits import Bound, Limits
from clerestory.platform.tenancy import Right, Scope

_BOUND = Bound("trial", 10, timedelta(minutes=10), "Too many test messages. Try again in some minutes.")
_TEXT = "This is a test message. If you can read it, the settings of this channel work."


async def send_trial(scope: Scope, channel: Channel, address: str) -> Outcome:
    """What came of a test message to this e-mail or phone number. Raises Invalid (`address`), and RateLimited."""
    scope.require(Right.WRITE)
    normalise = normalise_email if channel is Channel.EMAIL else normalise_phone
    known = normalise(address)
    if known is None:
        words = "an e-mail address" if channel is Channel.EMAIL else "a phone number with its country code"
        raise Invalid(Fault("address", Kind.INVALID, f"Enter {words}."))
    # Providers take money for each, and whoever gets it did not ask for it.
    await scope.part(Limits).count(_BOUND, f"{scope.tenant.id}\0{scope.actor.person_id}", scope.now)
    async with scope.begin() as tx:
        message = await record(tx, NewMessage(FAMILY, channel, (known,), "A test message", _TEXT))
    return await scope.part(Sender).attempt(scope, message)
