"""The pages of a tenant that belong to no family: its inbox and its delivery. For administrators alone."""

from clerestory.platform.http import Access, Route, Surface
from clerestory.platform.web import HtmlDialect
from clerestory.site import delivery, inbox

ROUTES = (
    Route("GET", "/inbox/", inbox.get_inbox, Access.PERSON),
    Route("POST", "/inbox/read/", inbox.post_read, Access.PERSON),
    Route("GET", "/inbox/{id:int}/", inbox.get_message, Access.PERSON),
    Route("GET", "/inbox/{id:int}/mail/", inbox.get_mail, Access.PERSON),
    Route("POST", "/inbox/{id:int}/delete/", inbox.post_delete, Access.PERSON),
    Route("GET", "/delivery/", delivery.get_delivery, Access.PERSON),
    Route("POST", "/delivery/", delivery.post_delivery, Access.PERSON),
    Route("POST", "/delivery/test/", delivery.post_test, Access.PERSON),
)

TENANT_SURFACE = Surface(
    name="tenant-pages",
    prefixes=("/inbox", "/delivery"),
    dialect=HtmlDialect(),
    routes=ROUTES,
    documented=False,
    max_body_bytes=64 * 1024,
)
