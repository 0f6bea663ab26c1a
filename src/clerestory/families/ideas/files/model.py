"""A file as a value, what names and types are taken, and when a thumbnail is made. Its bytes are not looked at here."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from uuid import UUID

MIB = 1024 * 1024
LONGEST_NAME = 200
LARGEST_EDGE = 1024


@dataclass(frozen=True, slots=True)
class File:
    """A file of what `owner` names."""

    uuid: UUID
    owner: UUID
    extension: str
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Filed:
    """A file, what kind of owner it has, and where its bytes lie."""

    file: File
    grouping: str
    size_bytes: int
    stored: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A file whose bytes are stored, and which no row names yet."""

    stored: str
    name: str
    extension: str
    media_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Rule:
    """Which files are taken: under what names of parameters, of which extensions, how many and how long."""

    parameter: re.Pattern[str]
    extensions: frozenset[str]
    refusal: str
    files: int
    file_bytes: int


MEDIA_TYPES: Mapping[str, str] = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "png": "image/png",
    "bmp": "image/bmp",
    "tiff": "image/tiff",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
    "csv": "text/csv",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "7z": "application/x-7z-compressed",
    "swf": "application/x-shockwave-flash",
    "wav": "audio/wav",
    "avi": "video/x-msvideo",
    "wmv": "video/x-ms-wmv",
    "mov": "video/quicktime",
    "flv": "video/x-flv",
    "m4v": "video/x-m4v",
    "mp4": "video/mp4",
    "mpg": "video/mpeg",
}
"""Every extension that is taken anywhere, and what it is served as."""

PICTURES = frozenset({"jpg", "jpeg", "gif", "png", "bmp"})
"""Those that a browser shows, and that thumbnails are made of."""

ATTACHMENTS = Rule(
    re.compile(r"attachments?(\d*|\[\d*\])", re.IGNORECASE),
    frozenset(MEDIA_TYPES),
    "Attachment must be in JPG,GIF,BMP,PNG,JPEG,DOC,DOCX,XLS,XLSX,PPT,PPTX,PDF,AVI,WMV,MOV,SWF,ZIP,RAR,CSV,FLV,7Z,WAV,"
    "TIFF,M4V,MOV,MP4,MPG format",
    files=10,
    file_bytes=7 * MIB,
)
OF_COMMENT = replace(ATTACHMENTS, files=1)
PHOTO = Rule(
    re.compile("photo", re.IGNORECASE),
    frozenset({"jpg", "jpeg", "gif", "png"}),
    "Attachment must be in JPG,GIF,PNG,JPEG format",
    files=1,
    file_bytes=MIB,
)


def name_of(given: str) -> str:
    """The name to keep of one that a client gave: no folder, no sign that cannot be seen, not too long."""
    last = re.split(r"[/\\]", given)[-1]
    seen = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip(" .")
    if len(seen) <= LONGEST_NAME:
        return seen
    ending = PurePosixPath(seen).suffix[:10]
    return seen[: LONGEST_NAME - len(ending)] + ending


def extension_of(name: str) -> str:
    """The extension in lower case without its dot; empty where there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def edge_of(text: str | None) -> int | None:
    """How large a thumbnail `thumb_size` asks for; None: for none. Too large is brought in."""
    digits = (text or "").strip()
    if not (digits.isascii() and digits.isdigit()) or int(digits[:9]) == 0:
        return None
    return min(int(digits[:9]), LARGEST_EDGE)
