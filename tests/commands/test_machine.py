"""What the doctor says of a data folder, before anything is started in it."""

from pathlib import Path

from clerestory.commands.examine.finding import Level
from clerestory.commands.examine.machine import machine
from clerestory.settings.environment import read


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
