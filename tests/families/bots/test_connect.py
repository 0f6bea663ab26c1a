"""The form that connects a bot to its Facebook page."""

import pytest

from tests.families.bots.desk import SCRIPT, Desk, shop_of
from tests.families.bots.tower import Customer, Tower

PAGE = {"page_id": "1067280970047460", "page_name": "Shop & Co", "page_token": "EAApage-token-typed"}


@pytest.fixture
async def ann(tower: Tower) -> Customer:
    return await shop_of(tower)


async def test_a_page_is_connected_as_its_front_end_would_do_it(desk: Desk, tower: Tower, ann: Customer) -> None:
    done = await desk.post("page/", **PAGE)
    assert (done.status_code, done.headers["location"]) == (303, f"/bots/{desk.bot}/?done=connected")
    facebook = (await tower.got("GET", f"/v1/bots/{ann.bot}", ann))["facebook"]
    assert facebook == {
        "pageId": "1067280970047460",
        "pageName": "Shop & Co",
        "pageAccessToken": "EAApage-token-typed",
    }
    assert "EAApage-token-typed" not in await tower.stored()


async def test_the_token_is_never_shown_and_stays_when_none_is_typed(desk: Desk, tower: Tower, ann: Customer) -> None:
    await desk.post("page/", **PAGE)
    page = await desk.page()
    assert "EAApage-token-typed" not in page
    assert '<span class="badge sent">set</span>' in page
    await desk.post("page/", **{**PAGE, "page_name": "Another name", "page_token": ""})
    facebook = (await tower.got("GET", f"/v1/bots/{ann.bot}", ann))["facebook"]
    assert (facebook["pageName"], facebook["pageAccessToken"]) == ("Another name", "EAApage-token-typed")


async def test_what_does_not_fit_is_refused_at_its_field_and_nothing_is_stored(desk: Desk) -> None:
    before = await desk.attributes()
    wrong = await desk.post("page/", page_id="1" * 256, page_name=SCRIPT, page_token="x" * 2001)
    assert wrong.status_code == 400
    assert 'id="page_id-fault"' in wrong.text
    assert 'id="page_token-fault"' in wrong.text
    assert SCRIPT not in wrong.text
    assert "x" * 2001 not in wrong.text
    assert await desk.attributes() == before
