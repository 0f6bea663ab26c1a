"""GET /healthz, /readyz and /metrics. They say nothing of any tenant."""

import asyncio
import contextlib
import hmac
from dataclasses import dataclass, field

import msgspec
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response

from clerestory.kernel.errors import Problem, Unauthenticated
from clerestory.platform.http.operations.dialect import OperationsDialect
from clerestory.platform.http.operations.readiness import OK, PATIENCE, Readiness
from clerestory.platform.http.route import Access, Route
from clerestory.platform.http.surface import Surface
from clerestory.platform.jobs import queue
from clerestory.platform.observe import Metrics
from clerestory.platform.tenancy import Scope


@dataclass(frozen=True, slots=True)
class OperationsSettings:
    """Who may read the metrics: who shows this token as its bearer; None: everybody who reaches the server."""

    metrics_token: str | None = field(default=None, repr=False)


async def get_health(_scope: Scope, _request: Request) -> Response:  # async: endpoints are awaited
    """The process lives and its event loop turns."""
    return Response(msgspec.json.encode({"status": "ok"}), media_type="application/json")


async def get_readiness(scope: Scope, _request: Request) -> Response:
    """200 when requests can be served, else 503, with what each part says."""
    said = await scope.part(Readiness).said()
    ready = all(answer == OK for answer in said.values())
    body = msgspec.json.encode({"status": "ok" if ready else "unavailable", "checks": said})
    headers = {} if ready else {"Retry-After": "5"}
    return Response(body, 200 if ready else 503, headers, "application/json")


async def get_metrics(scope: Scope, request: Request) -> Response:
    """Prometheus' text, of all processes that share this port."""
    _admit(scope.part(OperationsSettings), request)
    metrics = scope.part(Metrics)
    # The rest is worth reading most when the database is down.
    with contextlib.suppress(Problem, TimeoutError):
        metrics.queue(await asyncio.wait_for(queue.depths(scope.database.direct()), PATIENCE.total_seconds()))
    return Response(await asyncio.to_thread(metrics.text), media_type=CONTENT_TYPE_LATEST)


def _admit(settings: OperationsSettings, request: Request) -> None:
    if settings.metrics_token is None:
        return
    shown = request.headers.get("authorization", "")
    if not hmac.compare_digest(shown.encode(), f"Bearer {settings.metrics_token}".encode()):
        raise Unauthenticated


ROUTES = (
    Route("GET", "/healthz", get_health, Access.OPEN),
    Route("GET", "/readyz", get_readiness, Access.OPEN),
    Route("GET", "/metrics", get_metrics, Access.OPEN),
)

SURFACE = Surface(
    name="operations",
    prefixes=(),
    exact=("/healthz", "/readyz", "/metrics"),
    dialect=OperationsDialect(),
    routes=ROUTES,
    documented=False,
)
