"""The addresses of a bot outside: its page for the browser, its webhook, and the word that Meta shows there."""

import hashlib
import hmac
from uuid import UUID

from clerestory.kernel.links import PublicUrl
from clerestory.platform.tokens import Vault

_TOKEN_CHARACTERS = 32


class BotLinks:
    """Makes the addresses. A part of the process."""

    def __init__(self, vault: Vault, public_url: PublicUrl) -> None:
        self._key = vault.derive("bots webhook")
        self._public_url = public_url

    def page(self, bot: UUID) -> str:
        """Where anybody may try the bot."""
        return self._public_url.to(f"/chat/{bot}")

    def webhook(self, bot: UUID) -> str:
        """Where Messenger tells what happens."""
        return self._public_url.to(f"/messenger/{bot}")

    def verify_token(self, bot: UUID) -> str:
        """The word by which Meta shows that whoever subscribes has seen the bot's page."""
        return hmac.new(self._key, bot.bytes, hashlib.sha256).hexdigest()[:_TOKEN_CHARACTERS]
