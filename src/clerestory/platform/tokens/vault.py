"""The server's secret and what is made of it: sealed values, digests, signing keys.

One secret, several purposes: each purpose has a key of its own derived from it, so none stands in for another.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from clerestory.kernel.errors import Absent

MIN_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class VaultSettings:
    """The server's secret: at least 32 bytes of text that nobody else knows."""

    secret: str = field(repr=False)


class Vault:
    """Seals what must be shown again later (keys, providers' credentials); derives keys for the rest."""

    def __init__(self, settings: VaultSettings) -> None:
        if len(settings.secret.encode()) < MIN_SECRET_BYTES:
            raise ValueError(f"the server's secret needs at least {MIN_SECRET_BYTES} bytes")
        self._secret = settings.secret.encode()
        self._fernet = Fernet(base64.urlsafe_b64encode(self.derive("seal")))

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose, the same at every start."""
        kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"clerestory {purpose}".encode())
        return kdf.derive(self._secret)

    def seal(self, text: str) -> bytes:
        """The text, encrypted and authenticated."""
        return self._fernet.encrypt(text.encode())

    def unseal(self, sealed: bytes) -> str:
        """The text again. Raises Absent when it was sealed with another secret."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as error:
            raise Absent("A stored secret cannot be read: the server's secret has changed.") from error


def new_server_secret() -> str:
    """A secret for a new installation."""
    return secrets.token_urlsafe(48)


def digest(text: str) -> bytes:
    """SHA-256: by it a key is found. Enough for random keys; passwords are hashed by identity."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
