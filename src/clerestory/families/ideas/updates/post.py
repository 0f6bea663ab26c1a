"""Updates posted and taken back by their members; administrators take back any."""

from uuid import UUID, uuid4

from clerestory.families.ideas.activity.model import Event, Happening
from clerestory.families.ideas.activity.record import record
from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.rights.model import Case, Deed
from clerestory.families.ideas.updates import store
from clerestory.families.ideas.updates.model import Update, may_link
from clerestory.kernel.errors import Fault, Forbidden, Invalid, Kind, NotFound
from clerestory.kernel.values import Value, read

_MESSAGE = Value("message", longest=4000, blank=False)
_LINK = Value("video_link", longest=2000)


async def post(asked: Asked) -> UUID:
    """A new update; its UUID. Raises Invalid, and Forbidden for the system itself, which is no member."""
    person = author(asked)
    message = str(read(_MESSAGE, asked.parameters.required("message")))
    link = str(read(_LINK, (asked.parameters.text("video_link") or "").strip())) or None
    if link is not None and not may_link(link):
        raise Invalid(Fault("video_link", Kind.INVALID, "video_link must be an address of the web"))
    written = Update(0, uuid4(), person, message, link, 0, asked.scope.now)
    async with asked.scope.begin() as tx:
        update = await store.insert(tx, written, asked.scope.now)
        await record(tx, Event(Happening.POST_UPDATE, person, update=update), asked.scope.now)
    return written.uuid


async def take_back(asked: Asked, uuid: UUID) -> None:
    """Takes an update away, with its comments. Raises NotFound, and what the role deserves."""
    found = await store.one_update(asked.scope.direct(), asked.viewer, uuid)
    if found is None:
        raise NotFound
    asked.viewer.require(Deed.DELETE_UPDATE, Case(own=found.person == asked.viewer.person))
    async with asked.scope.begin() as tx:
        if not await store.delete(tx, found.id):
            raise NotFound


def author(asked: Asked) -> int:
    """Who posts. Raises what the role deserves, and Forbidden for the system itself."""
    asked.viewer.require(Deed.CREATE_UPDATE)
    if asked.viewer.person is None:
        raise Forbidden
    return asked.viewer.person
