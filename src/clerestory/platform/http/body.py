"""Reading the body of a request: a JSON object, or a form."""

from typing import Any

import msgspec
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from clerestory.kernel.errors import Fault, Invalid, Kind


async def json_object(request: Request) -> dict[str, Any]:
    """The body as a JSON object, whatever its header says; an empty body is an empty object. Raises Invalid."""
    body = await request.body()
    if not body.strip():
        return {}
    try:
        parsed = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(Fault(None, Kind.UNPARSEABLE, "The body is no valid JSON.")) from error
    if not isinstance(parsed, dict):
        raise Invalid(Fault(None, Kind.UNPARSEABLE, "The body is no JSON object."))
    return parsed


async def form_of(request: Request) -> FormData:
    """The body as a form, URL-encoded or in parts. Raises Invalid for one that is broken off or has too many parts."""
    # Read whole first, so that whoever comes next may read it too, as a form or as it came.
    await request.body()
    try:
        return await request.form()
    except (MultiPartException, HTTPException) as error:
        raise Invalid(Fault(None, Kind.UNPARSEABLE, "The body is no valid form.")) from error
