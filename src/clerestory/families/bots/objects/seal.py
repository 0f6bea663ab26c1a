"""Seals secrets in their place inside an object's JSON, and opens them again in the text that PostgreSQL hands back."""

import re
from functools import lru_cache

import msgspec

from clerestory.families.bots.objects.model import MARK, checked
from clerestory.kernel.errors import Absent
from clerestory.platform.tokens import Vault

# An opening quote in JSON is never preceded by a backslash, and one inside a text always is. What a colon follows is a
# name, which the server never seals: whoever got hold of a sealed value may not have it opened as one.
_SEALED = re.compile(r'(?<!\\)"\\u0001sealed:([A-Za-z0-9_=-]+)"(?!:)')
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_KEPT = 10_000


class Seals:
    """Seals and opens. A part of the process. Opened ones are remembered: it costs 30 us, and bots are read often."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._open = lru_cache(_KEPT)(self._unsealed)

    def stored(self, attributes: dict[str, object]) -> str:
        """The attributes as JSON for the database, secrets sealed. Raises Invalid for what cannot be stored."""
        return _ENCODER.encode(checked(attributes, self.seal)).decode()

    def seal(self, value: object) -> str:
        """One value as the text that stands in its place."""
        return MARK + self._vault.seal(_ENCODER.encode(value).decode()).decode()

    def shown(self, text: str) -> bytes:
        """The JSON of an object, or of many, with its secrets as clients have sent them."""
        # PostgreSQL writes spaces that the original does not.
        compact = msgspec.json.format(text, indent=-1)
        if "\\u0001sealed:" not in compact:
            return compact.encode()
        return _SEALED.sub(lambda found: self._open(found[1]) or found[0], compact).encode()

    def opened(self, value: object) -> object:
        """One value that was read as JSON: the secret itself, or the value when it is none."""
        if not isinstance(value, str) or not value.startswith(MARK):
            return value
        found = self._open(value.removeprefix(MARK))
        return value if found is None else msgspec.json.decode(found)

    def _unsealed(self, sealed: str) -> str | None:
        try:
            return self._vault.unseal(sealed.encode())
        except Absent:
            # Sealed by another secret: it is shown as it stands.
            return None
