"""Which unix user the server runs as. PostgreSQL refuses root, so root hands the server to another user.

It picks among the users that exist; it makes none.
"""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from clerestory.platform.database.embedded.errors import EmbeddedError


@dataclass(frozen=True, slots=True)
class Account:
    """The user of the server's processes and files; `dropped` when we are root and the server is not."""

    uid: int
    gid: int
    name: str
    dropped: bool


def choose(pgdata: Path, wanted: str | None) -> Account:
    """The account for the server of `pgdata`: ours; or as root the folder's owner, `wanted`, clerestory, nobody."""
    if os.geteuid() != 0:
        return _ordinary(wanted)
    owner = pgdata.stat().st_uid if pgdata.exists() else 0
    if owner != 0:
        return _account(_by_uid(owner), dropped=True)
    for name in [wanted] if wanted else ["clerestory", "nobody"]:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return _account(entry, dropped=True)
    raise EmbeddedError(
        f"PostgreSQL does not run as root, and this system has no other user {wanted or 'clerestory or nobody'}.",
        "Name an existing unprivileged user for it, or start Clerestory as an ordinary user.",
    )


def root_name() -> str:
    return pwd.getpwuid(0).pw_name


def _ordinary(wanted: str | None) -> Account:
    entry = _by_uid(os.geteuid())
    if wanted not in {None, entry.pw_name}:
        raise EmbeddedError(
            f"Only root can run PostgreSQL as another user ({wanted}).",
            f"Start as {wanted} or as root, or leave that setting out.",
        )
    return _account(entry, dropped=False)


def _by_uid(uid: int) -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedError(
            f"The user number {uid} has no name on this system, and PostgreSQL needs one.",
            "Add it to /etc/passwd, start as another user, or give a PostgreSQL of your own by --database-url.",
        ) from None


def _account(entry: pwd.struct_passwd, *, dropped: bool) -> Account:
    return Account(uid=entry.pw_uid, gid=entry.pw_gid, name=entry.pw_name, dropped=dropped)
