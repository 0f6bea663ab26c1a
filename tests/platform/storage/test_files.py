"""The interface, on a folder and on a bucket alike: whole or not at all, within bounds, each tenant by itself."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from clerestory.kernel.errors import Absent, TooLarge
from clerestory.platform.storage import Stored
from tests.platform.storage.places import PART, PIECE, Place, content, pieces, whole

MANY = 2 * PART // len(PIECE) + 3  # more than two parts of a bucket


async def test_what_is_stored_is_read_again(place: Place) -> None:
    shelf = place.files.shelf(5, "ideas")
    assert await shelf.put("a-1.jpg", content(b"fan", b"s"), most=10) == 4
    assert place.lies() == ["5/ideas/a-1.jpg"]
    assert await shelf.size("a-1.jpg") == 4
    assert await whole(shelf.read("a-1.jpg")) == b"fans"


async def test_an_empty_file_is_a_file(place: Place) -> None:
    shelf = place.files.shelf(5, "ideas")
    assert await shelf.put("empty", content(), most=10) == 0
    assert (place.lies(), await shelf.size("empty"), await whole(shelf.read("empty"))) == (["5/ideas/empty"], 0, b"")


async def test_a_long_file_comes_and_goes_in_pieces(place: Place) -> None:
    shelf = place.files.shelf(5, "ideas")
    assert await shelf.put("long", pieces(MANY), most=2**30) == MANY * len(PIECE)
    read = [len(piece) async for piece in shelf.read("long")]
    assert (sum(read), max(read) < 2**20) == (MANY * len(PIECE), True)
    assert await whole(shelf.read("long")) == PIECE * MANY


@pytest.mark.parametrize(("start", "stop"), [(0, 1), (3, 9), (len(PIECE) - 2, len(PIECE) + 2), (5, None)])
async def test_a_part_is_read(place: Place, start: int, stop: int | None) -> None:
    shelf = place.files.shelf(5, "ideas")
    await shelf.put("two", pieces(2), most=2**20)
    assert await whole(shelf.read("two", start, stop)) == (PIECE * 2)[start:stop]


async def test_a_file_is_replaced_whole(place: Place) -> None:
    shelf = place.files.shelf(5, "ideas")
    await shelf.put("one", content(b"a long first"), most=20)
    await shelf.put("one", content(b"second"), most=20)
    assert await whole(shelf.read("one")) == b"second"


@pytest.mark.parametrize("count", [1, MANY])
async def test_more_than_is_allowed_leaves_nothing(place: Place, count: int) -> None:
    shelf = place.files.shelf(5, "ideas")
    with pytest.raises(TooLarge):
        await shelf.put("long", pieces(count), most=count * len(PIECE) - 1)
    assert place.lies() == []


@pytest.mark.parametrize("count", [1, MANY])
async def test_a_source_that_fails_leaves_what_was_there(place: Place, count: int) -> None:
    shelf = place.files.shelf(5, "ideas")
    await shelf.put("one", content(b"first"), most=20)
    with pytest.raises(ConnectionError):
        await shelf.put("one", pieces(count, failing=ConnectionError()), most=2**30)
    assert place.lies() == ["5/ideas/one"]
    assert await whole(shelf.read("one")) == b"first"


async def test_a_put_that_is_cancelled_leaves_nothing(place: Place) -> None:
    begun = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield PIECE
        begun.set()
        await asyncio.Event().wait()

    putting = asyncio.create_task(place.files.shelf(5, "ideas").put("one", endless(), most=2**30))
    await begun.wait()
    putting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await putting
    assert place.lies() == []


async def test_what_is_not_there_is_absent_and_may_be_deleted(place: Place) -> None:
    shelf = place.files.shelf(5, "ideas")
    with pytest.raises(Absent):
        await shelf.size("none")
    with pytest.raises(Absent):
        await whole(shelf.read("none"))
    await shelf.delete("none")


async def test_each_family_of_each_tenant_has_its_own(place: Place) -> None:
    for tenant, family in ((5, "ideas"), (5, "reports"), (55, "ideas")):
        await place.files.shelf(tenant, family).put("one", content(f"{tenant} {family}".encode()), most=20)
    shelf = place.files.shelf(5, "ideas")
    assert await whole(shelf.read("one")) == b"5 ideas"
    assert [one async for one in shelf.names()] == [Stored("one", place.modified("5/ideas/one"))]
    await shelf.delete("one")
    assert place.lies() == ["5/reports/one", "55/ideas/one"]
    await place.files.clear(5)
    await place.files.clear(5)
    assert place.lies() == ["55/ideas/one"]


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../one", "a/b", "/etc/passwd", "a\\b", "a\0", ".hidden", "A", "ä", "a.b.c", "a" * 101, "a\n"],
)
async def test_no_name_leads_out(place: Place, name: str) -> None:
    shelf = place.files.shelf(5, "ideas")
    with pytest.raises(ValueError, match="names no file"):
        await shelf.put(name, content(b"x"), most=10)
    with pytest.raises(ValueError, match="names no file"):
        await whole(shelf.read(name))
    with pytest.raises(ValueError, match="names no family"):
        place.files.shelf(5, f"{name}/")
    assert place.lies() == []


async def test_a_probe_leaves_nothing(place: Place) -> None:
    await place.files.probe()
    assert place.lies() == []
