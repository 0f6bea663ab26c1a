"""Reading the body of a request to /api/v1: JSON, or a form of texts as older clients send one."""

from starlette.requests import Request

from clerestory.kernel.errors import NotAcceptable
from clerestory.platform.http.body import form_of, json_object

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def json_body(request: Request) -> dict[str, object]:
    """The members of the body. Raises Invalid for one that cannot be read, NotAcceptable for another media type."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    # curl says that it sends a form unless it is told otherwise, whatever it sends.
    if media_type in _FORMS:
        if (await request.body()).lstrip().startswith(b"{"):
            return await json_object(request)
        form = await form_of(request)
        return {name: value for name, value in form.items() if isinstance(value, str)}
    if media_type and media_type != "application/json" and not media_type.endswith("+json"):
        raise NotAcceptable
    return await json_object(request)
