"""Asks for the access of a request and applies the rules to it: what every operation begins with."""

from dataclasses import dataclass

from clerestory.families.bots.access.model import Access, Caller, Who, administered, caller_of
from clerestory.families.bots.access.reads import Reads
from clerestory.families.bots.asked import Asked
from clerestory.families.bots.model import refused
from clerestory.families.bots.signin.model import Identity
from clerestory.kernel.errors import ReadOnly
from clerestory.platform.tenancy import Scope


@dataclass(frozen=True, slots=True)
class Team:
    """A caller, and a bot that it administers."""

    caller: Caller
    bot: int
    bot_uuid: str


async def caller(scope: Scope, identity: Identity, customer: str | None) -> Caller:
    """The caller's own customer. Raises as `caller_of`."""
    who = Who(identity.facebook_id, customer)
    return caller_of(who, await scope.part(Reads).access(scope, who))


async def access(scope: Scope, identity: Identity, asked: Asked) -> tuple[Caller, Access]:
    """The caller, and what is theirs of the bot that the request names. Raises as `caller_of`."""
    who = Who(identity.facebook_id, asked.word("customerId"), asked.word("botId"))
    found = await scope.part(Reads).access(scope, who)
    return caller_of(who, found), found


async def team(scope: Scope, identity: Identity, asked: Asked, unknown: Exception) -> Team:
    """The caller and the bot. Raises as `caller_of`, NotAdmin, `unknown` for no such bot, Invalid without a botId."""
    who, found = await access(scope, identity, asked)
    named = asked.word("botId")
    if named is None:
        raise refused("The botId is missing.", "botId")
    return Team(who, administered(found, unknown), named)


def require_writable(scope: Scope) -> None:
    """Raises ReadOnly in public, where nothing is ever written."""
    if scope.tenant.public:
        raise ReadOnly
