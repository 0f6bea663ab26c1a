"""Tagging an idea, and counting it with its tags: in the transaction that writes it, after the tallies."""

from collections.abc import Sequence

from clerestory.families.ideas.ideas.tagging import store
from clerestory.platform.database import Tx


async def tag(tx: Tx, idea: int, names: Sequence[str], *, visible: bool) -> None:
    """Gives a new idea its tags."""
    if names:
        await retag(tx, idea, names, was_visible=visible, visible=visible)


async def retag(tx: Tx, idea: int, names: Sequence[str] | None, *, was_visible: bool, visible: bool) -> None:
    """Gives the idea these tags and no other (None: those that it has), and counts it as seen or hidden."""
    before = set(await store.of_idea(tx, idea))
    after = before
    if names is not None:
        await store.create(tx, names)
        after = set(await store.numbers(tx, names))
    if before == after and was_visible == visible:
        return
    await store.lock(tx, sorted(before | after))
    gone, new = sorted(before - after), sorted(after - before)
    if gone:
        await store.take_off(tx, idea, gone)
    if new:
        await store.put_on(tx, idea, new)
    await store.count(tx, sorted(before), *_one(visible=was_visible, sign=-1))
    await store.count(tx, sorted(after), *_one(visible=visible, sign=1))


def _one(*, visible: bool, sign: int) -> tuple[int, int]:
    return (sign, 0) if visible else (0, sign)
