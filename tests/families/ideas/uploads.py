"""Files of every kind as clients send them, and a look at what is stored."""

import io
import zipfile
from typing import Any

import httpx
from PIL import Image

from clerestory.platform.storage import Files
from tests.fixtures.tenants import TestTenant

Part = tuple[str, tuple[str, bytes, str]]


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red").save(out, kind, **more)
    return out.getvalue()


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            file.writestr(name, "<x/>")
    return out.getvalue()


OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
CONTENTS: dict[str, bytes] = {
    "jpg": picture(),
    "jpeg": picture(),
    "gif": picture("GIF"),
    "png": picture("PNG"),
    "bmp": picture("BMP"),
    "tiff": picture("TIFF"),
    "doc": OFFICE,
    "docx": archive("[Content_Types].xml", "word/document.xml"),
    "xls": OFFICE,
    "xlsx": archive("[Content_Types].xml", "xl/workbook.xml"),
    "ppt": OFFICE,
    "pptx": archive("[Content_Types].xml", "ppt/presentation.xml"),
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
    "csv": "Ärger;1\n".encode(),
    "zip": archive("a.txt"),
    "rar": b"Rar!\x1a\x07\x01\x00abc",
    "7z": b"7z\xbc\xaf\x27\x1c\x00\x04",
    "swf": b"FWS\x09\x00\x00",
    "wav": b"RIFF\x24\x00\x00\x00WAVEfmt ",
    "avi": b"RIFF\x24\x00\x00\x00AVI LIST",
    "wmv": bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + b"\0" * 20,
    "mov": b"\0\0\0\x14ftypqt  \0\0\0\0qt  ",
    "flv": b"FLV\x01\x05\x00\x00\x00\x09",
    "m4v": b"\0\0\0\x1cftypM4V \0\0\0\x01",
    "mp4": b"\0\0\0\x18ftypiso5\0\0\x02\0",
    "mpg": b"\0\0\x01\xba\x44\0\x04\0",
}
"""One of every kind that is taken."""


def part(name: str, filename: str, content: bytes, media_type: str = "application/octet-stream") -> Part:
    return name, (filename, content, media_type)


async def stored(tenant: TestTenant) -> list[str]:
    """The names of what lies in the tenant's place for files."""
    shelf = tenant.scope.part(Files).shelf(tenant.tenant.id, "ideas")
    return sorted([one.name async for one in shelf.names()])


async def named(tenant: TestTenant) -> list[str]:
    """The names that rows tell of."""
    return sorted(await tenant.scope.direct().values("SELECT stored FROM tenant.ideas_file"))


async def post(client: httpx.AsyncClient, headers: dict[str, str], idea: object, *parts: Part) -> httpx.Response:
    fields = {"idea_id": str(idea)}
    return await client.post("/api3/ideaAttachment", headers=headers, data=fields, files=list(parts))
