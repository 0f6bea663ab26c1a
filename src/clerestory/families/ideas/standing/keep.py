"""Keeping standings and tallies true, in the transaction of whatever changes them.

Locks are taken in one order: the idea's standing, what is written for it, tallies by key, tags, the campaign.
"""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from clerestory.families.ideas.standing import store
from clerestory.families.ideas.standing.model import Counts, Key, Shift, Standing, shifts, together
from clerestory.kernel.errors import NotFound
from clerestory.platform.database import Tx


async def hold(tx: Tx, uuid: UUID) -> int:
    """Holds the standing of an idea until the transaction ends; the idea's number. Raises NotFound."""
    idea = await store.hold(tx, uuid)
    if idea is None:
        raise NotFound
    return idea


async def read(tx: Tx, idea: int) -> Standing:
    """The standing of an idea that is held. Raises NotFound where it was never held."""
    found = await store.read(tx, idea)
    if found is None:
        raise NotFound
    return found


async def begin(tx: Tx, idea: int, key: Key) -> None:
    """Counts a new idea."""
    await store.begin(tx, idea, key)
    await store.tally(tx, [Shift(key, 1)])


async def gain(tx: Tx, idea: int, change: Counts) -> None:
    """Counts what an idea that is held gains."""
    before = await read(tx, idea)
    await _write(tx, idea, before, replace(before, counts=before.counts + change))


async def moved(tx: Tx, idea: int, before: Standing) -> None:
    """Counts an idea where it stands now. It is held since before `before` was read."""
    await _write(tx, idea, before, await read(tx, idea))


async def shared(tx: Tx, before: Mapping[int, Standing], gained: Mapping[int, Counts]) -> None:
    """Counts ideas that are held since before `before` was read, where each stands now, with what each gained.

    Their tallies are locked together, in one order.
    """
    found: list[Shift] = []
    for idea in sorted(before):
        after = replace(await read(tx, idea), counts=before[idea].counts + gained.get(idea, Counts()))
        await store.write(tx, idea, after)
        found += shifts(before[idea], after)
    if found:
        await store.tally(tx, together(found))


async def _write(tx: Tx, idea: int, before: Standing, after: Standing) -> None:
    await store.write(tx, idea, after)
    changed = shifts(before, after)
    if changed:
        await store.tally(tx, changed)
