"""Files as on the wire, and the forms that bring them."""

from typing import Annotated, Literal

import msgspec

from clerestory.families.ideas.conventions.spelling import guid
from clerestory.families.ideas.files.model import File

Content = Annotated[str, msgspec.Meta(extra_json_schema={"contentMediaType": "application/octet-stream"})]


class AttachmentBody(msgspec.Struct):
    """A file that belongs to an idea, a comment or a member."""

    id: str
    reference_id: str
    extension: str
    original_filename: str
    grouping: str
    url: str
    type: str


class AttachmentsAnswer(msgspec.Struct):
    """The files that were attached."""

    attachments: list[AttachmentBody]


class FileAnswer(msgspec.Struct):
    """What is known of one file."""

    file: AttachmentBody


class AttachmentForm(msgspec.Struct):
    """Files for an idea; further ones are `attachment1`, `attachment2` and so on."""

    idea_id: str
    attachment: Content


class PhotoForm(msgspec.Struct):
    """An image for a member."""

    member_id: str
    photo: Content


class FileQuery(msgspec.Struct):
    """How a file is asked for: what is known of it, or its bytes."""

    format: Literal["json", "xml", "binary"] = "json"
    thumb_size: int | None = None


class FormatQuery(msgspec.Struct):
    """How an answer is asked for."""

    format: Literal["json", "xml"] = "json"


def to_attachment(file: File, grouping: str, files: str) -> AttachmentBody:
    """The file as it is shown; `files` is the address of /api3/file."""
    return AttachmentBody(
        id=guid(file.uuid),
        reference_id=guid(file.owner),
        extension=file.extension,
        original_filename=file.name,
        grouping=grouping,
        url=f"{files}/{guid(file.uuid)}?format=binary",
        type=file.media_type,
    )
