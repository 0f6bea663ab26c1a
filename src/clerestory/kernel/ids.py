"""Identifiers and secrets that cannot be guessed, all from the operating system's source."""

import secrets
import uuid


def new_key() -> str:
    """An API key: UUID version 4 as text, as clients' configurations hold it."""
    return str(uuid.uuid4())


def new_secret() -> str:
    """128 random bits as 22 URL-safe characters: log keys, links, session tokens."""
    return secrets.token_urlsafe(16)


def new_digits(count: int) -> str:
    """`count` random decimal digits, leading zeros kept."""
    return f"{secrets.randbelow(10**count):0{count}d}"


def new_reference() -> str:
    """A short reference that a person can read out: it finds one line in the log."""
    return secrets.token_hex(6)
