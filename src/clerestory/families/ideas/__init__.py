"""Ideas: members post, discuss, vote on and rank ideas in campaigns.

It speaks the api3 of docs/dialects/ideas.md. It shows nobody what its campaign hides, and counts what it shows exactly.
"""

from datetime import timedelta

from clerestory.families.ideas import pages, portal
from clerestory.families.ideas.activity import routes as activity_routes
from clerestory.families.ideas.allowance import Allowance
from clerestory.families.ideas.apps.journal import Journal
from clerestory.families.ideas.calling import with_doubled_slashes
from clerestory.families.ideas.campaigns import routes as campaign_routes
from clerestory.families.ideas.categories import routes as category_routes
from clerestory.families.ideas.chipvotes import routes as chip_vote_routes
from clerestory.families.ideas.comments import routes as comment_routes
from clerestory.families.ideas.commentvotes import routes as comment_vote_routes
from clerestory.families.ideas.demonstration import demonstrate
from clerestory.families.ideas.dialect import SPOKEN, IdeasDialect
from clerestory.families.ideas.files import routes as file_routes
from clerestory.families.ideas.files.images import Studio
from clerestory.families.ideas.follow.links import StopLinks
from clerestory.families.ideas.founding import found
from clerestory.families.ideas.groups import routes as group_routes
from clerestory.families.ideas.ideas import routes as idea_routes
from clerestory.families.ideas.jobs import CRON, TASKS
from clerestory.families.ideas.members import routes as member_routes
from clerestory.families.ideas.oauth import routes as oauth_routes
from clerestory.families.ideas.oauth.dialect import GrantDialect
from clerestory.families.ideas.oauth.tokens import Tokens
from clerestory.families.ideas.reports import routes as report_routes
from clerestory.families.ideas.resources import RESOURCES
from clerestory.families.ideas.search import routes as search_routes
from clerestory.families.ideas.settings import SETTINGS
from clerestory.families.ideas.statuses import routes as status_routes
from clerestory.families.ideas.tags import routes as tag_routes
from clerestory.families.ideas.updates import routes as update_routes
from clerestory.families.ideas.votes import routes as vote_routes
from clerestory.families.ideas.widgets import routes as widget_routes
from clerestory.kernel.links import PublicUrl
from clerestory.platform.database import Database, Listener
from clerestory.platform.database.migration import Owner
from clerestory.platform.http import Family, Surface
from clerestory.platform.jobs import Background
from clerestory.platform.limits import Limits
from clerestory.platform.tenancy import Parts
from clerestory.platform.tenancy.registry import Registry
from clerestory.platform.tokens import Vault

NAME = "ideas"

# One line an object, in the order of the documents.
ROUTES = (
    *campaign_routes.ROUTES,
    *member_routes.ROUTES,
    *idea_routes.ROUTES,
    *comment_routes.ROUTES,
    *vote_routes.ROUTES,
    *comment_vote_routes.ROUTES,
    *chip_vote_routes.ROUTES,
    *category_routes.ROUTES,
    *status_routes.ROUTES,
    *tag_routes.ROUTES,
    *group_routes.ROUTES,
    *file_routes.ROUTES,
    *activity_routes.ROUTES,
    *update_routes.ROUTES,
    *report_routes.ROUTES,
    *widget_routes.ROUTES,
    *search_routes.ROUTES,
)

SURFACE = Surface(
    name=NAME,
    prefixes=("/api3", "/_report"),
    dialect=IdeasDialect(),
    routes=tuple(with_doubled_slashes(ROUTES)),
    title="Ideas",
    description=(
        "Campaigns, ideas, comments and votes. Get an access token at `/_oauth2/token` and send it as "
        "`Authorization: Bearer`; without one, public campaigns are read."
    ),
    spoken=SPOKEN,
    time_limit=timedelta(seconds=30),
)

TOKENS = Surface(
    name="ideas-oauth",
    prefixes=(),
    exact=("/_oauth2/token",),
    dialect=GrantDialect(),
    routes=oauth_routes.ROUTES,
    documented=False,
    max_body_bytes=64 * 1024,
)


def equip(parts: Parts) -> None:
    """Adds the family's long-lived objects."""
    database, background = parts.find(Database), parts.find(Background)
    parts.add(Tokens(database, parts.find(Registry)).heed(parts.find(Listener)))
    parts.add(Studio())
    parts.add(StopLinks(parts.find(Vault), parts.find(PublicUrl)))
    parts.add(Allowance(database, parts.find(Limits)))
    parts.add(journal := Journal(database))
    background.own(journal.run)
    pages.equip(parts)


FAMILY = Family(
    name=NAME,
    surfaces=(SURFACE, TOKENS, pages.SURFACE, portal.SURFACE),
    owner=Owner.of(NAME, "clerestory.families.ideas", control="migrations/control", tenant="migrations/tenant"),
    tasks=TASKS,
    cron=CRON,
    resources=RESOURCES,
    settings=SETTINGS,
    equip=equip,
    founded=found,
    demo=demonstrate,
)
