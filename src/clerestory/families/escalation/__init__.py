"""Escalation: applications report errors, which are grouped into issues and told to the right people.

It speaks the API of docs/dialects/escalation.md. It never loses a log that it has answered, and never sends one twice.
"""

from datetime import timedelta

from clerestory.families.escalation import pages, wire
from clerestory.families.escalation.demonstration import demonstrate
from clerestory.families.escalation.dialect import EscalationDialect, status_of
from clerestory.families.escalation.founding import found
from clerestory.families.escalation.intake.intake import Intake
from clerestory.families.escalation.jobs import CRON, TASKS
from clerestory.families.escalation.logs.limit import PageLimit
from clerestory.families.escalation.notify.deferral import Sweeps
from clerestory.families.escalation.notify.late import heard
from clerestory.families.escalation.notify.record import FAMILY as NAME
from clerestory.families.escalation.notify.send import Outbox
from clerestory.families.escalation.policy import SETTINGS
from clerestory.families.escalation.resources import RESOURCES
from clerestory.families.escalation.routes import ROUTES
from clerestory.families.escalation.settings import EscalationSettings
from clerestory.kernel.links import PublicUrl
from clerestory.platform.database import Database
from clerestory.platform.database.migration import Owner
from clerestory.platform.delivery.listeners import Listeners
from clerestory.platform.delivery.routing import Routing
from clerestory.platform.http import Family, Spoken, Surface
from clerestory.platform.jobs import Background
from clerestory.platform.limits import Limits
from clerestory.platform.observe import Metrics
from clerestory.platform.tenancy import Parts
from clerestory.platform.tokens.sessions import COOKIE

SPOKEN = Spoken(
    error=wire.FailureAnswer,
    status=status_of,
    credentials={
        "bearer": {"type": "http", "scheme": "bearer"},
        "key": {"type": "apiKey", "in": "header", "name": "x-api-key"},
        "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
    },
)

SURFACE = Surface(
    name=NAME,
    prefixes=("/log",),
    exact=("/status", "/profile", "/members", "/escalate", "/error"),
    dialect=EscalationDialect(),
    routes=ROUTES,
    title="Escalation",
    description=(
        "Report the errors of your applications; the right people are told. Send the key as `Authorization: Bearer`. "
        "With the header `Environment: DEV` nothing is sent."
    ),
    spoken=SPOKEN,
    max_body_bytes=64 * 1024,
    # An answer to /escalate may wait 20 s for providers, after the log was stored.
    time_limit=timedelta(seconds=60),
)


def equip(parts: Parts) -> None:
    """Adds the family's long-lived objects, and listens to what becomes of its messages."""
    background = parts.find(Background)
    sweeps = Sweeps(parts.find(EscalationSettings))
    intake = Intake(parts.find(Database), parts.find(PublicUrl), parts.find(Routing), sweeps)
    metrics = parts.find(Metrics)
    intake.sizes = lambda size: metrics.batch(NAME, size)
    background.own(intake.run, intake.close)
    parts.add(sweeps)
    parts.add(intake)
    parts.add(Outbox(background))
    parts.add(PageLimit(parts.find(Limits)))
    pages.equip(parts)
    parts.find(Listeners).add(NAME, heard)


FAMILY = Family(
    name=NAME,
    surfaces=(SURFACE, pages.SURFACE),
    owner=Owner.of(NAME, "clerestory.families.escalation", control="migrations/control", tenant="migrations/tenant"),
    tasks=TASKS,
    cron=CRON,
    resources=RESOURCES,
    settings=SETTINGS,
    equip=equip,
    founded=found,
    demo=demonstrate,
)
