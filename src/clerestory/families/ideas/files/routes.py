"""ideaAttachment: CREATE, DELETE. profileImage: CREATE, DELETE. file: GET."""

from starlette.responses import Response

from clerestory.families.ideas.calling import Asked, api
from clerestory.families.ideas.files import attach, photo, serve
from clerestory.families.ideas.files.model import PHOTO
from clerestory.families.ideas.files.wire import (
    AttachmentForm,
    AttachmentsAnswer,
    FileAnswer,
    FileQuery,
    FormatQuery,
    PhotoForm,
)
from clerestory.families.ideas.members import look
from clerestory.families.ideas.members.wire import MemberAnswer
from clerestory.families.ideas.wire import Done
from clerestory.kernel.errors import Invalid, NotFound, Unauthenticated
from clerestory.platform.http import Access, Route, Uploads


async def post_attachment(asked: Asked) -> AttachmentsAnswer:
    return AttachmentsAnswer(await attach.to_idea(asked, asked.parameters.required_guid("idea_id")))


async def delete_attachment(asked: Asked) -> Done:
    await attach.detach(asked, asked.uuid)
    return Done()


async def post_photo(asked: Asked) -> MemberAnswer:
    member = asked.parameters.required_guid("member_id")
    await photo.replace(asked, member)
    return MemberAnswer(await look.one(asked, member, frozenset()))


async def delete_photo(asked: Asked) -> Done:
    await photo.withdraw(asked, asked.uuid)
    return Done()


async def get_file(asked: Asked) -> FileAnswer | Response:
    return await serve.read(asked)


_ASKED = (Invalid, Unauthenticated, NotFound)

ROUTES = (
    Route(
        "POST",
        "/api3/ideaAttachment",
        api(post_attachment),
        Access.NAMED,
        "Attaches files to an idea",
        request=AttachmentForm,
        response=AttachmentsAnswer,
        query=FormatQuery,
        problems=_ASKED,
        uploads=attach.ATTACHED,
    ),
    Route(
        "DELETE",
        "/api3/ideaAttachment/{id}",
        api(delete_attachment),
        Access.NAMED,
        "Removes an attachment",
        response=Done,
        query=FormatQuery,
        problems=_ASKED,
    ),
    Route(
        "POST",
        "/api3/profileImage",
        api(post_photo),
        Access.NAMED,
        "Sets a member's image",
        request=PhotoForm,
        response=MemberAnswer,
        query=FormatQuery,
        problems=_ASKED,
        uploads=Uploads(PHOTO.files, PHOTO.file_bytes),
    ),
    Route(
        "DELETE",
        "/api3/profileImage/{id}",
        api(delete_photo),
        Access.NAMED,
        "Removes a member's image",
        response=Done,
        query=FormatQuery,
        problems=_ASKED,
    ),
    Route(
        "GET",
        "/api3/file/{id}",
        api(get_file),
        Access.NAMED,
        "What is known of a file; with `format=binary` its bytes, with `thumb_size` a picture made small",
        response=FileAnswer,
        query=FileQuery,
        problems=_ASKED,
    ),
)
