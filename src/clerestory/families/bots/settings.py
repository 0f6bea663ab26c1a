"""What a process is told of Facebook: where its Graph API is, and the app that tenants without one of their own use."""

from dataclasses import dataclass, field
from datetime import timedelta

from clerestory.kernel.errors import Fault, Invalid, Kind
from clerestory.platform.delivery.settings import check_http_url

GRAPH = "https://graph.facebook.com/v21.0"


@dataclass(frozen=True, slots=True)
class BotsSettings:
    """The operator's Facebook app. Raises Invalid for an address that is none, and for an id without a secret."""

    facebook_graph_url: str = GRAPH
    facebook_app_id: str | None = None
    facebook_app_secret: str | None = field(default=None, repr=False)
    # How long after an event was stored somebody looks whether it was handled.
    sweep_after: timedelta = timedelta(seconds=60)

    def __post_init__(self) -> None:
        check_http_url("facebook_graph_url", self.facebook_graph_url)
        for name, other in _PAIRS:
            if getattr(self, other) and not getattr(self, name):
                raise Invalid(Fault(name, Kind.MISSING, f"{name} is needed beside {other}."))


_PAIRS = (("facebook_app_id", "facebook_app_secret"), ("facebook_app_secret", "facebook_app_id"))
