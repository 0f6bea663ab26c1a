"""The addresses by which mails are ended, for each person and each thing followed. They cannot be guessed.

No table has them: each is signed by the server, and says itself whose it is and what it ends.
"""

import hashlib
import hmac
from dataclasses import dataclass

from clerestory.families.ideas.follow.model import Followed, Of
from clerestory.kernel.links import PublicUrl
from clerestory.platform.tokens import Vault

PATH = "/following/stop/"
_ALL = "all"
_DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class End:
    """What an address ends: a person's mails of what it follows, or (None) all of them."""

    tenant: int
    person: int
    followed: Followed | None = None


class StopLinks:
    """Makes and reads the addresses. A part of the process."""

    def __init__(self, vault: Vault, public_url: PublicUrl) -> None:
        self._key = vault.derive("ends of mails of ideas")
        self._public_url = public_url

    def url(self, end: End) -> str:
        """Where these mails are ended."""
        return self._public_url.to(f"{PATH}{self.token(end)}/")

    def token(self, end: End) -> str:
        """The last part of the address."""
        of, number = (_ALL, 0) if end.followed is None else (end.followed.of.value, end.followed.number)
        named = f"{end.tenant}-{end.person}-{of}-{number}"
        return f"{named}-{hmac.digest(self._key, named.encode(), hashlib.sha256)[:_DIGEST_BYTES].hex()}"

    def end(self, token: str) -> End | None:
        """What a token ends; None when it is none of ours."""
        tenant, person, of, number = (*token.split("-"), "", "", "", "")[:4]
        if not all(_is_number(text) for text in (tenant, person, number)) or of not in (_ALL, *Of):
            return None
        followed = None if of == _ALL else Followed(Of(of), int(number))
        found = End(int(tenant), int(person), followed)
        return found if hmac.compare_digest(self.token(found).encode(), token.encode("utf-8", "replace")) else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
