"""Pictures made small: within bounds, upright, with nothing but their pixels; what is no picture is refused."""

import asyncio
import io
import struct
import time
import zlib

import pytest
from PIL import Image
from PIL.ExifTags import Base

from clerestory.families.ideas.files.images import MOST_PIXELS, NoPicture, Studio, small
from tests.families.ideas.uploads import picture


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize(
    ("size", "edge", "made"),
    [((400, 200), 100, (100, 50)), ((200, 400), 100, (50, 100)), ((40, 20), 100, (40, 20)), ((1000, 1), 100, (100, 1))],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP"])
def test_no_edge_is_longer_and_none_is_stretched(
    kind: str, size: tuple[int, int], edge: int, made: tuple[int, int]
) -> None:
    found = small(io.BytesIO(picture(kind, size)), edge)
    assert (opened(found.content).size, found.extension, found.media_type) == (made, "jpg", "image/jpeg")


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "CMYK", "I;16"])
def test_any_way_of_colours_is_made_one_of_two(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    more = {"transparency": 0} if mode == "P" else {}
    source = io.BytesIO()
    Image.new(mode, (40, 20)).save(source, kind, **more)
    found = small(source, 10)
    clear = mode in ("RGBA", "LA", "P")
    assert (found.media_type, opened(found.content).mode) == (("image/png", "RGBA") if clear else ("image/jpeg", "RGB"))


def test_a_photograph_is_upright_and_does_not_tell_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[Base.Orientation] = 6
    exif[Base.Make] = "secretcamera"
    content = picture("JPEG", (40, 20), exif=exif, comment=b"secretword", icc_profile=b"secretprofile")
    assert content.count(b"secret") == 3
    found = small(io.BytesIO(content), 40)
    assert (opened(found.content).size, b"secret" in found.content) == ((20, 40), False)
    assert not opened(found.content).getexif()


def test_of_a_picture_that_moves_the_first_is_shown() -> None:
    frames = [Image.new("RGB", (10, 10), colour) for colour in ("red", "blue")]
    source = io.BytesIO()
    frames[0].save(source, "GIF", save_all=True, append_images=frames[1:])
    shown = opened(small(source, 10).content).convert("RGB").getpixel((5, 5))
    assert isinstance(shown, tuple)
    assert shown[0] > 200 > shown[2]


def claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it has so many pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(MOST_PIXELS // 1000 + 1, 1000), (10_000, 10_000), (60_000, 60_000), (2**31 - 1, 1)])
def test_a_picture_that_would_not_fit_into_memory_is_not_decoded(size: tuple[int, int]) -> None:
    begun = time.monotonic()
    with pytest.raises(NoPicture):
        small(io.BytesIO(claiming(*size)), 100)
    assert time.monotonic() - begun < 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        picture("PNG")[:60],
        picture("JPEG")[:200],
        picture("TIFF"),
        picture("ICO"),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        claiming(0, 0),
        claiming(5, 5),
    ],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(NoPicture):
        small(io.BytesIO(content), 100)


async def test_one_is_made_at_a_time_and_others_go_on() -> None:
    studio, content = Studio(), picture("PNG", (3000, 3000))
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.001)
            ticks += 1

    ticking = asyncio.create_task(tick())
    made = await asyncio.gather(*(studio.small(content, 10) for _ in range(3)))
    ticking.cancel()
    assert [opened(one.content).size for one in made] == [(10, 10)] * 3
    assert ticks > 10
