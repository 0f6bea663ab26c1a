"""What public shows of bots: a shop's bot with its replies, and three people who have talked to it.

It holds no secret, so nobody is invited by it and no page speaks through it, and no address outside leads to it: what
strangers say to a bot of public would be copied to every new tenant.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import msgspec

from clerestory.families.bots import model
from clerestory.families.bots.bots.store import insert_admin, insert_bot
from clerestory.families.bots.chats.model import Author, Channel, Source, spelled
from clerestory.families.bots.customers.store import NewCustomer, insert_customer
from clerestory.families.bots.messenger.model import Kind
from clerestory.families.bots.replies.model import Replies, said
from clerestory.families.bots.replies.read import read
from clerestory.families.bots.users.store import UserKey, insert_user
from clerestory.platform.database import Tx

SHOP = "Example Outfitters"
_CHOICES = [
    {"title": "Opening hours", "payload": "opening hours"},
    {"title": "Delivery", "payload": "delivery"},
    {"title": "Talk to a human", "payload": "talk to a human"},
]
_HOURS = {"text": "We are open Monday to Saturday from 9 to 18. The web shop never closes."}
_DELIVERY = {
    "text": "Within two working days, free of charge from €50. Elsewhere in Europe it takes up to five days.",
    "buttons": [{"title": "Track a parcel", "url": "https://shop.example.org/parcels"}],
}
_RETURNS = {"text": "You have 30 days. Put the parcel's own label on it and leave it at any post office."}
_SHIRTS = {
    "title": "Linen shirt",
    "subtitle": "Seven colours, S to XXL, €49",
    "template": "generic",
    "url": "https://shop.example.org/shirts",
    "buttons": [
        {"title": "See all shirts", "url": "https://shop.example.org/shirts"},
        {"title": "Which size?", "payload": "sizes"},
    ],
}
_HUMAN = {"text": "Of course. Somebody of our team reads along and answers here as soon as possible."}
REPLIES: dict[str, object] = {
    "welcome": {"text": f"Hello, and welcome to {SHOP}! Ask me anything, or choose:", "buttons": _CHOICES},
    "default": {
        "text": "I have not learned that yet. I know our opening hours, delivery, returns and shirts.",
        "buttons": _CHOICES,
    },
    "opening hours": _HOURS,
    "open": _HOURS,
    "delivery": _DELIVERY,
    "deliver": _DELIVERY,
    "parcel": _DELIVERY,
    "returns": _RETURNS,
    "send back": _RETURNS,
    "shirts": _SHIRTS,
    "shirt": _SHIRTS,
    "sizes": {"text": "Measure your chest: up to 96 cm is S, to 104 M, to 112 L, to 120 XL, and above that XXL."},
    "talk to a human": _HUMAN,
    "human": _HUMAN,
    "thank you": {"text": "You are welcome!"},
}
_ATTRIBUTES: dict[str, object] = {
    "type": "ecommerce",
    "facebook": {"pageName": SHOP},
    "vtex": {},
    "replies": msgspec.json.encode(REPLIES).decode(),
    # No end by time: it would be over long before most copies are made.
    "takeover": {"resumeWord": "over to you", "resumeAfterMinutes": 0},
    "webChat": {"enabled": True},
}


@dataclass(frozen=True, slots=True)
class _Line:
    """What was said, how long ago; by a `human` in the page's name, else by the person."""

    ago: timedelta
    text: str
    human: bool = False
    answered: bool = True


@dataclass(frozen=True, slots=True)
class _Talk:
    """A person, and what was said; when the status was set, to what and by what."""

    channel: Channel
    address: str
    name: str
    lines: Sequence[_Line]
    statuses: Sequence[tuple[timedelta, str, Source]] = ()


_TALKS = (
    _Talk(
        Channel.MESSENGER,
        "7245001100220033",
        "Eva Estrada",
        (
            _Line(timedelta(minutes=192), "Hi there"),
            _Line(timedelta(minutes=191), "Do you deliver to Ireland?"),
            _Line(timedelta(minutes=189), "Great, thank you!"),
        ),
    ),
    _Talk(
        Channel.MESSENGER,
        "7245001100220044",
        "Gil Gomes",
        (
            _Line(timedelta(hours=50), "Where is my parcel?"),
            _Line(timedelta(hours=50, minutes=-2), "It still says handed over, since Monday"),
            _Line(timedelta(hours=49), "It was left at the depot; they bring it today.", human=True),
            _Line(timedelta(hours=48, minutes=55), "Super", answered=False),
            _Line(timedelta(hours=48, minutes=50), "Over to you", human=True),
            _Line(timedelta(minutes=75), "The shirt came, but in the wrong colour. Can I talk to a human?"),
            _Line(timedelta(minutes=70), "Sorry! The green one goes out today, please keep the blue one.", human=True),
            _Line(timedelta(minutes=64), "That is very kind. When will it be here?", answered=False),
        ),
        (
            (timedelta(hours=49), model.MUTED, Source.ECHO),
            (timedelta(hours=48, minutes=50), model.ACTIVE, Source.WORD),
            (timedelta(minutes=70), model.MUTED, Source.ECHO),
        ),
    ),
    _Talk(
        Channel.WEB,
        # Nobody comes back as this one: the digest of a browser's secret is longer.
        "9c1f62",
        "Visitor 9c1f62",
        (
            _Line(timedelta(minutes=31), "Are you open on Sunday?"),
            _Line(timedelta(minutes=30), "And which shirts do you have?"),
            _Line(timedelta(minutes=29), "Do you sell hats?"),
        ),
    ),
)


async def demonstrate(tx: Tx) -> None:
    """Adds what is not there yet; a second time nothing."""
    # Nobody else writes to public, so whoever is there was put there by us.
    if await tx.value("SELECT EXISTS (SELECT FROM tenant.bots_customer)"):
        return
    now: datetime = await tx.value("SELECT now()")
    person = await tx.value("SELECT id FROM tenant.person WHERE lower(email) = 'andy.zane@example.org'")
    # Named by the shop: in a copy it is the registrant's, who has another name.
    customer = await insert_customer(tx, NewCustomer(None, person, _json({"name": SHOP})), now)
    if customer is None:
        return
    bot = await insert_bot(tx, customer, _json(_ATTRIBUTES), now)
    await insert_admin(tx, bot.id, customer, now)
    replies = read(_ATTRIBUTES["replies"])
    for talk in _TALKS:
        user = await _user(tx, bot.id, talk, now)
        chat = await _chat(tx, UserKey(bot.id, talk.address), user, talk, now)
        await _messages(tx, chat, tuple(_entries(talk, replies, now)))


async def _user(tx: Tx, bot: int, talk: _Talk, now: datetime) -> int:
    attributes: dict[str, object] = {"name": talk.name, "facebookId": None}
    if talk.channel is Channel.MESSENGER:
        attributes["facebookId"] = talk.address
    if talk.statuses:
        attributes["botStatus"] = talk.statuses[-1][1]
    began = now - talk.lines[0].ago
    user = await insert_user(tx, UserKey(bot, str(uuid4())), _json(attributes), began)
    await tx.execute(
        """
        INSERT INTO tenant.bots_status (bots_user, status, source, created, modified)
        SELECT :user, given.status, given.source, given.at, given.at
          FROM unnest(:statuses::text[], :sources::text[], :moments::timestamptz[]) AS given (status, source, at)
         ORDER BY given.at
        """,
        user=user,
        statuses=[status for _, status, _ in talk.statuses],
        sources=[source.value for _, _, source in talk.statuses],
        moments=[now - ago for ago, _, _ in talk.statuses],
    )
    return user


async def _chat(tx: Tx, place: UserKey, user: int, talk: _Talk, now: datetime) -> int:
    made: int = await tx.value(
        """
        INSERT INTO tenant.bots_chat (bot, channel, address, bots_user, last_at, last_heard, created, modified)
        VALUES (:bot, :channel, :address, :user, :last_at, :last_heard, :began, :last_at)
        RETURNING id
        """,
        bot=place.bot,
        channel=talk.channel.value,
        address=place.key,
        user=user,
        last_at=now - talk.lines[-1].ago,
        last_heard=now - min(line.ago for line in talk.lines if not line.human),
        began=now - talk.lines[0].ago,
    )
    return made


@dataclass(frozen=True, slots=True)
class _Entry:
    """One message as it is stored."""

    kind: Kind
    author: Author
    text: str
    payload: str
    state: str
    happened: datetime


def _entries(talk: _Talk, replies: Replies, now: datetime) -> Iterator[_Entry]:
    """The lines, with what the bot has said to them."""
    for place, line in enumerate(talk.lines):
        at = now - line.ago
        if line.human:
            yield _Entry(Kind.ECHO, Author.HUMAN, line.text, "{}", "handled", at)
            continue
        yield _Entry(Kind.MESSAGE, Author.PERSON, line.text, "{}", "handled", at)
        reply = replies.answer(line.text) if line.answered else None
        if reply is replies.default and place == 0:
            reply = replies.welcome
        for message in said(reply) if reply is not None else ():
            payload = msgspec.json.encode(message).decode()
            yield _Entry(Kind.MESSAGE, Author.BOT, spelled(message), payload, "sent", at + timedelta(seconds=1))


async def _messages(tx: Tx, chat: int, entries: Sequence[_Entry]) -> None:
    await tx.execute(
        """
        INSERT INTO tenant.bots_message (chat, kind, author, text, payload, state, happened, created, modified)
        SELECT :chat, given.kind, given.author, given.text, given.payload, given.state, given.at, given.at, given.at
          FROM unnest(
                   :kinds::text[], :authors::text[], :texts::text[], :payloads::jsonb[], :states::text[],
                   :moments::timestamptz[]
               ) WITH ORDINALITY
               AS given (kind, author, text, payload, state, at, place)
         ORDER BY given.place
        """,
        chat=chat,
        kinds=[entry.kind.value for entry in entries],
        authors=[entry.author.value for entry in entries],
        texts=[entry.text for entry in entries],
        payloads=[entry.payload for entry in entries],
        states=[entry.state for entry in entries],
        moments=[entry.happened for entry in entries],
    )


def _json(attributes: dict[str, object]) -> str:
    return msgspec.json.encode(attributes).decode()
