"""The family's pages beside the portal: consent, the apps of an organisation, and what a person follows."""

from clerestory.families.ideas.apps import pages as apps
from clerestory.families.ideas.follow import pages as follow
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
    Route("GET", "/following/", follow.get_following, Access.PERSON),
    Route("POST", "/following/", follow.post_mail, Access.PERSON),
    Route("POST", "/following/switch/", follow.post_switch, Access.PERSON),
    Route("GET", "/following/stop/{token}/", follow.get_stop, Access.OPEN),
    Route("POST", "/following/stop/{token}/", follow.post_stop, Access.OPEN),
)

SURFACE = Surface(
    name="ideas-pages",
    prefixes=("/_oauth2", "/apps", "/following"),
    dialect=HtmlDialect(),
    routes=ROUTES,
    documented=False,
    max_body_bytes=128 * 1024,
)


def equip(parts: Parts) -> None:
    """Makes the family's templates known, and that an idea can be made of what other pages show."""
    parts.find(Pages).add("ideas", "clerestory.families.ideas")
    parts.find(Intents).offer(Target("Make an idea of this", "/ideas/new"))
