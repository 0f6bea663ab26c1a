"""Passwords: which ones are taken, how they are kept (argon2id), and whether one is right. None is ever logged."""

import asyncio
import re
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from clerestory.kernel.errors import Fault, Kind

T = TypeVar("T")

MIN_CHARACTERS = 8
MAX_BYTES = 1024

# One character, or a short pattern, again and again: `aaaaaaaa`, `abcabcabc`.
_REPEATED = re.compile(r"(.{1,4}?)\1+")
_AFTER_THE_WORD = "0123456789!?.,-_*#$@ "


@dataclass(frozen=True, slots=True)
class PasswordCost:
    """What one hash costs, and how many are computed at once. The defaults take about 20 ms of one core."""

    passes: int = 2
    memory_kib: int = 19 * 1024
    lanes: int = 1
    at_once: int = 2


def password_faults(password: str, field: str = "password") -> list[Fault]:
    """Everything that the policy has against this password; empty when it is taken.

    At least 8 characters, at most 1,024 bytes, no NUL, no common one, not digits alone.
    Source: dialects/workspace.md, Passwords.
    """
    if "\0" in password or len(_bytes(password)) > MAX_BYTES:
        return [Fault(field, Kind.INVALID, f"A password has at most {MAX_BYTES} bytes, and none of them is zero.")]
    refused = (
        (len(password) < MIN_CHARACTERS, Kind.TOO_SHORT, f"This password has less than {MIN_CHARACTERS} characters."),
        (_is_common(password), Kind.TOO_COMMON, "This password is too common."),
        (password.isdigit(), Kind.ALL_DIGITS, "This password is entirely numeric."),
    )
    return [Fault(field, kind, text) for applies, kind, text in refused if applies]


class Passwords:
    """Hashes and verifies in threads, a bounded number at a time, so that log-ins never starve the loop."""

    def __init__(self, cost: PasswordCost | None = None) -> None:
        cost = cost or PasswordCost()
        self._hasher = PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes)
        # Threads of their own, and few: others' long waits do not hold a log-in up, nor log-ins the processor.
        self._threads = ThreadPoolExecutor(cost.at_once, "password")
        self._decoy: str | None = None

    async def hash(self, password: str) -> str:
        """The text to keep: algorithm, cost, salt and hash."""
        return await self._in_thread(lambda: self._hasher.hash(_bytes(password)))

    async def verify(self, kept: str | None, password: str) -> bool:
        """Whether this is the password. Without one kept it takes as long and is false: time names no account."""
        if len(_bytes(password)) > MAX_BYTES:
            return False
        if kept is None:
            self._decoy = self._decoy or await self.hash("nobody's password")
            await self._matches(self._decoy, password)
            return False
        return await self._matches(kept, password)

    def outdated(self, kept: str) -> bool:
        """Whether the cost has changed since: then hash the password again while it is at hand, at a log-in."""
        return self._hasher.check_needs_rehash(kept)

    async def _matches(self, kept: str, password: str) -> bool:
        try:
            return await self._in_thread(lambda: self._hasher.verify(kept, _bytes(password)))
        except (VerificationError, InvalidHashError):
            return False

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def _bytes(password: str) -> bytes:
    # One keyboard sends an accented letter as one character, another as two.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def _is_common(password: str) -> bool:
    """Whether it is on the list, with any capitals and with digits and signs behind, or repeats a short pattern."""
    folded = password.casefold()
    word = folded.rstrip(_AFTER_THE_WORD)
    return folded in _common() or word in _common() or _REPEATED.fullmatch(folded) is not None


@cache
def _common() -> frozenset[str]:
    text = files("clerestory.platform.identity").joinpath("common_passwords.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))
