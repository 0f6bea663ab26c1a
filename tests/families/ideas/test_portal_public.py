"""What nobody reads of a public campaign, found by the organisation's host name, and what a link to it shows."""

import re
from collections.abc import AsyncIterator
from urllib.parse import quote

import httpx
import pytest

from clerestory.app import Application
from clerestory.kernel.links import PublicUrl
from clerestory.platform.tokens import GateSettings
from tests.families.ideas.browsing import Crowd, text_of
from tests.families.ideas.uploads import part, picture, post
from tests.fixtures.clocks import own_application


@pytest.fixture
async def application(database_url: str) -> AsyncIterator[Application]:
    """One where host names name tenants."""
    async with own_application(database_url, gate=GateSettings(domain="clerestory.test")) as application:
        yield application


async def read(crowd: Crowd, path: str) -> httpx.Response:
    return await crowd.nobody.get(path, headers={"Host": f"{crowd.ground.tenant.schema}.clerestory.test"})


def told(page: httpx.Response) -> dict[str, str]:
    """What a link to the page shows elsewhere."""
    return dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):\w+|description)" content="([^"]*)">', page.text))


async def test_campaign_and_idea_are_read_without_a_log_in(crowd: Crowd) -> None:
    path = await crowd.idea(title='Quieter "fans"', description="<p>Swap the <b>bearings</b>.</p>")
    await crowd.bo.post(f"{path}comments/", {"comment": "At last."})
    await crowd.ground.set(public=True)
    assert "Safer plant" in text_of(await read(crowd, "/ideas/"))
    assert 'Quieter "fans"' in text_of(await read(crowd, crowd.campaign))
    assert 'Quieter "fans"' in text_of(await read(crowd, f"{crowd.campaign}roadmap/"))
    page = await read(crowd, path)
    assert "At last." in text_of(page)
    assert f'<a href="/login/?next={quote(path)}">Log in</a> to comment.' in page.text
    assert "<form" not in page.text


async def test_a_link_has_a_preview(crowd: Crowd) -> None:
    path = await crowd.idea(title='Quieter "fans"', description="<p>Swap the <b>bearings</b>.</p>")
    await post(
        crowd.ground.client, crowd.ground.ann, await id_of(crowd, path), part("attachment", "fan.png", picture("PNG"))
    )
    await crowd.ground.set(public=True)
    page = await read(crowd, path)
    assert "<title>Quieter &#34;fans&#34; · Clerestory</title>" in page.text
    preview = told(page)
    image = preview.pop("og:image")
    assert preview == {
        "description": "Swap the bearings.",
        "og:title": "Quieter &#34;fans&#34;",
        "og:description": "Swap the bearings.",
        "og:type": "article",
        "og:url": crowd.ground.tenant.scope.part(PublicUrl).to(path),
        "og:site_name": "Clerestory",
        "twitter:card": "summary_large_image",
    }
    shown = await read(crowd, image.removeprefix(crowd.ground.tenant.scope.part(PublicUrl).to("")))
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
    assert told(await read(crowd, crowd.campaign))["og:title"] == "Safer plant"


async def test_what_is_hidden_or_a_draft_leads_to_the_log_in(crowd: Crowd) -> None:
    path = await crowd.idea(title="Secret")
    await crowd.ground.set(public=True)
    await crowd.max.post(f"{path}visible/", {"visible": "0"})
    assert (await read(crowd, path)).status_code == 303
    assert "Secret" not in (await read(crowd, crowd.campaign)).text
    await crowd.ground.set(status="Draft")
    assert (await read(crowd, crowd.campaign)).status_code == 303


async def test_nobody_writes(crowd: Crowd) -> None:
    path = await crowd.idea()
    await crowd.ground.set(public=True)
    host = {"Host": f"{crowd.ground.tenant.schema}.clerestory.test"}
    for rest, form in (("vote/", {"type": "promote"}), ("comments/", {"comment": "x"}), ("visible/", {"visible": "0"})):
        answer = await crowd.nobody.post(f"{path}{rest}", data=form, headers=host)
        assert answer.status_code == 401, rest
    assert (await read(crowd, f"{crowd.campaign}new/")).headers[
        "location"
    ] == f"/login/?next={quote(crowd.campaign)}new/"
    assert "0 comments" in text_of(await read(crowd, path))


async def id_of(crowd: Crowd, path: str) -> str:
    found: str = await crowd.ground.tenant.scope.direct().value(
        "SELECT uuid::text FROM tenant.ideas_idea WHERE code = :code", code=path.split("/")[2]
    )
    return found
