"""The pages of a tenant's escalation: its issues, one issue with its logs, and the members with what they allow.
They refuse to send anything and to speak the wire: the escalation API stands beside them, in its own surface."""

from clerestory.families.escalation.pages import issues, people
from clerestory.platform.http import Access, Route, Surface
from clerestory.platform.tenancy import Parts
from clerestory.platform.web import HtmlDialect, Pages

ROUTES = (
    Route("GET", "/issues/", issues.get_issues, Access.PERSON),
    Route("GET", "/issues/{id:int}/", issues.get_issue, Access.PERSON),
    Route("GET", "/people/", people.get_people, Access.PERSON),
    Route("POST", "/people/", people.post_person, Access.PERSON),
    Route("POST", "/people/{id:int}/", people.post_change, Access.PERSON),
    Route("POST", "/people/{id:int}/active/", people.post_active, Access.PERSON),
)

SURFACE = Surface(
    name="escalation-pages",
    prefixes=("/issues", "/people"),
    dialect=HtmlDialect(),
    routes=ROUTES,
    documented=False,
    max_body_bytes=64 * 1024,
)


def equip(parts: Parts) -> None:
    """Makes the family's templates known."""
    parts.find(Pages).add("escalation", "clerestory.families.escalation")
