"""The inbox: what was kept is listed, shown, seen and put away, by its own tenant alone."""

from dataclasses import replace

import pytest

from clerestory.kernel.errors import Forbidden, NotFound
from clerestory.kernel.paging import Window
from clerestory.platform.delivery import Channel, MessageId, kept
from clerestory.platform.tenancy import ANYONE
from tests.platform.delivery.post import Office, office, write


async def put_in(one: Office, count: int) -> list[int]:
    messages = [await write(one.scope, Channel.EMAIL) for _ in range(count)]
    for message in messages:
        await one.sender.attempt(one.scope, message)
    return list(messages)


async def test_the_inbox_lists_the_latest_first_and_shows_one_whole(database_url: str) -> None:
    async with office(database_url) as one:
        first, second, third = await put_in(one, 3)
        page = await kept.page(one.scope, Window(limit=2))
        assert ([entry.id for entry in page.rows], page.count) == ([third, second], 3)
        shown = await kept.show(one.scope, MessageId(first))
        assert (shown.recipients, shown.subject, shown.text, shown.html, shown.note) == (
            ("ann@example.org",),
            "Critical bug",
            "It is on fire",
            None,
            "Kept in the inbox: no EMAIL transport is configured",
        )
        assert await kept.unseen(one.scope) == 2
        await kept.mark_seen(one.scope, MessageId(second))
        assert await kept.unseen(one.scope) == 1


async def test_what_is_put_away_is_gone_from_the_inbox(database_url: str) -> None:
    async with office(database_url) as one:
        (message,) = await put_in(one, 1)
        await kept.discard(one.scope, MessageId(message))
        assert (await kept.page(one.scope, Window())).count == 0
        for act in (kept.show, kept.discard, kept.mark_seen):
            with pytest.raises(NotFound):
                await act(one.scope, MessageId(message))
        assert await one.rows("SELECT state FROM tenant.delivery_message") == ["kept"]


async def test_a_neighbour_sees_nothing_of_it(database_url: str) -> None:
    async with office(database_url) as one:
        (message,) = await put_in(one, 1)
        neighbour = await one.another("joe@x.org")
        assert (await kept.page(neighbour, Window())).count == 0
        with pytest.raises(NotFound):
            await kept.show(neighbour, MessageId(message))


async def test_who_may_not_write_may_not_put_away(database_url: str) -> None:
    async with office(database_url) as one:
        (message,) = await put_in(one, 1)
        reader = replace(one.scope, actor=ANYONE)
        with pytest.raises(Forbidden):
            await kept.discard(reader, MessageId(message))
        await kept.show(reader, MessageId(message))
        assert await kept.unseen(one.scope) == 1
