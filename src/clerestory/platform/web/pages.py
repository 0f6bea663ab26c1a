"""Renders templates: each package brings its own folder, the layout and the security headers are everybody's."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, PrefixLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from clerestory import __version__
from clerestory.platform.tenancy import Scope
from clerestory.platform.web.visitor import Visitors

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}


def _moment(value: datetime | None) -> str:
    return "" if value is None else value.strftime("%Y-%m-%d %H:%M:%S UTC")


class Pages:
    """One Jinja2 environment for the process. Values are escaped; an unknown name in a template is an error."""

    def __init__(self, visitors: Visitors, *, public_url: str) -> None:
        self.visitors = visitors
        self._loaders: dict[str, PackageLoader] = {}
        self.environment = Environment(
            loader=PrefixLoader(self._loaders),
            autoescape=select_autoescape(("html",), default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self.environment.filters["moment"] = _moment
        self.environment.globals.update(version=__version__, public_url=public_url, asset=_asset)
        self.add("web", "clerestory.platform.web")

    def add(self, prefix: str, package: str) -> None:
        """Makes a package's folder `templates` known as `prefix/…`."""
        self._loaders[prefix] = PackageLoader(package, "templates")

    async def render(
        self, request: Request, template: str, values: Mapping[str, object], *, status: int = 200
    ) -> HTMLResponse:
        """A page in the layout, with the visitor of this request."""
        visitor = await self.visitors.of(request)
        text = self.environment.get_template(template).render(
            **values, request=request, visitor=visitor, csrf="" if visitor is None else visitor.csrf
        )
        return HTMLResponse(text, status, HEADERS)


def pages_of(scope: Scope) -> Pages:
    """The process's renderer."""
    return scope.part(Pages)


@cache
def _asset(name: str) -> str:
    """The address of a static file; a new content has a new address, so browsers may keep it."""
    content = (files("clerestory.platform.web") / "static" / name).read_bytes()
    mark = base64.urlsafe_b64encode(hashlib.sha256(content).digest()[:6]).decode()
    return f"/static/{name}?v={mark}"
