"""The family's pages that there are: consent, and the apps of an organisation."""

from clerestory.families.ideas.apps import pages as apps
from clerestory.families.ideas.oauth import pages as oauth
from clerestory.platform.http import Access, Route, Surface
from clerestory.platform.tenancy import Parts
from clerestory.platform.web import HtmlDialect, Intents, Pages, Target

ROUTES = (
    Route("GET", "/_oauth2/authorize", oauth.get_authorize, Access.NAMED),
    Route("POST", "/_oauth2/authorize", oauth.post_authorize, Access.PERSON),
    Route("GET", "/apps/", apps.get_apps, Access.PERSON),
    Route("POST", "/apps/", apps.post_app, Access.PERSON),
    Route("GET", "/apps/{id:int}/", apps.get_app, Access.PERSON),
    Route("POST", "/apps/{id:int}/remove/", apps.post_remove, Access.PERSON),
)

SURFACE = Surface(
    name="ideas-pages",
    prefixes=("/_oauth2", "/apps"),
    dialect=HtmlDialect(),
    routes=ROUTES,
    documented=False,
    max_body_bytes=128 * 1024,
)


def equip(parts: Parts) -> None:
    """Makes the family's templates known, and that an idea can be made of what other pages show."""
    parts.find(Pages).add("ideas", "clerestory.families.ideas")
    parts.find(Intents).offer(Target("Make an idea of this", "/ideas/new"))
