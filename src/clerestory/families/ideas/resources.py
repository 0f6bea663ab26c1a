"""Ideas' tables as the uniform API and the admin panel show them, for administrators: campaigns, what they ask and who
may enter them are written there; ideas, comments and votes are read and moderated. No secret of an app is ever shown.
"""

from collections.abc import Awaitable, Callable, Mapping

from clerestory.families.ideas.apps import change as apps
from clerestory.families.ideas.campaigns import change as campaigns
from clerestory.families.ideas.declared import UUID, administered, shown
from clerestory.families.ideas.moderation.resources import COMMENTS, IDEAS, VOTES
from clerestory.kernel.errors import Fault, Invalid, Kind
from clerestory.kernel.values import Type
from clerestory.platform.resources import Change, Field, Rules, Through
from clerestory.platform.tenancy import Scope

_INT = 2**31 - 1
_LANGUAGES = (
    "simple",
    "danish",
    "dutch",
    "english",
    "french",
    "german",
    "italian",
    "portuguese",
    "spanish",
    "swedish",
)


def _flag(name: str, doc: str) -> Field:
    return Field(name, Type.TRUTH, doc=doc)


def _points(name: str, doc: str) -> Field:
    return Field(name, Type.WHOLE, least=-1000, most=1000, doc=doc)


def _of(name: str, table: str, doc: str, *, unique: str = "", nullable: bool = False) -> Field:
    """The id of another record, that this one belongs to."""
    required = not nullable
    return Field(name, Type.WHOLE, required=required, nullable=nullable, least=1, refers=table, unique=unique, doc=doc)


def _place() -> Field:
    return Field("place", Type.WHOLE, least=-_INT, most=_INT, doc="Where it stands among its like.")


Prepare = Callable[[Scope, Change], Awaitable[Mapping[str, object]]]


def _stays(table: str, *columns: str) -> Prepare:
    """What a record belongs to is said when it is made: later it would leave behind what points to it."""
    sql = f"SELECT {', '.join(columns)} FROM tenant.{table} WHERE id = :which"  # noqa: S608 - the names are ours

    async def prepare(scope: Scope, change: Change) -> Mapping[str, object]:
        values = change.values or {}
        if change.id is not None and set(columns) & set(values):
            row: Mapping[str, object] | None = await scope.direct().row(sql, dict, which=change.id)
            moved = [name for name in columns if row and name in values and values[name] != row[name]]
            if moved:
                raise Invalid(*(Fault(name, Kind.INVALID, "This cannot be changed any more.") for name in moved))
        return values

    return prepare


CAMPAIGNS = administered(
    "ideas/campaigns",
    "IdeasCampaign",
    "ideas_campaign",
    (
        UUID,
        Field("name", required=True, blank=False, searchable=True),
        Field("description", longest=20_000, searchable=True, filterable=False, orderable=False),
        Field("status", choices=("Draft", "Active", "Closed", "Archived"), doc="Ideas are taken while it is Active."),
        _flag("scheduled", "Whether ideas are taken between its dates alone."),
        Field("starts", Type.MOMENT, nullable=True),
        Field("ends", Type.MOMENT, nullable=True),
        _of("sponsor", "person", "The id of the person who stands for it.", nullable=True),
        _flag("public", "Whether it is read without a sign-in."),
        _flag("restricted", "Whether only its groups may enter, where it is not public."),
        Field(
            "groups",
            Type.WHOLES,
            least=1,
            through=Through("ideas_access", own="campaign", other="person_group", of="person_group"),
            doc="The ids of the groups that may enter.",
        ),
        _flag("voting", "Whether ideas and comments are voted on."),
        _flag("demoting", "Whether a vote may be against."),
        _flag("commenting", "Whether ideas are commented on."),
        _flag("tagging", "Whether ideas have tags."),
        _flag("anonymous", "Whether an idea may be anonymous."),
        _flag("revealing", "Whether members are told who submitted an anonymous idea."),
        _flag("category_required", "Whether an idea needs a category, where there are any."),
        _points("promote_points", "What a vote for an idea gives it. With a change all ideas are scored anew."),
        _points("demote_points", "What a vote against it gives."),
        _points("comment_points", "What a comment gives."),
        _points("chip_points", "What a chip gives."),
        Field("chips", Type.WHOLE, least=0, most=1_000_000, doc="How many chips each member may lay."),
        Field("language", choices=_LANGUAGES, doc="By whose rules its ideas are found."),
        Field("title_label", doc="What the form calls the title; empty: as usual."),
        Field("description_label", doc="What the form calls the description; empty: as usual."),
        shown("members", Type.WHOLE, "How many people have entered it."),
    ),
    doc="A container of ideas with its own rules. One that has ideas is not removed.",
    rules=Rules(settle=campaigns.settle),
)

CATEGORIES = administered(
    "ideas/categories",
    "IdeasCategory",
    "ideas_category",
    (
        UUID,
        _of("campaign", "ideas_campaign", "The id of its campaign; it stays."),
        Field("name", required=True, blank=False, searchable=True, unique="ideas_category_campaign_name_key"),
        _place(),
    ),
    doc="What the ideas of a campaign are sorted into. One that ideas have is not removed.",
    rules=Rules(_stays("ideas_category", "campaign")),
)

STATUSES = administered(
    "ideas/statuses",
    "IdeasStatus",
    "ideas_status",
    (
        UUID,
        _of("campaign", "ideas_campaign", "The id of its campaign, null for all of them; it stays.", nullable=True),
        Field("name", required=True, blank=False, searchable=True, unique="ideas_status_name"),
        _place(),
    ),
    doc="How far an idea has come; the first by place is that of a new one. One that ideas have is not removed.",
    rules=Rules(_stays("ideas_status", "campaign")),
)

QUESTIONS = administered(
    "ideas/questions",
    "IdeasQuestion",
    "ideas_question",
    (
        UUID,
        _of("campaign", "ideas_campaign", "The id of its campaign; it stays."),
        Field(
            "type",
            required=True,
            choices=("text", "textarea", "richtext", "select", "radio", "checkbox", "date", "number"),
        ),
        Field("description", required=True, blank=False, longest=1000, searchable=True, doc="What is asked."),
        Field("instruction", longest=2000, doc="How to answer it."),
        _flag("required", "Whether an idea needs an answer."),
        Field("asked", choices=("everybody", "administrators"), doc="Who is asked, and shown the answers."),
        _place(),
    ),
    doc="A question of a campaign's form. Its answers go with it.",
    rules=Rules(_stays("ideas_question", "campaign")),
)

OPTIONS = administered(
    "ideas/question-options",
    "IdeasQuestionOption",
    "ideas_question_option",
    (
        UUID,
        _of("question", "ideas_question", "The id of its question; it stays."),
        Field("description", required=True, blank=False, longest=1000, searchable=True),
        _place(),
    ),
    doc="What a question offers to choose from.",
    rules=Rules(_stays("ideas_question_option", "question")),
)

ROLES = administered(
    "ideas/roles",
    "IdeasRole",
    "ideas_role",
    (
        _of("campaign", "ideas_campaign", "The id of the campaign; it stays."),
        _of(
            "person",
            "person",
            "The id of the person; it stays.",
            unique="ideas_role_campaign_person_key",
        ),
        Field("role", required=True, choices=("administrator", "moderator")),
    ),
    doc="Who administers or moderates one campaign. Administrators of the tenant need none.",
    rules=Rules(_stays("ideas_role", "campaign", "person")),
)

BUDGETS = administered(
    "ideas/chip-budgets",
    "IdeasChipBudget",
    "ideas_chip_budget",
    (
        _of("campaign", "ideas_campaign", "The id of the campaign; it stays."),
        _of("person", "person", "The id of the person; it stays.", unique="ideas_chip_budget_campaign_person_key"),
        Field("budget", Type.WHOLE, nullable=True, least=0, most=1_000_000, doc="Null: as the campaign has it."),
        shown("spent", Type.WHOLE, "How many chips lie on ideas."),
    ),
    doc="How many chips a member may lay in a campaign, and has laid. It stays while the person and the campaign do.",
    removable=False,
    rules=Rules(_stays("ideas_chip_budget", "campaign", "person")),
)

APPS = administered(
    "ideas/apps",
    "IdeasApp",
    "ideas_app",
    (
        UUID,
        Field("name", required=True, blank=False, longest=200, searchable=True),
        Field("website", longest=2000),
        shown("client_id", doc="What it shows itself by. Its secret stands on the app's own page."),
        Field("redirect_uris", Type.TEXTS, longest=2000),
        _flag("master", "Whether it may act as the system itself."),
        Field(
            "per_hour",
            Type.WHOLE,
            nullable=True,
            least=0,
            most=1_000_000,
            doc="Requests an hour for each of its members; 0: any number. Null: as the organisation has it.",
        ),
    ),
    doc="An application that may ask for tokens. It is registered on a page, which alone shows its secret.",
    creatable=False,
    rules=Rules(apps.prepare, apps.settle),
)

RESOURCES = (
    CAMPAIGNS,
    CATEGORIES,
    STATUSES,
    QUESTIONS,
    OPTIONS,
    ROLES,
    BUDGETS,
    APPS,
    IDEAS,
    COMMENTS,
    VOTES,
)
