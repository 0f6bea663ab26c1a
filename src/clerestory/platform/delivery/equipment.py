"""Delivery's long-lived objects, made once for a process."""

from clerestory.kernel.clock import Clock
from clerestory.platform.delivery.links import CallbackLinks
from clerestory.platform.delivery.listeners import Listeners
from clerestory.platform.delivery.quota import Quota
from clerestory.platform.delivery.routing import Routing
from clerestory.platform.delivery.sender import Sender, Ways
from clerestory.platform.delivery.settings import DeliverySettings
from clerestory.platform.delivery.transports import Transports
from clerestory.platform.limits import Limits
from clerestory.platform.observe import Metrics
from clerestory.platform.tenancy import Parts
from clerestory.platform.tokens import Vault


def equip(parts: Parts, settings: DeliverySettings, public_url: str, clock: Clock) -> None:
    """Adds Transports, Routing, CallbackLinks, Listeners, Quota and Sender; close the Transports at the end."""
    vault = parts.find(Vault)
    transports = Transports(allow_private=settings.outbound_allow_private, clock=clock)
    routing, links, listeners = Routing(settings, vault), CallbackLinks(vault, public_url), Listeners()
    quota = Quota(parts.find(Limits), settings.shared_messages_per_day)
    sender = Sender(Ways(transports, routing, links, listeners, parts.find(Metrics), quota))
    for part in (transports, routing, links, listeners, quota, sender):
        parts.add(part)
