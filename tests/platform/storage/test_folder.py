"""What a folder alone must stand: a process killed in the middle, a full or forbidden disk; who else may look in."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from clerestory.kernel.errors import Unavailable
from clerestory.platform.storage import Files, StorageSettings
from tests.platform.storage.places import Place, content, whole

PUTTING = """
import asyncio, sys
from clerestory.platform.storage import Files, StorageSettings

async def endless():
    yield b"x" * 65536
    print("begun", flush=True)
    await asyncio.Event().wait()

asyncio.run(Files.of(StorageSettings(sys.argv[1])).shelf(5, "ideas").put("one", endless(), most=2**30))
"""


async def test_a_process_that_is_killed_leaves_what_a_listing_shows(tmp_path: Path) -> None:
    root = tmp_path / "files"
    command = [sys.executable, "-c", PUTTING, root.as_uri()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGKILL)
    shelf = Files.of(StorageSettings(root.as_uri())).shelf(5, "ideas")
    [left] = [one.name async for one in shelf.names()]
    assert left.startswith("one~")
    await shelf.delete(left)
    assert [one async for one in shelf.names()] == []


async def test_others_may_not_look_in(folder: Place, tmp_path: Path) -> None:
    await folder.files.shelf(5, "ideas").put("one", content(b"x"), most=10)
    file = tmp_path / "my files" / "5" / "ideas" / "one"
    assert [path.stat().st_mode & 0o077 for path in (file, file.parent)] == [0, 0]


async def test_a_place_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("no folder")
    files = Files.of(StorageSettings((tmp_path / "files").as_uri()))
    with pytest.raises(Unavailable):
        await files.shelf(5, "ideas").put("one", content(b"x"), most=10)
    with pytest.raises(Unavailable):
        await files.probe()


async def test_a_full_disk_is_unavailable_and_leaves_nothing(folder: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int, chunk: object) -> int:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("os.write", full)
    with pytest.raises(Unavailable):
        await folder.files.shelf(5, "ideas").put("one", content(b"x"), most=10)
    assert folder.lies() == []


async def test_a_reader_keeps_what_it_began_to_read(folder: Place) -> None:
    shelf = folder.files.shelf(5, "ideas")
    await shelf.put("one", content(b"x" * 2**20), most=2**30)
    reading = shelf.read("one")
    first = await anext(reading)
    await shelf.delete("one")
    assert first + await whole(reading) == b"x" * 2**20
