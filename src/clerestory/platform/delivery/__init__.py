"""Messages to people: recorded in the caller's transaction, attempted after it, followed until they arrive.

async with scope.begin() as tx:
    message = await delivery.record(tx, NewMessage(…))
outcome = await scope.part(Sender).attempt(scope, message)
"""

from clerestory.kernel.channels import Channel, Code
from clerestory.platform.delivery.listeners import Listeners
from clerestory.platform.delivery.message import Message, MessageId, NewMessage, Stage
from clerestory.platform.delivery.outcome import Outcome, Refusal
from clerestory.platform.delivery.record import forget, give_up, open_messages, read, record, record_all
from clerestory.platform.delivery.sender import Sender

__all__ = [
    "Channel",
    "Code",
    "Listeners",
    "Message",
    "MessageId",
    "NewMessage",
    "Outcome",
    "Refusal",
    "Sender",
    "Stage",
    "forget",
    "give_up",
    "open_messages",
    "read",
    "record",
    "record_all",
]
