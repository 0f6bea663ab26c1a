"""Takes events in: stored in shared commits, each once, before whoever told them is answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from clerestory.families.bots.chats import intake_store
from clerestory.families.bots.chats.intake_store import NewEvent
from clerestory.families.bots.chats.model import Channel
from clerestory.families.bots.chats.sweeps import Sweeps
from clerestory.families.bots.messenger.model import Event, Kind
from clerestory.platform.database import Database, GroupCommit, Tx
from clerestory.platform.tenancy import Tenant

SPEECH = frozenset({Kind.MESSAGE.value, Kind.POSTBACK.value, Kind.OPENING.value})


@dataclass(frozen=True, slots=True)
class Arrival:
    """Events of one tenant that came together."""

    tenant: Tenant
    events: Sequence[NewEvent]
    at: datetime


@dataclass(frozen=True, slots=True)
class Stored:
    """Which chats have something new, once everything is stored for good."""

    chats: Sequence[int]
    swept: bool = False


class Intake(GroupCommit[Arrival, Stored]):
    """Takes events in, for all tenants of the process. A part of it."""

    def __init__(self, database: Database, sweeps: Sweeps) -> None:
        super().__init__(database, self._store)
        self._sweeps = sweeps

    async def take(self, arrival: Arrival) -> Stored:
        """What is new, after its commit. Raises Overloaded when too much waits."""
        if not arrival.events:
            return Stored(())
        stored = await self.submit(arrival.tenant.schema, arrival)
        if stored.swept:
            self._sweeps.deferred(arrival.tenant.id)
        return stored

    async def _store(self, tx: Tx, arrivals: Sequence[Arrival]) -> list[Stored]:
        events = [event for arrival in arrivals for event in arrival.events]
        now = max(arrival.at for arrival in arrivals)
        touched = await intake_store.insert_events(tx, events, now)
        chats = {(one.bot, one.channel, one.address): one.chat for one in touched}
        swept = bool(touched) and await self._sweeps.defer(tx, arrivals[0].tenant.id)
        return [Stored(_new(arrival, chats), swept) for arrival in arrivals]


def _new(arrival: Arrival, chats: dict[tuple[int, str, str], int]) -> Sequence[int]:
    places = ((event.bot, event.channel, event.address) for event in arrival.events)
    return list(dict.fromkeys(chats[place] for place in places if place in chats))


def from_messenger(bot: int, event: Event) -> NewEvent:
    """What Messenger has told, as it is stored."""
    kept = {
        "payload": event.payload,
        "app": event.app,
        "metadata": event.metadata,
        "standby": event.standby,
        "raw": event.raw,
    }
    encoded = msgspec.json.encode(kept)
    if b"\\u0000" in encoded:
        encoded = msgspec.json.encode({**kept, "raw": {}})
    return NewEvent(
        bot,
        Channel.MESSENGER.value,
        event.address,
        event.kind.value,
        event.key,
        event.text,
        encoded.decode(),
        event.happened,
        event.kind.value in SPEECH,
    )
