"""The addresses that providers call back, one a tenant. They cannot be guessed, and no table holds them."""

import hashlib
import hmac

from clerestory.platform.tokens import Vault

SHARED = 0
"""Stands for the tenant in addresses of senders that all tenants share."""

_DIGEST_BYTES = 16


class CallbackLinks:
    """Makes and reads the tokens in callback addresses. A part of the process."""

    def __init__(self, vault: Vault, public_url: str) -> None:
        self._key = vault.derive("callback links")
        self._public_url = public_url.rstrip("/")

    def url(self, provider: str, tenant: int) -> str:
        """Where a provider (`twilio` or `whatsapp`) reports to; SHARED: for those of all."""
        return f"{self._public_url}/callbacks/{provider}/{self.token(tenant)}"

    def token(self, tenant: int) -> str:
        """The last part of a tenant's address; Meta asks for it once more, as the webhook's verify token."""
        digest = hmac.digest(self._key, str(tenant).encode(), hashlib.sha256)[:_DIGEST_BYTES]
        return f"{tenant}-{digest.hex()}"

    def tenant(self, token: str) -> int | None:
        """Whose token it is; None when it is nobody's."""
        number = token.partition("-")[0]
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            return None
        good = hmac.compare_digest(self.token(int(number)).encode(), token.encode())
        return int(number) if good else None
