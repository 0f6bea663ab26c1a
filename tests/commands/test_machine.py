"""What the doctor says of a data folder, before anything is started in it."""

from pathlib import Path

from clerestory.commands.examine.finding import Level
from clerestory.commands.examine.machine import machine
from clerestory.commands.examine.storage import storage
from clerestory.settings.environment import read
from tests.standins.s3 import S3
from tests.standins.server import Answer


def _folder(path: Path) -> tuple[Level, str]:
    (finding,) = [one for one in machine(read({"CLERESTORY_DATA_DIR": str(path)})) if one.subject == "data folder"]
    return finding.level, finding.text


def test_a_folder_that_is_not_there_yet_is_no_fault(tmp_path: Path) -> None:
    assert _folder(tmp_path / "new" / "data") == (Level.NOTE, f"{tmp_path / 'new' / 'data'} is not there yet")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    assert _folder(file) == (Level.ERROR, f"{file} is no folder")
    assert _folder(file / "data") == (Level.ERROR, f"{file} is no folder")


async def test_the_place_for_files_is_tried(tmp_path: Path) -> None:
    folder = tmp_path / "my files"
    installation = read({"CLERESTORY_STORAGE_URL": folder.as_uri()})
    finding = await storage(installation)
    assert (finding.level, finding.text) == (Level.NOTE, f"{folder} is not there yet")
    folder.mkdir()
    finding = await storage(installation)
    assert (finding.level, finding.text) == (Level.OK, f"in {folder}; a back-up needs them too")
    assert list(folder.iterdir()) == []


async def test_a_place_for_files_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    for place in (file, file / "below"):
        finding = await storage(read({"CLERESTORY_STORAGE_URL": place.as_uri()}))
        assert finding.level is Level.ERROR
        assert finding.text.startswith(f"{place} cannot be ")
    with S3() as s3:
        s3.script(Answer(403, "<Error><Code>AccessDenied</Code></Error>"))
        keys = {"CLERESTORY_STORAGE_ACCESS_KEY": "k", "CLERESTORY_STORAGE_SECRET_KEY": "hidden"}
        installation = read({"CLERESTORY_STORAGE_URL": "s3://files", "CLERESTORY_STORAGE_ENDPOINT": s3.url, **keys})
        refused, served = await storage(installation), await storage(installation)
    assert (refused.level, served.level, "hidden" in refused.text) == (Level.ERROR, Level.OK, False)
