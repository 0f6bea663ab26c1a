"""Delivery's long-lived objects, made once for a process."""

from clerestory.kernel.clock import Clock
from clerestory.platform.delivery.links import CallbackLinks
from clerestory.platform.delivery.listeners import Listeners
from clerestory.platform.delivery.routing import Routing
from clerestory.platform.delivery.sender import Sender, Ways
from clerestory.platform.delivery.settings import DeliverySettings
from clerestory.platform.delivery.transports import Transports
from clerestory.platform.observe import Metrics
from clerestory.platform.tenancy import Parts
from clerestory.platform.tokens import Vault


def equip(parts: Parts, settings: DeliverySettings, public_url: str, clock: Clock) -> None:
    """Adds Transports, Routing, CallbackLinks, Listeners and Sender; close the Transports at the end."""
    vault = parts.find(Vault)
    transports = Transports(allow_private=settings.outbound_allow_private, clock=clock)
    routing, links, listeners = Routing(settings, vault), CallbackLinks(vault, public_url), Listeners()
    sender = Sender(Ways(transports, routing, links, listeners, parts.find(Metrics)))
    for part in (transports, routing, links, listeners, sender):
        parts.add(part)
