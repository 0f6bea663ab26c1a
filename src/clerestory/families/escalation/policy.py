"""What an organisation has set of escalation: channels, tasks, noise, the mirrored code, its own templates.

Read for each request, so that what one process changes holds in all of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from clerestory.families.escalation.members.model import SEVERITIES, Severity
from clerestory.families.escalation.noise.model import Quiet
from clerestory.families.escalation.wording import template
from clerestory.kernel.channels import Channel
from clerestory.kernel.values import Type
from clerestory.platform.database import Runner
from clerestory.platform.delivery import routing
from clerestory.platform.identity import organisation
from clerestory.platform.identity.organisation import Organisation, Setting

CHANNELS_OFF: Setting[Iterable[str]] = Setting(
    "escalation_channels_off",
    Type.TEXTS,
    default=[],
    choices=tuple(Channel),
    doc="Channels by which nobody is told, whatever people consent to.",
)
TASK_SEVERITY: Setting[str] = Setting(
    "escalation_task_severity",
    default=Severity.MAJOR.value,
    choices=tuple(SEVERITIES),
    doc="The smallest severity for which a task is made.",
)
MIRROR_CODE: Setting[bool] = Setting(
    "escalation_mirror_code", Type.TRUTH, default=True, doc="Whether answers repeat their status as `code`."
)
REPEAT_MINUTES: Setting[int] = Setting(
    "escalation_repeat_minutes",
    Type.WHOLE,
    default=0,
    least=0,
    most=60 * 24 * 30,
    doc="For how long a member is not told again of the same issue; 0: every log is told.",
)
DIGEST_AFTER: Setting[int] = Setting(
    "escalation_digest_after",
    Type.WHOLE,
    default=0,
    least=0,
    most=1_000_000,
    doc="How many logs of an issue in the digest's minutes make it hot: then they are told in one digest; 0: never.",
)
DIGEST_MINUTES: Setting[int] = Setting(
    "escalation_digest_minutes",
    Type.WHOLE,
    default=60,
    least=1,
    most=60 * 24 * 7,
    doc="How often a hot issue's digest is sent.",
)
QUIET_DAYS: Setting[int] = Setting(
    "escalation_quiet_days",
    Type.WHOLE,
    default=0,
    least=0,
    most=3650,
    doc="A known issue is told again only after this many quiet days, or when it gets more severe; 0: always.",
)
KEEP_DAYS: Setting[int] = Setting(
    "escalation_keep_days",
    Type.WHOLE,
    default=0,
    least=0,
    most=36_500,
    doc="After so many days a log and its messages are deleted, and an issue that was not seen since; 0: never.",
)
TEMPLATES: Setting[Mapping[str, str]] = Setting(
    "escalation_templates",
    Type.OBJECT,
    default={},
    check=template.check,
    doc="The organisation's own templates by name: subject, text, html, sms, whatsapp. An absent one is ours.",
)

SETTINGS: tuple[Setting[Any], ...] = (
    CHANNELS_OFF,
    TASK_SEVERITY,
    MIRROR_CODE,
    REPEAT_MINUTES,
    DIGEST_AFTER,
    DIGEST_MINUTES,
    QUIET_DAYS,
    KEEP_DAYS,
    TEMPLATES,
)


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings in force for one organisation. `own_list`: it has named a list for its tasks.

    `keep` is how long logs are kept; None: for ever.
    """

    name: str
    owner: int | None
    representative: int | None
    channels: frozenset[Channel]
    task_severity: Severity
    mirrored: bool
    quiet: Quiet
    templates: Mapping[str, str]
    own_list: bool
    keep: timedelta | None


def policy_of(settings: Organisation) -> Policy:
    """What these settings mean."""
    return Policy(
        name=settings.of(organisation.NAME),
        owner=settings.of(organisation.OWNER),
        representative=settings.of(organisation.REPRESENTATIVE),
        channels=frozenset(Channel) - frozenset(map(Channel, settings.of(CHANNELS_OFF))),
        task_severity=Severity(settings.of(TASK_SEVERITY)),
        mirrored=settings.of(MIRROR_CODE),
        quiet=Quiet(
            repeat=timedelta(minutes=settings.of(REPEAT_MINUTES)),
            digest_after=settings.of(DIGEST_AFTER),
            digest_every=timedelta(minutes=settings.of(DIGEST_MINUTES)),
            regression=timedelta(days=settings.of(QUIET_DAYS)),
        ),
        templates=settings.of(TEMPLATES),
        own_list=bool(settings.of(routing.CLICKUP_LIST)),
        keep=timedelta(days=settings.of(KEEP_DAYS)) or None,
    )


async def read_policy(runner: Runner) -> Policy:
    """The settings of the runner's tenant, as they are now."""
    return policy_of(await organisation.read(runner))
