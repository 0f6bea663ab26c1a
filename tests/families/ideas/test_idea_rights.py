"""Who sees and changes which idea, as tables: by role, campaign, whether it is hidden, whether it is anonymous."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from clerestory.app import Application
from clerestory.platform.tokens import GateSettings
from tests.families.ideas.ground import ABSENT, Ground, forbidden, refused
from tests.families.ideas.land import put
from tests.fixtures.clocks import own_application

ROLES = ("nobody", "regular", "submitter", "moderator", "administrator", "admin")
TOKEN = refused(1002, "The access token provided is invalid", "invalid_grant")
CONCEALED = {
    "id": "",
    "screen_name": "",
    "first_name": "",
    "last_name": "",
    "job_title": "",
    "address": "",
    "phone": "",
    "mobile_phone": "",
    "skills": "",
    "work_history": "",
    "photo_url": None,
    "date_created": "",
    "date_modified": None,
    "photo_file_id": None,
    "department": "",
}

# Campaign, idea: who sees it; of these, who is told its submitter.
ALL, KNOWN = set(ROLES), set(ROLES) - {"nobody"}
MANAGERS = {"moderator", "administrator", "admin"}
ADMINS = {"administrator", "admin"}
SIGHT: list[tuple[dict[str, bool], dict[str, bool], set[str], set[str]]] = [
    ({"public": True}, {}, ALL, ALL),
    ({"public": False}, {}, KNOWN, ALL),
    ({"public": False, "restricted": True}, {}, MANAGERS, ALL),
    ({"public": True}, {"visible": False}, MANAGERS, ALL),
    ({"public": False}, {"visible": False}, MANAGERS, ALL),
    ({"public": True}, {"anonymous": True}, ALL, ADMINS | {"submitter"}),
    ({"public": False}, {"anonymous": True}, KNOWN, ADMINS | {"submitter"}),
    ({"public": True, "revealing": True}, {"anonymous": True}, ALL, KNOWN),
    ({"public": True}, {"anonymous": True, "visible": False}, MANAGERS, ADMINS),
]


@pytest.fixture
async def application(database_url: str) -> AsyncIterator[Application]:
    """One that nobody reaches a tenant in, too: by its host name."""
    async with own_application(database_url, gate=GateSettings(domain="clerestory.test")) as application:
        yield application


async def headers_of(ground: Ground, admin: dict[str, str]) -> dict[str, dict[str, str]]:
    """A token of each role but the moderator's: Bo is that one for a while."""
    return {
        "nobody": {"Host": f"{ground.tenant.schema}.clerestory.test"},
        "regular": ground.bo,
        "submitter": ground.ann,
        "administrator": ground.max,
        "admin": admin,
    }


async def seen_by(ground: Ground, idea: str, headers: dict[str, str]) -> dict[str, Any] | None:
    """The idea, alone and in a list alike; None: it is as if it were not there, in both."""
    alone = await ground.client.get(f"/api3/idea/{idea}", headers=headers)
    listed = await ground.client.get("/api3/idea", headers=headers)
    filtered = await ground.client.get("/api3/idea?idea_code=D1&order=score", headers=headers)
    assert listed.json() == filtered.json()
    assert listed.json()["stats"]["total"] == len(listed.json()["idea_list"])
    if alone.status_code == 200:
        found: dict[str, Any] = alone.json()["idea"]
        assert listed.json()["idea_list"] == [{name: value for name, value in found.items() if name != "votes"}]
        return found
    assert (alone.status_code, alone.json()) == (404, ABSENT)
    assert listed.json()["idea_list"] == []
    return None


async def test_who_sees_which_idea(ground: Ground, admin: dict[str, str]) -> None:
    await ground.set(anonymous=True)
    idea = (await ground.post())["id"]
    direct = ground.tenant.scope.direct()
    roles = await headers_of(ground, admin)
    member = await ground.id_of("ann")
    for campaign, marks, seeing, told in SIGHT:
        await ground.set(**{"public": False, "restricted": False, "revealing": False, **campaign})
        for table in ("idea", "standing", "tally"):
            given = {"visible": True, **({"anonymous": False} if table == "idea" else {}), **marks}
            if table != "idea":
                given.pop("anonymous", None)
            columns = ", ".join(f"{name} = {value}" for name, value in given.items())
            await direct.execute(f"UPDATE tenant.ideas_{table} SET {columns}")
        for role in ROLES:
            if role == "moderator":
                await put(ground.tenant, "ideas_role", campaign=ground.campaign, person=ground.people["bo"], role=role)
            headers = roles.get(role, ground.bo)
            found = await seen_by(ground, idea, headers)
            case = f"{role} {campaign} {marks}"
            assert (found is not None) == (role in seeing), case
            if found is not None:
                concealed = {name: found["member"][name] for name in CONCEALED} == CONCEALED
                assert concealed == (role not in told), case
            # A filter by the submitter tells no more than the idea itself.
            by_member = await ground.client.get(f"/api3/idea?member_id={member}", headers=headers)
            tells = role in seeing and role in told
            listed = by_member.json().get("idea_list", [])
            assert (len(listed) == 1) == tells, case
            if role == "moderator":
                await direct.execute("DELETE FROM tenant.ideas_role WHERE role = 'moderator'")


async def test_an_anonymous_submitter_stays_unnamed_wherever_the_idea_is_shown(ground: Ground) -> None:
    await ground.set(anonymous=True)
    idea = await ground.post(anonymous="1")
    for data in ({"type": "promote"}, {"comment": "Yes"}, {"chips": "2"}):
        for what in ("vote", "comment", "chipVote"):
            await ground.client.post(f"/api3/{what}", data={"idea_id": idea["id"], **data}, headers=ground.bo)
    number, name = await ground.id_of("ann"), "Ann"
    for path in ("idea", "vote", "comment", "chipVote", "activity", f"idea/{idea['id']}?with=comments,promotes"):
        text = (await ground.client.get(f"/api3/{path}", headers=ground.bo)).text
        assert idea["id"] in text
        assert number not in text, path
        assert name not in text, path


# What is changed: what comes of it for nobody, a regular member, the submitter, a moderator, both administrators.
NO, YES, ASKED = "no", "yes", TOKEN["message"]
CHANGES: list[tuple[dict[str, str], tuple[str, ...]]] = [
    ({"title": "Ours"}, (ASKED, NO, YES, NO, YES, YES)),
    ({"description": "Ours"}, (ASKED, NO, YES, NO, YES, YES)),
    ({"tags": "ours"}, (ASKED, NO, YES, NO, YES, YES)),
    ({"status_id": "later"}, (ASKED, NO, NO, YES, YES, YES)),
    ({"title": "Ours", "status_id": "later"}, (ASKED, NO, NO, NO, YES, YES)),
    ({"visible": "0"}, (ASKED, NO, NO, YES, YES, YES)),
    ({"member_id": "bo"}, (ASKED, NO, NO, NO, YES, YES)),
    # What stands there already may be sent back by whoever may change anything.
    ({"visible": "1"}, (ASKED, NO, YES, YES, YES, YES)),
    ({}, (ASKED, NO, YES, YES, YES, YES)),
]


@pytest.mark.parametrize(("change", "expected"), CHANGES, ids=[str(change) for change, _ in CHANGES])
async def test_who_changes_what_of_an_idea(
    ground: Ground, admin: dict[str, str], change: dict[str, str], expected: tuple[str, ...]
) -> None:
    data = {
        name: {"later": ground.later_id, "bo": await ground.id_of("bo")}.get(text, text)
        for name, text in change.items()
    }
    roles = await headers_of(ground, admin)
    outcomes = []
    for role in ROLES:
        idea = await ground.post()
        if role == "moderator":
            await put(ground.tenant, "ideas_role", campaign=ground.campaign, person=ground.people["bo"], role=role)
        answer = await ground.client.put(f"/api3/idea/{idea['id']}", data=data, headers=roles.get(role, ground.bo))
        outcomes.append({200: YES, 403: NO}.get(answer.status_code, answer.json().get("message")))
        if answer.status_code == 403:
            assert answer.json() == forbidden()
            after = (await ground.client.get(f"/api3/idea/{idea['id']}", headers=ground.ann)).json()["idea"]
            assert after["date_modified"] is None
    assert tuple(outcomes) == expected


async def test_what_is_not_seen_is_not_changed_either(ground: Ground) -> None:
    idea = await ground.post()
    await ground.client.put(f"/api3/idea/{idea['id']}", data={"visible": "0"}, headers=ground.max)
    for headers in (ground.bo, ground.ann):
        answer = await ground.client.put(f"/api3/idea/{idea['id']}", data={"title": "Ours"}, headers=headers)
        assert (answer.status_code, answer.json()) == (404, ABSENT)


async def test_who_submits_where(ground: Ground, admin: dict[str, str]) -> None:
    data = {"campaign_id": ground.campaign_id, "title": "A", "description": "B", "category_id": ground.category_id}
    roles = await headers_of(ground, admin)

    async def outcomes() -> list[int]:
        asked = [roles[role] for role in ROLES if role != "moderator"]
        return [(await ground.client.post("/api3/idea", data=data, headers=one)).status_code for one in asked]

    assert await outcomes() == [401, 200, 200, 200, 200]
    await ground.set(public=True)
    assert await outcomes() == [401, 200, 200, 200, 200]
    await ground.set(public=False, restricted=True)
    assert await outcomes() == [401, 404, 404, 200, 200]
    await ground.set(status="Draft", restricted=False)
    assert await outcomes() == [401, 404, 404, 200, 200]
