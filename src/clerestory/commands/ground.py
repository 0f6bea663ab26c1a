"""What a command stands on: what was set, a PostgreSQL that runs, the server's secret, tables of this version."""

import asyncio
import gc
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from clerestory import app
from clerestory.commands.failure import Failed
from clerestory.commands.telling import Progress
from clerestory.platform.database import Database
from clerestory.platform.database.embedded import Embedded, make_folder
from clerestory.platform.observe import logs
from clerestory.platform.tokens import Vault
from clerestory.platform.tokens.mark import require_known_secret
from clerestory.platform.tokens.vault import MIN_SECRET_BYTES, new_server_secret
from clerestory.settings.environment import read
from clerestory.settings.installation import Installation, Settings


@dataclass(frozen=True, slots=True)
class Ground:
    """A database that answers and what a process on it needs to know; `embedded` when it is our own."""

    installation: Installation
    settings: Settings
    embedded: Embedded | None = None


def installation_with(options: Mapping[str, object]) -> Installation:
    """What the environment and the options say; logs are written as they say from here on."""
    installation = read(os.environ, options)
    logs.configure(installation.log)
    gc.enable()
    return installation


@contextmanager
def standing(installation: Installation, progress: Progress) -> Iterator[Ground]:
    """The ground, for the block: the operator's database, or the data folder's, joined when it runs and else started.

    Call it in the main thread. Raises EmbeddedError or Failed.
    """
    if installation.database_url is not None:
        settings = installation.settings(installation.database_url, secret_of(installation))
        yield Ground(installation, settings)
        return
    embedded = Embedded(installation.embedded)
    try:
        url = embedded.start(progress)
        yield Ground(installation, installation.settings(url, secret_of(installation)), embedded)
    finally:
        embedded.stop()


@contextmanager
def prepared(options: Mapping[str, object], *, made_before: bool = True) -> Iterator[Ground]:
    """The ground for these options, with its tables brought to this version, for the block.

    Raises Failed when there is no database yet, unless it need not have been `made_before`.
    """
    progress = Progress()
    installation = installation_with(options)
    if made_before:
        require_made(installation)
    with standing(installation, progress) as ground:
        prepare(ground, progress)
        yield ground


def require_made(installation: Installation) -> None:
    """Raises Failed where there is no database yet: a mistyped folder must not look like an empty installation."""
    if installation.database_url is None and not installation.embedded.pgdata.exists():
        folder = installation.data_dir.absolute()
        advice = "Choose the data folder by --data-dir, or make a new one by `clerestory serve`."
        raise Failed(f"There is no database in {folder} yet. {advice}")


def prepare(ground: Ground, progress: Progress) -> None:
    """Makes the database ready: tables, queue, the secret's mark, the demonstration data once. Does what is missing."""
    asyncio.run(_prepare(ground, progress))


async def _prepare(ground: Ground, progress: Progress) -> None:
    database = await Database.open(replace(ground.settings.database, pool_min=1, pool_max=8))
    try:
        await app.prepare(database, app.OWNERS, progress)
        await require_known_secret(database, Vault(ground.settings.vault))
        if ground.installation.demo:
            await app.demonstrate(database, once=True)
    finally:
        await database.close()


def secret_of(installation: Installation) -> str:
    """The server's secret: what was set, else the data folder's, made there when it is the first start."""
    secret = installation.secret or _kept_secret(installation.data_dir)
    if len(secret.encode()) < MIN_SECRET_BYTES:
        raise Failed(f"The server's secret needs at least {MIN_SECRET_BYTES} bytes: set CLERESTORY_SECRET to more.")
    return secret


def _kept_secret(folder: Path) -> str:
    path = folder / "secret"
    make_folder(folder)
    if not path.exists():
        # Whole or not there, and the first of two that start at once wins.
        fresh = folder / f"secret.{os.getpid()}"
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(new_server_secret() + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()
