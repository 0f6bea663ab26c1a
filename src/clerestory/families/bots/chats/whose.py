"""Whose a chat is: the bot's user, made at the first word, with the name that the platform tells."""

from uuid import uuid4

from clerestory.families.bots.chats import store
from clerestory.families.bots.chats.config import Config
from clerestory.families.bots.chats.model import Channel
from clerestory.families.bots.chats.store import Claimed
from clerestory.families.bots.messenger.profile import name_of
from clerestory.families.bots.objects.seal import Seals
from clerestory.families.bots.policy import Apps
from clerestory.families.bots.users.store import UserKey, insert_user
from clerestory.platform.delivery.transports import Transports
from clerestory.platform.tenancy import Scope

_SHOWN = 6


async def known_user(scope: Scope, chat: Claimed, config: Config) -> int:
    """The number of the chat's user. The platform is asked for a name once, and before any transaction."""
    known = await store.chat_user(scope.direct(), chat.id)
    if known is not None:
        return known
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


async def _name(scope: Scope, chat: Claimed, config: Config) -> str | None:
    if config.token is None:
        return None
    apps = scope.part(Apps)
    app = apps.graph(await apps.of(scope))
    return await name_of(scope.part(Transports).client(trusted=app.trusted), app, config.token, chat.address)
