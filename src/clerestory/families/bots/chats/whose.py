"""Whose a chat is: the bot's user, made at the first word, with the name that the platform tells."""

from typing import Protocol
from uuid import uuid4

from clerestory.families.bots.chats import store
from clerestory.families.bots.chats.config import Config
from clerestory.families.bots.chats.model import Channel
from clerestory.families.bots.messenger.profile import name_of
from clerestory.families.bots.objects.seal import Seals
from clerestory.families.bots.policy import Apps
from clerestory.families.bots.users.store import UserKey, insert_user
from clerestory.platform.delivery.transports import Transports
from clerestory.platform.tenancy import Scope

_SHOWN = 6


class Chat(Protocol):
    """A chat as far as it is told here: of which bot, where, and whose it is known to be."""

    @property
    def id(self) -> int: ...
    @property
    def bot(self) -> int: ...
    @property
    def channel(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def bots_user(self) -> int | None: ...


async def known_user(scope: Scope, chat: Chat, config: Config) -> int:
    """The number of the chat's user. The platform is asked for a name once, and before any transaction."""
    if chat.bots_user is not None:
        return chat.bots_user
    messenger = chat.channel == Channel.MESSENGER
    found = await store.user_of(scope.direct(), chat.bot, chat.address) if messenger else None
    name = f"Visitor {chat.address[:_SHOWN]}" if not messenger else None
    if found is None and messenger:
        name = await _name(scope, chat, config)
    attributes = {"facebookId": chat.address if messenger else None, "name": name}
    async with scope.begin() as tx:
        if found is None:
            key = UserKey(chat.bot, str(uuid4()))
            stored = scope.part(Seals).stored(dict(attributes))
            found = await insert_user(tx, key, stored, scope.now)
        await store.set_user(tx, chat.id, found, scope.now)
    return found


async def _name(scope: Scope, chat: Chat, config: Config) -> str | None:
    if config.token is None:
        return None
    apps = scope.part(Apps)
    app = apps.graph(await apps.of(scope))
    return await name_of(scope.part(Transports).client(trusted=app.trusted), app, config.token, chat.address)
