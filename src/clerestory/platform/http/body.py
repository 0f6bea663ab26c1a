"""Reading a JSON body into a Struct, with a fault for every field and not for the first alone."""

from typing import Any

import msgspec
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
