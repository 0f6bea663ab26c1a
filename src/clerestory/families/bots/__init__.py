"""Bots: customers configure chat bots, which answer on Messenger and in the browser, and fall silent for a human.

It speaks the API of docs/dialects/bots.md. A bot never speaks over a human, and never says the same thing twice.
"""

from clerestory.families.bots import pages, web, wire
from clerestory.families.bots.access.reads import Reads
from clerestory.families.bots.chats.address import Addresses
from clerestory.families.bots.chats.conversations import Conversations
from clerestory.families.bots.chats.intake import Intake
from clerestory.families.bots.chats.links import BotLinks
from clerestory.families.bots.chats.live import Live
from clerestory.families.bots.chats.sweeps import Sweeps
from clerestory.families.bots.demonstration import demonstrate
from clerestory.families.bots.dialect import BotsDialect, status_of
from clerestory.families.bots.founding import found
from clerestory.families.bots.jobs import TASKS
from clerestory.families.bots.objects.seal import Seals
from clerestory.families.bots.policy import RULES, SETTINGS, Apps
from clerestory.families.bots.resources import RESOURCES
from clerestory.families.bots.routes import ROUTES
from clerestory.families.bots.settings import BotsSettings
from clerestory.families.bots.signin.identities import Identities
from clerestory.families.bots.users.reads import UserReads
from clerestory.families.bots.webhook import SURFACE as WEBHOOK
from clerestory.kernel.links import PublicUrl
from clerestory.platform.database import Database, Listener
from clerestory.platform.database.migration import Owner
from clerestory.platform.delivery.transports import Transports
from clerestory.platform.http import Family, Spoken, Surface
from clerestory.platform.jobs import Background
from clerestory.platform.observe import Metrics
from clerestory.platform.tenancy import Parts
from clerestory.platform.tokens import Vault

NAME = "bots"

SPOKEN = Spoken(
    error=wire.Failure,
    status=status_of,
    credentials={"facebook": {"type": "http", "scheme": "bearer"}},
    error_media_type="text/plain",
    exceptions={400: ("application/json", wire.GatewayMessage)},
)

SURFACE = Surface(
    name=NAME,
    prefixes=("/v1", "/latest"),
    dialect=BotsDialect(),
    routes=ROUTES,
    title="Bots",
    description=(
        "Configure chat bots. Send a Facebook user's access token as `Authorization: Bearer`, and the tenant's key as "
        "`Api-Key` unless the host name tells the tenant. Every refusal is a 500 in plain text, which holds JSON."
    ),
    spoken=SPOKEN,
    # Twice the longest body: a list of 10,000 ids is not counted.
    max_body_bytes=768 * 1024,
)


def equip(parts: Parts) -> None:
    """Adds the family's long-lived objects."""
    background, vault = parts.find(Background), parts.find(Vault)
    apps = Apps(parts.find(BotsSettings), vault)
    parts.add(apps)
    parts.add(Seals(vault))
    parts.add(Reads(parts.find(Database), background))
    parts.add(UserReads(parts.find(Database), background))
    parts.add(Identities(background, apps, parts.find(Transports)))
    _equip_chats(parts)


def _equip_chats(parts: Parts) -> None:
    background, metrics = parts.find(Background), parts.find(Metrics)
    parts.add(Addresses())
    parts.add(BotLinks(parts.find(Vault), parts.find(PublicUrl)))
    parts.add(sweeps := Sweeps(parts.find(BotsSettings)))
    parts.add(intake := Intake(parts.find(Database), sweeps))
    intake.sizes = lambda size: metrics.batch(NAME, size)
    background.own(intake.run, intake.close)
    parts.add(Conversations(background))
    parts.add(live := Live(parts.find(Listener)))
    background.own(live.run, live.close)
    background.on_leave(live.close)
    web.equip(parts)


FAMILY = Family(
    name=NAME,
    surfaces=(SURFACE, WEBHOOK, web.SURFACE, pages.SURFACE),
    owner=Owner.of(NAME, "clerestory.families.bots", control="migrations/control", tenant="migrations/tenant"),
    tasks=TASKS,
    resources=RESOURCES,
    settings=SETTINGS,
    rules=RULES,
    equip=equip,
    founded=found,
    demo=demonstrate,
)
