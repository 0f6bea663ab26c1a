"""Static files: ours, and those of the OpenAPI viewer, both from installed packages."""

from importlib.util import find_spec
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send


def _folder(package: str, folder: str) -> Path:
    """A folder of an installed package, found without importing it."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError(f"the package {package} is not installed")
    return Path(spec.submodule_search_locations[0]) / folder


class Static:
    """/static/… : what has a version mark in its address may be kept for ever."""

    def __init__(self) -> None:
        self._ours = StaticFiles(directory=_folder("clerestory.platform.web", "static"))
        # The package carries Swagger UI as released; of its code nothing is imported (decision 0016).
        self._viewer = StaticFiles(directory=_folder("fastapi_swagger", "resources"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        viewer = scope["path"].startswith("/static/viewer/")
        app: ASGIApp = self._viewer if viewer else self._ours
        path = scope["path"].removeprefix("/static/viewer" if viewer else "/static")
        try:
            await app({**scope, "path": path, "root_path": ""}, receive, send)
        except HTTPException as refused:
            await PlainTextResponse(refused.detail, refused.status_code)(scope, receive, send)
