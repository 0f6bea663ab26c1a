"""What tests of followers do: contributions by the API, digests by their verb, and the mails that these wrote."""

from dataclasses import dataclass
from uuid import UUID

from clerestory.families.ideas.follow import settings, store, tell
from clerestory.families.ideas.follow.model import Followed, Mail, Of
from clerestory.platform.tenancy import Actor, Kind, Right, Scope
from tests.families.ideas.ground import Ground
from tests.fixtures.tenants import TestTenant


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it was written down."""

    to: tuple[str, ...]
    subject: str
    text: str
    end: str


async def letters(tenant: TestTenant) -> list[Letter]:
    """All mails of ideas that were ever written in the tenant."""
    return await tenant.scope.direct().rows(
        """
        SELECT recipients AS to, subject, body_text AS text, unsubscribe AS end
          FROM tenant.delivery_message
         WHERE family = 'ideas'
         ORDER BY id
        """,
        _letter,
    )


def _letter(to: list[str], subject: str, text: str, end: str) -> Letter:
    return Letter(tuple(to), subject, text, end)


async def digested(ground: Ground) -> dict[str, Letter]:
    """The mails of the digest that is due, {address: mail}."""
    before = len(await letters(ground.tenant))
    await tell.digest(ground.tenant.scope)
    found = (await letters(ground.tenant))[before:]
    assert len({letter.to for letter in found}) == len(found)
    return {letter.to[0]: letter for letter in found}


async def comment(ground: Ground, idea: str, who: dict[str, str], text: str = "Yes") -> str:
    answer = await ground.client.post("/api3/comment", data={"idea_id": idea, "comment": text}, headers=who)
    assert answer.status_code == 200, answer.text
    identifier: str = answer.json()["comment"]["id"]
    return identifier


async def set_status(ground: Ground, idea: str, status: str) -> None:
    answer = await ground.client.put(f"/api3/idea/{idea}", data={"status_id": status}, headers=ground.max)
    assert answer.status_code == 200, answer.text


def scope_of(ground: Ground, person: str) -> Scope:
    """The scope of a request that a member of the ground makes in the browser."""
    actor = Actor(Kind.PERSON, None, ground.people[person], frozenset({Right.READ, Right.WRITE}))
    scope = ground.tenant.scope
    return Scope(scope.tenant, actor, scope.clock, scope.parts)


async def follow(ground: Ground, person: str, of: Of, uuid: str, *, on: bool = True) -> None:
    await settings.switch(scope_of(ground, person), of, UUID(uuid), on=on)


async def follows(ground: Ground, idea: int, person: str) -> bool:
    return await store.follows(ground.tenant.scope.direct(), Followed(Of.IDEA, idea), ground.people[person])


async def choose(ground: Ground, person: str, mail: Mail) -> None:
    await settings.choose(scope_of(ground, person), mail.value)


async def pending(tenant: TestTenant) -> int:
    """How much is yet to be told."""
    count: int = await tenant.scope.direct().value("SELECT count(*) FROM tenant.ideas_tiding")
    return count
