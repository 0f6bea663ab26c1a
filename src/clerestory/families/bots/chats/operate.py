"""What an operator does with a bot and its chats. Whoever calls has been let see the bot; public is never written."""

from dataclasses import dataclass
from typing import NoReturn

import msgspec

from clerestory.families.bots.access.check import require_writable
from clerestory.families.bots.bots.create import add_bot, new_code
from clerestory.families.bots.bots.store import change_bot, insert_address
from clerestory.families.bots.chats import look_store, said_store, store
from clerestory.families.bots.chats.conversations import Conversations
from clerestory.families.bots.chats.live import tell
from clerestory.families.bots.chats.look import Seen
from clerestory.families.bots.chats.look_store import Chat
from clerestory.families.bots.chats.model import Author, Source
from clerestory.families.bots.chats.mute import By, mute, unmute
from clerestory.families.bots.chats.said_store import Saying
from clerestory.families.bots.chats.whose import known_user
from clerestory.families.bots.customers.store import NewCustomer, customer_of_person, insert_customer
from clerestory.families.bots.objects.seal import Seals
from clerestory.families.bots.replies.model import pieces
from clerestory.kernel.errors import Conflict
from clerestory.platform.database import Tx
from clerestory.platform.tenancy import Right, Scope

_LONGEST_PIECE = 1999  # of Messenger: "under 2000 characters"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a human says. `key` tells a form that came twice."""

    text: str
    key: str


async def answer(scope: Scope, seen: Seen, chat: Chat, said: Answer) -> None:
    """Says it to the person at the other end; from now on the bot is silent there."""
    require_writable(scope)
    user = await known_user(scope, chat, seen.config)
    async with scope.begin() as tx:
        await mute(scope, tx, user, By(Source.OPERATOR, seen.config.takeover.ends(scope.now)))
        for place, text in enumerate(pieces(said.text, _LONGEST_PIECE)):
            payload = msgspec.json.encode({"text": text}).decode()
            saying = Saying(Author.HUMAN.value, text, payload, scope.actor.person_id, f"{said.key}:{place}")
            await said_store.plan(tx, chat.id, saying, scope.now)
        await tell(tx, scope.tenant.id, chat.id)
    scope.part(Conversations).begin(scope, chat.id)


async def take_over(scope: Scope, seen: Seen, chat: Chat) -> None:
    """The bot is silent in this chat, as long as the bot's settings say."""
    require_writable(scope)
    user = await known_user(scope, chat, seen.config)
    async with scope.begin() as tx:
        await mute(scope, tx, user, By(Source.OPERATOR, seen.config.takeover.ends(scope.now)))
        await tell(tx, scope.tenant.id, chat.id)


async def give_back(scope: Scope, seen: Seen, chat: Chat) -> None:
    """The bot speaks again, whoever had silenced it."""
    require_writable(scope)
    user = await known_user(scope, chat, seen.config)
    async with scope.begin() as tx:
        await unmute(scope, tx, user, By(Source.OPERATOR))
        await store.set_thread(tx, chat.id, None, scope.now)
        await tell(tx, scope.tenant.id, chat.id)


async def change(scope: Scope, seen: Seen, attributes: dict[str, object]) -> None:
    """Merges the attributes into the bot's, as the API does. Raises Invalid."""
    require_writable(scope)
    stored = scope.part(Seals).stored(attributes)
    async with scope.begin() as tx:
        await change_bot(tx, seen.bot.id, stored, scope.now)


async def renew_invitation(scope: Scope, seen: Seen) -> None:
    """Earlier invitations are good for nothing from now on."""
    await change(scope, seen, {"inviteCode": new_code()})


async def make_reachable(scope: Scope, seen: Seen) -> None:
    """Lets addresses outside find the bot, by an id that is its alone: demonstration data are the same in many tenants.

    Raises Conflict for one that has an address.
    """
    require_writable(scope)
    if seen.bot.reachable:
        raise Conflict("This bot has an address already.")
    async with scope.begin() as tx:
        uuid = await look_store.renew_id(tx, seen.bot.id, scope.now)
        await insert_address(tx, uuid, scope.tenant.id)


async def new_bot(scope: Scope) -> int:
    """A new bot of the person's own customer, which is made where there is none; the bot's number."""
    scope.require(Right.ADMINISTER)
    person = scope.actor.person_id
    if person is None:
        raise Conflict("A bot is made by somebody.")
    async with scope.begin() as tx:
        return await add_bot(scope, tx, await _customer(scope, tx, person))


async def _customer(scope: Scope, tx: Tx, person: int) -> int:
    who = await look_store.person(tx, person)
    known = await customer_of_person(tx, person)
    if known is not None or who is None:
        return known or _gone()
    attributes = scope.part(Seals).stored({"name": who.name, "email": who.email})
    return await insert_customer(tx, NewCustomer(None, person, attributes), scope.now) or _gone()


def _gone() -> NoReturn:
    raise Conflict("Whoever makes this bot is not there any more.")
