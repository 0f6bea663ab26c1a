"""What a person decides: what it follows, and how often it is told."""

from dataclasses import dataclass, replace
from uuid import UUID

from clerestory.families.ideas.follow import store
from clerestory.families.ideas.follow.links import End, StopLinks
from clerestory.families.ideas.follow.model import Followed, Mail, Of
from clerestory.families.ideas.rights.model import Viewer
from clerestory.kernel.errors import Fault, Forbidden, Invalid, Kind, NotFound, ReadOnly
from clerestory.platform.tenancy import SYSTEM, Right, Scope, State
from clerestory.platform.tenancy.registry import Registry

WHICH = "Say at once, daily or never."


@dataclass(frozen=True, slots=True)
class Following:
    """What somebody follows, what else can be followed for its new ideas, and how often they are told."""

    things: list[store.Thing]
    places: list[store.Thing]
    mail: Mail


_SHOWN = 500
_PLACES = 100


async def look(scope: Scope) -> Following:
    """What the person who asks has decided."""
    viewer, person, runner = _viewer(scope), _person(scope), scope.direct()
    things = await store.followed(runner, viewer, _SHOWN)
    had = {one.uuid for one in things}
    places = [one for one in await store.places(runner, viewer, _PLACES) if one.uuid not in had]
    return Following(things, places, await store.mail_of(runner, person))


async def switch(scope: Scope, of: Of, uuid: UUID, *, on: bool) -> None:
    """Lets who asks follow something, or no more. Raises NotFound where it is not seen."""
    person = _writer(scope)
    async with scope.begin() as tx:
        number = await store.number_of(tx, _viewer(scope), of, uuid)
        if number is None:
            raise NotFound
        await store.switch(tx, Followed(of, number), person, on=on)


async def choose(scope: Scope, text: str) -> None:
    """Sets how often who asks is told. Raises Invalid."""
    person = _writer(scope)
    if text not in tuple(Mail):
        raise Invalid(Fault("mail", Kind.INVALID, WHICH))
    async with scope.begin() as tx:
        await store.set_mail(tx, person, Mail(text))


def ended(scope: Scope, token: str) -> End:
    """What an address of a mail ends. Raises NotFound for one that is none of ours."""
    end = scope.part(StopLinks).end(token)
    if end is None:
        raise NotFound
    return end


async def end(scope: Scope, token: str) -> End:
    """Ends what an address of a mail ends; twice does no harm. Raises NotFound."""
    what = ended(scope, token)
    tenant = await scope.part(Registry).by_id(what.tenant)
    if tenant is None or tenant.state is not State.READY:
        raise NotFound
    async with replace(scope, tenant=tenant, actor=SYSTEM).begin() as tx:
        if what.followed is None:
            await store.set_mail(tx, what.person, Mail.NEVER)
        else:
            await store.stop(tx, what.followed, what.person)
    return what


def _viewer(scope: Scope) -> Viewer:
    return Viewer(scope.actor.person_id, scope.actor.may(Right.ADMINISTER))


def _person(scope: Scope) -> int:
    if scope.actor.person_id is None:
        raise Forbidden
    return scope.actor.person_id


def _writer(scope: Scope) -> int:
    if scope.tenant.public:
        raise ReadOnly
    return _person(scope)
