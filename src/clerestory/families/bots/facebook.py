"""The Facebook app of a tenant: where the Graph API is, and the proof that a call comes from the app."""

import hashlib
import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FacebookApp:
    """An app at Facebook. `trusted`: its address is the operator's, so it may lead anywhere."""

    url: str
    app_id: str
    secret: str = field(repr=False)
    trusted: bool = False

    def proof(self, token: str) -> str:
        """The `appsecret_proof` of a call with this token. Source: dialects/bots.md, Signing in."""
        return hmac.digest(self.secret.encode(), token.encode("utf-8", "surrogatepass"), hashlib.sha256).hex()
