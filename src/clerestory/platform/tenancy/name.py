"""How a tenant is named after the e-mail address of who registers it. Pure: the digits come from the caller.

The client name keeps the local part as it was typed; the schema name is what PostgreSQL takes without surprises.
"""

import re
import unicodedata
from dataclasses import dataclass

from clerestory.platform.database import Schema, schema_name

DIGITS = 6
_LONGEST = 63 - len("_") - DIGITS
_OTHER = re.compile(r"[^a-z0-9_]+")


@dataclass(frozen=True, slots=True)
class TenantName:
    """Both names of one tenant; they end in the same digits."""

    client: str
    schema: Schema


def tenant_name(email: str, digits: str) -> TenantName:
    """The names for this address with these six digits. Source: dialects/workspace.md, Names.

    Two addresses may give one schema name: whether it is free, only the database can say.
    """
    if not (len(digits) == DIGITS and digits.isascii() and digits.isdigit()):
        raise ValueError(f"{digits!r} are not {DIGITS} digits")
    local = email.rpartition("@")[0]
    return TenantName(f"{local}_{digits}", schema_name(f"{_identifier(local)}_{digits}"))


def _identifier(local: str) -> str:
    """The local part as the beginning of an identifier: 1 to 56 characters of [a-z0-9_]."""
    plain = unicodedata.normalize("NFKD", local).encode("ascii", "ignore").decode().lower()
    stem = _OTHER.sub("_", plain).strip("_") or "client"
    # A leading digit would need quotes everywhere; names that begin with `pg_` belong to PostgreSQL, and so would `pg`.
    if stem[0].isdigit() or f"{stem}_".startswith("pg_"):
        stem = f"t_{stem}"
    return stem[:_LONGEST].rstrip("_")
