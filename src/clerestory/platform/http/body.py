"""Reading the body of a request: a JSON object, or a form."""

from dataclasses import replace
from typing import Any

import msgspec
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from clerestory.kernel.errors import Fault, Invalid, Kind
from clerestory.platform.http.uploads import Uploads, read_parts

UPLOADS = "clerestory.uploads"
"""Where the shell says in a request's scope what its route takes in parts, and how many bytes of fields beside."""

_READ = "clerestory.parts"


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


def is_upload(request: Request) -> bool:
    """Whether the body comes in parts that are read while they arrive."""
    in_parts = request.headers.get("content-type", "").partition(";")[0].strip().lower() == "multipart/form-data"
    return in_parts and UPLOADS in request.scope


def allow_upload(request: Request, uploads: Uploads, fields: int) -> None:
    """From now on the body may have these files, and so many bytes of fields."""
    request.scope[UPLOADS] = (uploads, fields)


def narrow_upload(request: Request) -> None:
    """From now on the body may have one file's bytes, in however many files."""
    uploads, fields = request.scope[UPLOADS]
    request.scope[UPLOADS] = (replace(uploads, body_bytes=uploads.file_bytes), fields)


def bound_of(request: Request, otherwise: int) -> int:
    """How many bytes the body may have."""
    if not is_upload(request):
        return otherwise
    uploads, fields = request.scope[UPLOADS]
    most: int = uploads.most_bytes + fields
    return most


async def close_form(request: Request) -> None:
    """Removes the files of a form that was read."""
    await request.close()
    if _READ in request.scope:
        await request.scope[_READ].close()


async def form_of(request: Request) -> FormData:
    """The body as a form, URL-encoded or in parts. Raises Invalid for one that is broken off or has too many parts."""
    if is_upload(request):
        if _READ not in request.scope:
            uploads, fields = request.scope[UPLOADS]
            request.scope[_READ] = await read_parts(request, uploads, fields)
        parts: FormData = request.scope[_READ]
        return parts
    # Read whole first, so that whoever comes next may read it too, as a form or as it came.
    await request.body()
    try:
        return await request.form()
    except (MultiPartException, HTTPException) as error:
        raise Invalid(Fault(None, Kind.UNPARSEABLE, "The body is no valid form.")) from error
