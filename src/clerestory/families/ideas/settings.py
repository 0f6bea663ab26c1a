"""What an organisation may set of ideas."""

from typing import Any

from clerestory.kernel.values import Type
from clerestory.platform.identity.organisation import Setting

PER_HOUR: Setting[int] = Setting(
    "ideas_requests_per_hour",
    Type.WHOLE,
    default=300,
    least=0,
    most=1_000_000,
    doc="How many requests an hour one requester may make to the ideas API, where its app has no limit of its own; "
    "0: any number.",
)

SETTINGS: tuple[Setting[Any], ...] = (PER_HOUR,)
