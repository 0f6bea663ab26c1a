"""What a file is by its bytes. Its name and the type that a client says are only held against it.

Pictures are opened by Pillow, documents in zip archives looked into, the rest known by puremagic from how they begin.
"""

import re
import zipfile
from typing import BinaryIO

import puremagic

from clerestory.families.ideas.files import images
from clerestory.families.ideas.files.model import PICTURES

_HEAD_BYTES = 4096
# Where each of them has its content.
_INSIDE = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
# Brands of this container are many, and new ones come.
_MPEG4 = frozenset({"mp4", "m4v", "mov"})
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def holds(file: BinaryIO, extension: str) -> bool:
    """Whether the file is what its extension says. Blocks; the file is left at its beginning."""
    try:
        return _holds(file, extension)
    finally:
        file.seek(0)


def _holds(file: BinaryIO, extension: str) -> bool:
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    if extension in PICTURES or extension == "tiff":
        return images.is_picture(file, extension)
    if extension == "csv":
        return _is_text(head)
    if extension in _INSIDE:
        return _has_inside(file, _INSIDE[extension])
    if head[4:8] == b"ftyp":
        return extension in _MPEG4
    return f".{extension}" in _begins_as(head)


def _begins_as(head: bytes) -> frozenset[str]:
    """The extensions of whatever begins so, of those that say it best."""
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return frozenset()
    best = max(one.confidence for one in found)
    return frozenset(one.extension for one in found if one.confidence == best)


def _is_text(head: bytes) -> bool:
    """Text in any encoding, and no markup: a table begins with no tag."""
    if head.startswith(_UTF16):
        return True
    return not _CONTROL.search(head) and not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _has_inside(file: BinaryIO, folder: str) -> bool:
    """Whether it is an Office document with this folder. Names alone are read, nothing is unpacked."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
    return "[Content_Types].xml" in names and any(name.startswith(folder) for name in names)
