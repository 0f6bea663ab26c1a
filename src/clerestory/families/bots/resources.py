"""Bots' tables as the uniform API and the admin panel show them. Nothing is written there; an admin can be taken off.

Attributes are never shown, for secrets stand sealed in them, nor is what the machinery keeps beside them.
"""

from clerestory.families.bots.chats.model import Author, Channel, Source
from clerestory.kernel.errors import Conflict
from clerestory.kernel.values import Type
from clerestory.platform.database import Tx
from clerestory.platform.resources import Change, Field, Resource, Rules
from clerestory.platform.tenancy import Right, Scope

_STATES = ("waiting", "handled", "planned", "sending", "sent", "failed", "withheld", "unknown")


def _shown(name: str, type: Type = Type.TEXT, doc: str = "", *, column: str = "", nullable: bool = False) -> Field:
    return Field(name, type, column=column, writable=False, doc=doc, nullable=nullable)


def _one_of(name: str, choices: tuple[str, ...], doc: str = "") -> Field:
    return Field(name, writable=False, doc=doc, choices=choices)


def _searched(name: str, doc: str = "", *, nullable: bool = False) -> Field:
    return Field(name, writable=False, doc=doc, nullable=nullable, searchable=True)


async def _owner_stays(_scope: Scope, tx: Tx, _change: Change) -> None:
    """Every owner is on the list of its bot, so a removal that leaves one off took an owner off."""
    # The row is gone by now, and with it whose it was; what holds for all lists says it as well.
    without = await tx.value(
        """
        SELECT EXISTS (
            SELECT
              FROM tenant.bots_bot AS bot
             WHERE NOT EXISTS (
                   SELECT
                     FROM tenant.bots_admin AS place
                    WHERE place.bot = bot.id
                      AND place.customer = bot.owner))
        """
    )
    if without:
        raise Conflict("The owner of a bot stays on its list.")


CUSTOMERS = Resource(
    "bots/customers",
    "BotsCustomer",
    "bots_customer",
    (
        _shown("uuid", Type.UUID, "The customer's id in the bots API."),
        _shown("person", Type.WHOLE, "The id of the person it is.", nullable=True),
        _shown("facebook_id", doc="Null for one that was made on a page.", nullable=True),
        _searched("name", nullable=True),
        _searched("email", nullable=True),
    ),
    doc="Who configures bots.",
    creatable=False,
    removable=False,
)

BOTS = Resource(
    "bots/bots",
    "BotsBot",
    "bots_bot",
    (
        _shown("uuid", Type.UUID, "The bot's id in the bots API and in its addresses outside."),
        _shown("owner", Type.WHOLE, "The id of the customer who made it."),
        _shown("type", nullable=True),
        _shown("page_id", doc="The Facebook page that it speaks for.", nullable=True),
        _searched("page_name", nullable=True),
        _shown("token_fault", doc="What Facebook has against the page's token; empty while it works."),
    ),
    doc="A bot. What it is set to is read and changed by the bots API alone.",
    creatable=False,
    removable=False,
)

ADMINS = Resource(
    "bots/admins",
    "BotsAdmin",
    "bots_admin",
    (
        _shown("bot", Type.WHOLE, "The id of the bot."),
        _shown("customer", Type.WHOLE, "The id of the customer who may configure it."),
    ),
    doc="A place on a bot's list. Customers get one by an invitation; it is removed here, but for the owner's.",
    creatable=False,
    # It takes a right from somebody, as a change of a group does.
    write=Right.ADMINISTER,
    rules=Rules(settle=_owner_stays),
)

USERS = Resource(
    "bots/users",
    "BotsUser",
    "bots_user",
    (
        _shown("bot", Type.WHOLE, "The id of the bot."),
        _shown("user_id", doc="Its id in the bots API.", column="key"),
        _searched("name", nullable=True),
        _shown("facebook_id", nullable=True),
        _shown("status", doc="`muted`: a human has taken over.", nullable=True),
        _shown("muted_until", Type.MOMENT, "When the take-over ends by itself.", nullable=True),
    ),
    doc="Somebody who chats with a bot.",
    creatable=False,
    removable=False,
)

STATUSES = Resource(
    "bots/statuses",
    "BotsStatus",
    "bots_status",
    (
        _shown("user", Type.WHOLE, "The id of the user.", column="bots_user"),
        _shown("status", nullable=True),
        _one_of("source", tuple(source.value for source in Source), "What set it."),
        _shown("customer", Type.WHOLE, "The id of the customer who set it by the bots API.", nullable=True),
        _shown("person", Type.WHOLE, "The id of the person who set it on a page.", nullable=True),
        _shown("until", Type.MOMENT, "When it was to end by itself.", nullable=True),
        _shown("note"),
    ),
    doc="One change of a user's status: its history.",
    creatable=False,
    removable=False,
)

# What people write to a bot they write in private. Members see who is there; what was said is for who answers for it.
CHATS = Resource(
    "bots/chats",
    "BotsChat",
    "bots_chat",
    (
        _shown("bot", Type.WHOLE, "The id of the bot."),
        _one_of("channel", tuple(channel.value for channel in Channel)),
        _shown("user", Type.WHOLE, "The id of the user, once there is one.", column="bots_user", nullable=True),
        _shown("last_at", Type.MOMENT, "When something last happened."),
        _shown("last_heard", Type.MOMENT, "When the user last said something.", nullable=True),
        _shown("thread_app", doc="The other app that controls the thread.", nullable=True),
    ),
    doc="What a bot and one user have said to each other on one channel.",
    creatable=False,
    removable=False,
    read=Right.ADMINISTER,
)

MESSAGES = Resource(
    "bots/messages",
    "BotsMessage",
    "bots_message",
    (
        _shown("chat", Type.WHOLE, "The id of the chat."),
        _shown("kind"),
        _one_of("author", tuple(author.value for author in Author)),
        Field("text", writable=False, filterable=False, orderable=False, searchable=True, longest=10_000),
        _one_of("state", _STATES, "How far it has come: what was heard is handled, what was said is sent."),
        _shown("note", doc="Why it was not sent."),
        _shown("happened", Type.MOMENT),
        _shown("person", Type.WHOLE, "The id of the person who wrote it on a page.", nullable=True),
    ),
    doc="One thing that was heard or said in a chat.",
    creatable=False,
    removable=False,
    read=Right.ADMINISTER,
)

RESOURCES = (CUSTOMERS, BOTS, ADMINS, USERS, STATUSES, CHATS, MESSAGES)
