"""Whether a bot's page token works: a refused one is noted and used no more, and the admins are told daily."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from clerestory.families.bots.chats import token_store
from clerestory.kernel.channels import Channel
from clerestory.kernel.links import PublicUrl
from clerestory.platform import delivery, jobs
from clerestory.platform.database import Tx
from clerestory.platform.delivery import NewMessage
from clerestory.platform.delivery.alarm import SEND
from clerestory.platform.tenancy import Scope
from clerestory.platform.tokens.vault import digest

FAMILY = "bots"
EVERY = timedelta(days=1)


def mark(token: str) -> bytes:
    """By what a token is known again without being kept."""
    return digest(token)


@dataclass(frozen=True, slots=True)
class Health:
    """The page token of one bot."""

    bot: int
    uuid: UUID

    async def failed(self, scope: Scope, tx: Tx, token: str, words: str) -> None:
        """Notes that the token is refused; its admins are told unless that was done within a day."""
        if not await token_store.note_fault(tx, self.bot, words, mark(token), scope.now):
            return
        if not await token_store.may_tell(tx, self.bot, scope.now, scope.now - EVERY):
            return
        for address in await token_store.admins_addresses(tx, self.bot):
            message = await delivery.record(tx, self._word(scope, address, words))
            await jobs.defer(tx, SEND, {"message": message}, tenant=scope.tenant.id)

    async def works(self, scope: Scope, tx: Tx) -> None:
        """Notes that the token of now works."""
        await token_store.clear_fault(tx, self.bot, scope.now)

    def _word(self, scope: Scope, address: str, words: str) -> NewMessage:
        link = scope.part(PublicUrl).to(f"/bots/{self.bot}/")
        text = (
            f"The bot {self.uuid} cannot speak on its Facebook page any more:\n\n{words}\n\n"
            f"Connect the page again, so that the bot has a new page token. Until then it answers nobody there; what "
            f"people write is kept: {link}\n\nThis is said at most once a day.\n"
        )
        return NewMessage(FAMILY, Channel.EMAIL, (address,), "A bot's page token does not work", text)
