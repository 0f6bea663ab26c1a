"""Wherever a page of the portal leads, and wherever a form of it goes, there is something."""

import html
import re
from collections import deque
from collections.abc import Iterable

import httpx

from tests.families.ideas.browsing import Crowd
from tests.families.ideas.land import put
from tests.fixtures.tenants import TestTenant
from tests.fixtures.visitors import SignIn, Visit


def found(page: httpx.Response, attribute: str) -> set[str]:
    """The paths of ours that an attribute names."""
    named = re.findall(rf'{attribute}="(/[^"#]*)', page.text)
    return {html.unescape(path) for path in named if path.startswith(("/ideas", "/following", "/D"))}


async def missing(visit: Visit, starts: Iterable[str], pages: Iterable[httpx.Response]) -> list[str]:
    """What leads nowhere of all that is found from here: links, and the places of forms."""
    waiting, seen, forms, lost = deque(starts), set(starts), set[str](), []
    for page in pages:
        forms |= found(page, "action")
    while waiting:
        path = waiting.popleft()
        page = await visit.get(path)
        if page.status_code >= 400:
            lost.append(f"{page.status_code} {path}")
            continue
        fresh = found(page, "href") - seen
        waiting.extend(sorted(fresh))
        seen |= fresh
        # A form that is looked for by its address is a link.
        forms |= {path for path in found(page, "action") if 'method="post"' in page.text}
    # Without the session's own token a form is refused, but only where there is one.
    for path in sorted(forms - seen):
        answer = await visit.http.post(path, data={})
        if answer.status_code != 403:
            lost.append(f"{answer.status_code} POST {path}")
    return lost


async def test_no_link_and_no_form_leads_nowhere(crowd: Crowd, tenant: TestTenant, sign_in: SignIn) -> None:
    path = await crowd.idea(title="Quieter fans", tags="noise & more")
    await crowd.idea(title="Quieter pumps")
    await crowd.bo.post(f"{path}comments/", {"comment": "One"})
    await crowd.bo.post(f"{path}vote/", {"type": "promote"})
    await crowd.max.post(f"{path}status/", {"status": crowd.ground.later_id})
    await put(tenant, "ideas_question", campaign=crowd.ground.campaign, type="select", description="How soon?")
    founder = await sign_in(tenant)
    for visit in (founder, crowd.bo):
        refused = [
            await visit.post(f"{path}comments/", {"comment": ""}),
            await visit.post(f"{path}chips/", {"chips": "many"}),
            await visit.post(f"{crowd.campaign}new/", {"title": ""}),
        ]
        assert {page.status_code for page in refused} == {400}
        me = found(await visit.get("/ideas/"), "href")
        assert await missing(visit, ["/ideas/", *(f"{one}edit/" for one in me if "/members/" in one)], refused) == []
