"""The site's table of contents."""

from clerestory.platform.http import Access, Route, Surface
from clerestory.platform.web import HtmlDialect
from clerestory.site import account, pages

ROUTES = (
    Route("GET", "/", pages.get_landing, Access.OPEN),
    Route("GET", "/instructions/", pages.get_instructions, Access.OPEN),
    Route("GET", "/register/", account.get_register, Access.OPEN),
    Route("POST", "/register/", account.post_register, Access.OPEN),
    Route("GET", "/login/", account.get_login, Access.OPEN),
    Route("POST", "/login/", account.post_login, Access.OPEN),
    Route("POST", "/logout/", account.post_logout, Access.OPEN),
    Route("POST", "/logout/everywhere/", account.post_logout_everywhere, Access.OPEN),
    Route("GET", "/admin/", account.get_home, Access.OPEN),
    Route("POST", "/key/renew/", account.post_renew, Access.PERSON),
    Route("POST", "/key/revoke/", account.post_revoke, Access.PERSON),
    Route("GET", "/docs/", pages.get_docs, Access.OPEN),
    Route("GET", "/docs/{family}/", pages.get_viewer, Access.OPEN),
    Route("GET", "/openapi/{family}.json", pages.get_document, Access.OPEN),
)

SURFACE = Surface(
    name="site",
    prefixes=("/instructions", "/register", "/login", "/logout", "/admin", "/key", "/docs", "/openapi"),
    exact=("",),
    dialect=HtmlDialect(),
    routes=ROUTES,
    documented=False,
    max_body_bytes=64 * 1024,
)
