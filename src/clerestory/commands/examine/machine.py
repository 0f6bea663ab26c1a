"""This machine: the interpreter, the data folder, the secret, PostgreSQL's programs, how the server is reached."""

import os
import platform
import pwd
import shutil
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from clerestory.commands.examine.finding import Finding, Level
from clerestory.platform.database.embedded import EmbeddedError, choose_account, find_binaries
from clerestory.platform.tokens.vault import MIN_SECRET_BYTES
from clerestory.settings.installation import Installation
from clerestory.settings.variables import VARIABLES

_LITTLE_SPACE = 1024**3
_NOBODY = "nobody"
_HERE = ("127.0.0.1", "localhost", "::1")


def machine(installation: Installation) -> Iterator[Finding]:
    """Everything that can be said without a database and without a network."""
    yield Finding("version", Level.OK, f"Clerestory {version('clerestory')}, Python {platform.python_version()}")
    yield _settings(installation)
    yield _data_folder(installation.data_dir)
    yield _secret(installation)
    if installation.database_url is None:
        yield _programs(installation)
        yield from _postgres_user(installation)
    yield from _address(installation)


def _settings(installation: Installation) -> Finding:
    """What differs from its default; of a secret only that it is set."""
    changed = [
        f"{one.variable}={'[set]' if one.secret else installation.values[one.name]}"
        for one in VARIABLES
        if one.group != "Commands" and installation.values[one.name] != one.value
    ]
    return Finding("settings", Level.OK, ", ".join(changed) or "all as they come")


def _data_folder(folder: Path) -> Finding:
    above = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        why = "is no folder" if not above.is_dir() else "cannot be written by this user"
        return Finding("data folder", Level.ERROR, f"{above} {why}", "Name another by --data-dir, or mend its rights.")
    if not folder.exists():
        return Finding("data folder", Level.NOTE, f"{folder} is not there yet", "`clerestory serve` makes it.")
    owner = folder.stat().st_uid
    free = shutil.disk_usage(folder).free
    text = f"{folder.absolute()}, of {_name(owner)}, {free / 1024**3:.1f} GB free"
    if free < _LITTLE_SPACE:
        return Finding("data folder", Level.WARNING, text, "Free some space: a full disk stops PostgreSQL.")
    if folder.stat().st_mode & 0o077:
        return Finding("data folder", Level.WARNING, f"{text}; others may look into it", f"chmod 700 {folder}")
    return Finding("data folder", Level.OK, text)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user number {uid}"


def _secret(installation: Installation) -> Finding:
    path = installation.data_dir / "secret"
    if installation.secret is not None:
        if len(installation.secret.encode()) < MIN_SECRET_BYTES or len(set(installation.secret)) < 10:
            advice = "Set at least 32 random characters: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            return Finding("secret", Level.ERROR, "CLERESTORY_SECRET can be guessed", advice)
        return Finding("secret", Level.OK, "from CLERESTORY_SECRET")
    if not path.exists():
        return Finding("secret", Level.NOTE, f"{path} is not there yet", "`clerestory serve` makes it.")
    if path.stat().st_mode & 0o077:
        return Finding("secret", Level.ERROR, f"others may read {path}", f"chmod 600 {path}")
    if installation.database_url is not None:
        advice = "With a database of your own every server needs the same secret: set CLERESTORY_SECRET on all."
        return Finding("secret", Level.WARNING, f"only in {path} of this machine", advice)
    return Finding("secret", Level.OK, f"in {path}; a back-up needs it too")


def _programs(installation: Installation) -> Finding:
    try:
        found = find_binaries(installation.embedded.binaries)
    except EmbeddedError as error:
        return Finding("PostgreSQL", Level.ERROR, error.problem, error.advice)
    return Finding("PostgreSQL", Level.OK, f"{found.major}, embedded, from {found.folder}")


def _postgres_user(installation: Installation) -> Iterator[Finding]:
    """Whoever is that user on this machine may enter the database; nothing to tell unless root hands it to another."""
    if os.geteuid() != 0:
        return
    pgdata = installation.embedded.pgdata
    try:
        name = choose_account(pgdata, installation.embedded.user).name
    except EmbeddedError as error:
        yield Finding("PostgreSQL's user", Level.ERROR, error.problem, error.advice)
        return
    if name != _NOBODY:
        yield Finding("PostgreSQL's user", Level.OK, name)
        return
    advice = "Make a user for it alone: useradd --system clerestory"
    if pgdata.exists():
        advice += f", and while no server runs: chown -R clerestory {pgdata}"
    text = f"{name}, as whom other services run too: they could enter the database"
    yield Finding("PostgreSQL's user", Level.WARNING, text, advice)


def _metrics(installation: Installation) -> Iterator[Finding]:
    if installation.values["metrics_token"] is None and installation.server.host not in _HERE:
        text = "whoever reaches the server reads /metrics"
        yield Finding("metrics", Level.WARNING, text, "Set CLERESTORY_METRICS_TOKEN, or deny /metrics in the proxy.")


def _address(installation: Installation) -> Iterator[Finding]:
    server = installation.server
    yield Finding("listens on", Level.OK, f"{server.host} port {server.port}, processes: {server.workers}")
    yield from _metrics(installation)
    url = installation.public_url
    if url is None:
        # People open the links of a message on their telephones.
        level, advice = Level.NOTE, "Set CLERESTORY_PUBLIC_URL before messages go out: their links lead there."
        if server.host not in _HERE:
            level = Level.WARNING
        yield Finding("public URL", level, "not set: links lead to this machine", advice)
        return
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname not in _HERE:
        yield Finding("public URL", Level.WARNING, url, "Put a proxy with TLS in front: keys and passwords pass here.")
    elif parts.scheme == "https" and not server.trusted_proxies:
        advice = "Name the proxy in CLERESTORY_TRUSTED_PROXIES, or every visitor seems to come from it."
        yield Finding("public URL", Level.WARNING, url, advice)
    else:
        yield Finding("public URL", Level.OK, url)
