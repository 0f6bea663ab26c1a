"""Pictures made small: decoded within bounds, turned upright, and written anew without anything but their pixels.

Blocks; `Studio` has it done in a thread, one at a time, so that a process never holds two large pictures.
"""

import asyncio
import io
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_PIXELS = 40_000_000
"""A picture of more is not decoded: one of 40 million takes up to 240 MB while it is."""

_FORMATS = {"jpg": "JPEG", "jpeg": "JPEG", "gif": "GIF", "png": "PNG", "bmp": "BMP", "tiff": "TIFF"}
# TIFF is known by its header alone: its many codecs are not let loose on what strangers send.
_DECODED = ("JPEG", "GIF", "PNG", "BMP")
_BROKEN = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    OSError,
    ValueError,
    SyntaxError,  # Pillow's word for a broken PNG
    EOFError,
    IndexError,
)


class NoPicture(Exception):
    """It cannot be decoded, or has too many pixels."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was made here."""

    content: bytes
    extension: str
    media_type: str


def is_picture(file: BinaryIO, extension: str) -> bool:
    """Whether the file begins as a picture of this kind."""
    try:
        file.seek(0)
        with Image.open(file, formats=[_FORMATS[extension]]):
            return True
    except _BROKEN:
        return False


def small(file: BinaryIO, edge: int) -> Picture:
    """The picture with no edge longer than this; a smaller one stays as large as it is. Raises NoPicture."""
    try:
        file.seek(0)
        with Image.open(file, formats=_DECODED) as image:
            if image.width * image.height > MOST_PIXELS:
                raise NoPicture
            # A JPEG is decoded no larger than it need be.
            image.draft(None, (edge * 2, edge * 2))
            upright = ImageOps.exif_transpose(_in_bytes(image))
            upright.thumbnail((edge, edge))
            return _written(upright)
    except _BROKEN as error:
        raise NoPicture from error


def _in_bytes(image: Image.Image) -> Image.Image:
    """A picture of 16 bits a dot with 8, where nothing else can be done with it."""
    deep = image.mode[:1] in ("I", "F")
    return image.convert("F").point(lambda light: light * (1 / 256)).convert("L") if deep else image


def _written(image: Image.Image) -> Picture:
    """With its pixels alone: place and time of a photograph, comments and profiles stay behind."""
    clear = image.has_transparency_data
    pixels = image.convert("RGBA" if clear else "RGB")
    pixels.info.clear()
    out = io.BytesIO()
    if clear:
        pixels.save(out, "PNG")
        return Picture(out.getvalue(), "png", "image/png")
    pixels.save(out, "JPEG", quality=85)
    return Picture(out.getvalue(), "jpg", "image/jpeg")


class Studio:
    """The one place of a process where pictures are made."""

    def __init__(self) -> None:
        self._one = asyncio.Semaphore(1)

    async def small(self, content: bytes, edge: int) -> Picture:
        """The picture made small, beside everything else. Raises NoPicture."""
        async with self._one:
            return await asyncio.to_thread(small, io.BytesIO(content), edge)
