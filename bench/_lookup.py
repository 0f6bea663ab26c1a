"""The peer of `bench.bots`: `clerestory serve` with one path more, which looks a record up by its key and answers it.

Nothing else is taken away or added: the same application under the same uvicorn. No credential is looked at.
"""

from starlette.requests import Request
from starlette.responses import Response

from clerestory import app
from clerestory.commands.program import main
from clerestory.kernel.errors import NotFound
from clerestory.platform.database.migration import Owner
from clerestory.platform.http import Access, Family, Route, Surface
from clerestory.platform.http.operations.dialect import OperationsDialect
from clerestory.platform.tenancy import Scope

NAME = "lookup"
SQL = "SELECT body FROM bench.record WHERE key = {key}"
"""The one statement; pgbench runs it too."""


async def get_record(scope: Scope, request: Request) -> Response:
    """The record as the JSON text that it is. Raises NotFound."""
    body = await scope.database.direct().value(SQL.format(key=":key"), key=request.path_params["key"])
    if body is None:
        raise NotFound
    return Response(body, media_type="application/json")


SURFACE = Surface(
    name=NAME,
    prefixes=(f"/{NAME}",),
    dialect=OperationsDialect(),
    routes=(Route("GET", f"/{NAME}/{{key}}", get_record, Access.OPEN),),
    documented=False,
)

if __name__ == "__main__":
    app.FAMILIES = (*app.FAMILIES, Family(NAME, (SURFACE,), Owner(NAME)))
    main()
