"""Where files are kept, and whether this user can write there: a small file is written and removed again."""

import os
from pathlib import Path

from clerestory.commands.examine.finding import Finding, Level
from clerestory.kernel.errors import Problem
from clerestory.platform.storage import Files
from clerestory.settings.installation import Installation

_SUBJECT = "files"


async def storage(installation: Installation) -> Finding:
    """The one place."""
    files = Files.of(installation.storage)
    if installation.storage.scheme == "file" and (unmade := _unmade(Path(files.place))) is not None:
        return unmade
    try:
        await files.probe()
    except Problem as problem:
        text = f"{files.place} cannot be written: {problem.__cause__}"
        return Finding(_SUBJECT, Level.ERROR, text, "Mend its rights, or set CLERESTORY_STORAGE_URL and its keys.")
    return Finding(_SUBJECT, Level.OK, f"in {files.place}; a back-up needs them too")


def _unmade(folder: Path) -> Finding | None:
    """A folder is made by whoever writes first: by the server's own user, and not by the one who looks."""
    if folder.exists():
        return None
    above = next(one for one in folder.parents if one.exists())
    if above.is_dir() and os.access(above, os.W_OK | os.X_OK):
        return Finding(_SUBJECT, Level.NOTE, f"{folder} is not there yet", "The first file makes it.")
    text = f"{folder} cannot be made by this user"
    return Finding(
        _SUBJECT, Level.ERROR, text, "Mend the rights of the folder above it, or set CLERESTORY_STORAGE_URL."
    )
