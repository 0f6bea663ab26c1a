"""report: asked for, made in the background, fetched as CSV by those who administer, and gone when its time is over."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from clerestory.families.ideas import jobs as ideas_jobs
from clerestory.families.ideas.reports import make
from clerestory.families.ideas.reports.model import KEPT
from clerestory.kernel.errors import Unavailable
from clerestory.platform.jobs import queue
from clerestory.platform.tenancy import Scope
from tests.families.ideas.ground import ABSENT, Ground, forbidden, refused
from tests.families.ideas.land import uuid_of
from tests.families.ideas.reporting import asked
from tests.families.ideas.uploads import stored
from tests.fixtures.tenants import MakeTenant

INVALID_TOKEN = refused(1002, "The access token provided is invalid", "invalid_grant")


async def test_a_report_from_its_order_to_its_table(ground: Ground, admin: dict[str, str]) -> None:
    body = await asked(ground, admin, report_type="ideacommentdetails", campaign_id=ground.campaign_id)
    number, founder = body["id"], (await ground.client.get("/api3/member/me", headers=admin)).json()["member"]
    top = await uuid_of(ground.tenant, "ideas_report", int(number))
    expected = {
        "id": number,
        "top_id": str(top).upper(),
        "member_id": founder["id"],
        "date_started": body["date_started"],
        "date_completed": None,
        "campaign_id": ground.campaign_id,
        "report_type": "ideacommentdetails",
        "url": f"http://127.0.0.1:8000/_report/download/{number}",
    }
    assert body == expected
    assert number.isdigit()
    download = await ground.client.get(f"/_report/download/{number}", headers=admin)
    assert (download.status_code, download.json()) == (404, refused(2004, "This report is not made yet"))
    await make.make(ground.tenant.scope, int(number))
    shown = (await ground.client.get(f"/api3/report/{number}?with=member", headers=admin)).json()["report"]
    assert shown == {**expected, "date_completed": shown["date_completed"], "member": founder}
    assert shown["date_completed"] >= shown["date_started"]
    download = await ground.client.get(f"/_report/download/{number}", headers=admin)
    assert download.text == "id,date_created,text,visible,member_id,member,idea_id,idea_code,idea_title,campaign\r\n"
    assert download.headers["content-type"] == "text/csv; charset=utf-8"
    name = f"ideacommentdetails-{number}.csv"
    assert download.headers["content-disposition"] == f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"
    assert download.headers["content-security-policy"].startswith("sandbox")


async def test_a_report_as_xml(ground: Ground, admin: dict[str, str]) -> None:
    body = await asked(ground, {"Api-Key": ground.tenant.api_key}, report_type="ideadetails")
    answer = await ground.client.get(f"/api3/report/{body['id']}?format=xml", headers=admin)
    assert answer.text == (
        f'<?xml version="1.0" encoding="UTF-8"?><response><report><id>{body["id"]}</id>'
        f"<top_id>{body['top_id']}</top_id>"
        f'<member_id nil="true"/><date_started>{body["date_started"]}</date_started><date_completed nil="true"/>'
        f'<campaign_id nil="true"/><report_type>ideadetails</report_type><url>{body["url"]}</url></report></response>'
    )


async def test_a_part_of_a_table_and_a_known_one(ground: Ground, admin: dict[str, str]) -> None:
    number = (await asked(ground, admin, report_type="ideavotedetails"))["id"]
    await make.make(ground.tenant.scope, int(number))
    path = f"/_report/download/{number}"
    part = await ground.client.get(path, headers={**admin, "Range": "bytes=0-3"})
    assert (part.status_code, part.text) == (206, "date")
    known = await ground.client.get(path, headers={**admin, "If-None-Match": part.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")


@pytest.mark.parametrize(
    ("fields", "status", "body"),
    [
        ({}, 400, refused(2001, "Missing required parameter")),
        (
            {"report_type": "everything"},
            400,
            refused(
                2007,
                "report_type must be one of ideadetails, ideacommentdetails, ideavotedetails, ideachipdetails, "
                "memberdetails",
            ),
        ),
        ({"report_type": "ideadetails", "campaign_id": "none"}, 404, ABSENT),
        ({"report_type": "ideadetails", "campaign_id": "5B0E6C1A-2F7D-4C55-9E0B-7A1D3C9F1E20"}, 404, ABSENT),
    ],
)
async def test_what_cannot_be_asked_for(
    client: httpx.AsyncClient, admin: dict[str, str], fields: dict[str, str], status: int, body: object
) -> None:
    answer = await client.post("/api3/report", headers=admin, data=fields)
    assert (answer.status_code, answer.json()) == (status, body)


async def test_members_are_not_told_of_by_campaign(ground: Ground) -> None:
    fields = {"report_type": "memberdetails", "campaign_id": ground.campaign_id}
    answer = await ground.client.post("/api3/report", headers=ground.max, data=fields)
    assert (answer.status_code, answer.json()) == (400, refused(2007, "memberdetails is not about one campaign"))


async def test_who_may_have_which(ground: Ground, admin: dict[str, str], make_tenant: MakeTenant) -> None:
    ours = await asked(ground, ground.max, report_type="ideadetails", campaign_id=ground.campaign_id)
    all_of_it = await asked(ground, admin, report_type="ideadetails")
    for number in (ours["id"], all_of_it["id"]):
        await make.make(ground.tenant.scope, int(number))
    theirs = {"Api-Key": (await make_tenant("neighbour@x.org")).api_key}
    for headers, status, body in (({}, 401, INVALID_TOKEN), (ground.ann, 403, forbidden()), (theirs, 404, ABSENT)):
        for number in (ours["id"], all_of_it["id"], "none"):
            for path in (f"/api3/report/{number}", f"/_report/download/{number}"):
                answer = await ground.client.get(path, headers=headers)
                assert (answer.status_code, answer.json()) == (status, body), path
        if headers is not theirs:
            answer = await ground.client.get("/api3/report", headers=headers)
            assert (answer.status_code, answer.json()) == (status, body)
            answer = await ground.client.post("/api3/report", headers=headers, data={"report_type": "ideadetails"})
            assert (answer.status_code, answer.json()) == (status, body)
    answer = await ground.client.post("/api3/report", headers=ground.max, data={"report_type": "ideadetails"})
    assert (answer.status_code, answer.json()) == (403, forbidden())
    for headers, seen in ((ground.max, {ours["id"]}), (admin, {ours["id"], all_of_it["id"]})):
        body = (await ground.client.get("/api3/report", headers=headers)).json()
        assert {one["id"] for one in body["report_list"]} == seen
        for number in (ours["id"], all_of_it["id"]):
            answer = await ground.client.get(f"/_report/download/{number}", headers=headers)
            assert answer.status_code == (200 if number in seen else 404)


async def test_a_list_is_filtered_and_ordered(ground: Ground, admin: dict[str, str]) -> None:
    first = await asked(ground, admin, report_type="ideadetails")
    second = await asked(ground, ground.max, report_type="ideavotedetails", campaign_id=ground.campaign_id)
    await make.make(ground.tenant.scope, int(first["id"]))
    month, day, year = first["date_started"][5:7], first["date_started"][8:10], first["date_started"][:4]
    today = f"{month}/{day}/{year}"

    async def found(query: str) -> list[str]:
        body = (await ground.client.get(f"/api3/report?{query}", headers=admin)).json()
        return [one["id"] for one in body["report_list"]]

    both = [second["id"], first["id"]]
    assert await found("") == both
    assert await found("order=id") == both[::-1]
    assert await found(f"id={first['id']}") == [first["id"]]
    assert await found("report_type=IDEAVOTEDETAILS") == [second["id"]]
    assert await found(f"campaign_id={ground.campaign_id}") == [second["id"]]
    assert await found(f"member_id={await ground.id_of('max')}") == [second["id"]]
    assert await found(f"date_started={today}") == both
    assert await found("date_started=01/01/2020") == []
    assert await found(f"date_completed={today}") == [first["id"]]
    assert await found("page=2&page_size=1") == [first["id"]]
    for query in ("id=none", "campaign_id=none", "member_id=5B0E6C1A-2F7D-4C55-9E0B-7A1D3C9F1E20"):
        answer = await ground.client.get(f"/api3/report?{query}", headers=admin)
        assert (answer.status_code, answer.json()) == (404, ABSENT)
    body = (await ground.client.get("/api3/report?member&page_size=1", headers=admin)).json()
    assert body["report_list"][0]["member"]["screen_name"] == "Max Lee"
    assert body["stats"] == {"total": 2, "page_count": 2, "current_page": 1}


async def test_the_job_stands_if_and_only_if_the_report_does(ground: Ground, admin: dict[str, str]) -> None:
    before = await queue.depths(ground.tenant.scope.direct())
    await asked(ground, admin, report_type="ideadetails")
    after = await queue.depths(ground.tenant.scope.direct())
    assert after["queued"] - before.get("queued", 0) == 1


async def test_made_twice_it_is_one(ground: Ground, admin: dict[str, str]) -> None:
    number = int((await asked(ground, admin, report_type="ideadetails"))["id"])
    await ideas_jobs.report(ground.tenant.scope, {"report": number})
    first = await stored(ground.tenant)
    await ideas_jobs.report(ground.tenant.scope, {"report": number})
    assert len(first) == 1
    assert await stored(ground.tenant) == first


async def test_one_that_grows_too_long_says_so(ground: Ground, admin: dict[str, str]) -> None:
    number = int((await asked(ground, admin, report_type="ideadetails"))["id"])
    await make.make(ground.tenant.scope, number, most=10)
    shown = (await ground.client.get(f"/api3/report/{number}", headers=admin)).json()["report"]
    assert shown["date_completed"] is not None
    answer = await ground.client.get(f"/_report/download/{number}", headers=admin)
    assert (answer.status_code, answer.json()) == (404, refused(2004, make.TOO_LONG))
    assert await stored(ground.tenant) == []


async def test_one_that_fails_is_made_later(
    ground: Ground, admin: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = int((await asked(ground, admin, report_type="ideadetails"))["id"])

    def full(descriptor: int, chunk: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.write", full)
        with pytest.raises(Unavailable):
            await make.make(ground.tenant.scope, number)
    assert await stored(ground.tenant) == []
    await make.make(ground.tenant.scope, number)
    assert (await ground.client.get(f"/_report/download/{number}", headers=admin)).status_code == 200


async def test_a_report_is_gone_when_its_time_is_over(ground: Ground, admin: dict[str, str]) -> None:
    number = int((await asked(ground, admin, report_type="ideadetails"))["id"])
    await make.make(ground.tenant.scope, number)
    for later, left in ((KEPT - timedelta(minutes=5), 1), (KEPT + timedelta(minutes=5), 0)):
        await make.expire(after(ground, later))
        assert len(await stored(ground.tenant)) == left
    answer = await ground.client.get(f"/api3/report/{number}", headers=admin)
    assert (answer.status_code, answer.json()) == (404, ABSENT)


def after(ground: Ground, time: timedelta) -> Scope:
    """The tenant's scope when this much time has passed."""
    scope = ground.tenant.scope
    return replace(scope, clock=lambda: scope.now + time)
