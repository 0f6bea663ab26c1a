"""vote, commentVote, chipVote: lists whole, cast, replaced, withdrawn; the rules of a campaign; budgets."""

from typing import Any

import pytest

from tests.families.ideas.ground import ABSENT, Ground, forbidden, get, refused
from tests.families.ideas.test_comments import MISSING, UNKNOWN, comment, outline
from tests.fixtures.tenants import MakeTenant

ONE = {"total": 1, "page_count": 1, "current_page": 1}


async def ask(ground: Ground, method: str, path: str, headers: dict[str, str], **data: str) -> tuple[int, Any]:
    answer = await ground.client.request(method, f"/api3/{path}", data=data, headers=headers)
    return answer.status_code, answer.json()


async def counts(ground: Ground, idea: str) -> tuple[int, int, int]:
    found = (await get(ground, f"/api3/idea/{idea}?with=promote_count,demote_count"))["idea"]
    return found["score"], found["promote_count"], found["demote_count"]


async def test_a_vote_is_shown_whole(ground: Ground) -> None:
    idea = await ground.post()
    status, body = await ask(ground, "POST", "vote/", ground.bo, idea_id=idea["id"], type="promote")
    made = body["vote"]
    expected = {
        "date_created": made["date_created"],
        "type": "promote",
        "member": (await get(ground, "/api3/member/me", ground.bo))["member"],
        "idea": outline(idea),
    }
    assert (status, body) == (200, {"vote": expected})
    listed = await get(ground, f"/api3/vote?idea_id={idea['id']}&type=promote", ground.bo)
    assert listed == {"vote_list": [expected], "stats": ONE}
    xml = (await ground.client.get("/api3/vote?format=xml", headers=ground.bo)).text
    assert f"<response><vote_list><vote><date_created>{made['date_created']}</date_created><type>promote</type>" in xml


async def test_one_vote_a_member_whatever_was_cast(ground: Ground) -> None:
    idea = (await ground.post())["id"]
    first = (await ask(ground, "POST", "vote", ground.bo, idea_id=idea, type="PROMOTE"))[1]["vote"]
    assert await counts(ground, idea) == (1, 1, 0)
    again = (await ask(ground, "POST", "vote", ground.bo, idea_id=idea, type="promote"))[1]["vote"]
    assert (again, await counts(ground, idea)) == (first, (1, 1, 0))
    await ask(ground, "POST", "vote", ground.bo, idea_id=idea, type="demote")
    assert await counts(ground, idea) == (-1, 0, 1)
    assert await ask(ground, "DELETE", f"vote?idea_id={idea}", ground.bo) == (200, {"success": True})
    assert await ask(ground, "DELETE", f"vote?idea_id={idea}", ground.bo) == (200, {"success": True})
    assert await counts(ground, idea) == (0, 0, 0)
    events = "SELECT type FROM tenant.ideas_activity ORDER BY id"
    assert await ground.tenant.scope.direct().values(events) == ["POST_IDEA", "PROMOTE_IDEA", "DEMOTE_IDEA"]


async def test_a_vote_on_a_comment_is_shown_whole_and_counted(ground: Ground) -> None:
    idea = await ground.post()
    on = await comment(ground, idea["id"], ground.ann)
    status, body = await ask(ground, "POST", "commentVote", ground.bo, comment_id=on["id"], type="promote")
    expected = {
        "comment_id": on["id"],
        "date_created": body["commentVote"]["date_created"],
        "type": "promote",
        "comment": {**{name: on[name] for name in ("id", "date_created", "text")}, "idea": outline(idea)},
        "member": (await get(ground, "/api3/member/me", ground.bo))["member"],
    }
    assert (status, body) == (200, {"commentVote": expected})
    listed = await get(ground, f"/api3/commentVote/?comment_id={on['id']}", ground.bo)
    assert listed == {"commentVote_list": [expected], "stats": ONE}
    again = await ask(ground, "POST", "commentVote", ground.bo, comment_id=on["id"], type="promote")
    assert again == (200, {"commentVote": expected})
    kept = "SELECT promotes || ' ' || demotes FROM tenant.ideas_comment"
    await ask(ground, "POST", "commentVote", ground.bo, comment_id=on["id"], type="demote")
    assert await ground.tenant.scope.direct().value(kept) == "0 1"
    assert await ask(ground, "DELETE", f"commentVote?comment_id={on['id']}", ground.bo) == (200, {"success": True})
    assert await ground.tenant.scope.direct().value(kept) == "0 0"
    # Votes on comments are none on the idea.
    assert await counts(ground, idea["id"]) == (0, 0, 0)


async def test_chips_are_shown_whole_and_kept_to_the_budget(ground: Ground) -> None:
    await ground.set(chips=10, chip_points=2)
    idea, other = await ground.post(), await ground.post()
    status, body = await ask(ground, "POST", "chipVote", ground.bo, idea_id=idea["id"], chips="6")
    expected = {
        "chips": 6,
        "date_created": body["chipVote"]["date_created"],
        "member": (await get(ground, "/api3/member/me", ground.bo))["member"],
        "idea": outline(idea),
    }
    assert (status, body) == (200, {"chipVote": expected})
    listed = await get(ground, f"/api3/chipVote?idea_id={idea['id']}", ground.bo)
    assert listed == {"chipVote_list": [expected], "stats": ONE}
    assert await ask(ground, "POST", "chipVote", ground.bo, idea_id=idea["id"], chips="6") == (status, body)
    too_many = (400, refused(2007, "You do not have so many chips left in this campaign"))
    assert await ask(ground, "POST", "chipVote", ground.bo, idea_id=other["id"], chips="5") == too_many
    assert (await ask(ground, "POST", "chipVote", ground.bo, idea_id=other["id"], chips="4"))[0] == 200
    assert await ask(ground, "POST", "chipVote", ground.bo, idea_id=idea["id"], chips="7") == too_many
    assert (await ask(ground, "POST", "chipVote", ground.bo, idea_id=idea["id"], chips="0"))[1]["chipVote"][
        "chips"
    ] == 0
    found = [(await get(ground, f"/api3/idea/{one['id']}"))["idea"] for one in (idea, other)]
    assert [(one["chips"], one["score"]) for one in found] == [(0, 0), (4, 8)]
    await ground.tenant.scope.direct().execute("UPDATE tenant.ideas_chip_budget SET budget = 3")
    assert (await ask(ground, "POST", "chipVote", ground.bo, idea_id=other["id"], chips="2"))[0] == 200
    assert await ask(ground, "POST", "chipVote", ground.bo, idea_id=other["id"], chips="4") == too_many


@pytest.mark.parametrize("chips", ["-1", "1.5", "many", "1000001", "٣"])
async def test_what_is_no_number_of_chips(ground: Ground, chips: str) -> None:
    idea = (await ground.post())["id"]
    expected = (400, refused(2007, "chips must be a whole number from 0 to 1000000"))
    assert await ask(ground, "POST", "chipVote", ground.bo, idea_id=idea, chips=chips) == expected


async def test_votes_are_filtered_ordered_and_paged(ground: Ground) -> None:
    ideas = [(await ground.post())["id"] for _ in range(2)]
    cast = ((0, ground.bo, "promote"), (0, ground.max, "demote"), (1, ground.bo, "demote"))
    for chips, (place, who, kind) in enumerate(cast, 1):
        await ask(ground, "POST", "vote", who, idea_id=ideas[place], type=kind)
        await ask(ground, "POST", "chipVote", who, idea_id=ideas[place], chips=str(chips))
    day = (await get(ground, "/api3/vote"))["vote_list"][0]["date_created"]
    date = f"{day[5:7]}/{day[8:10]}/{day[:4]}"
    bo = await ground.id_of("bo")
    names = {(ideas[place], who["Authorization"]): str(number) for number, (place, who, _) in enumerate(cast, 1)}
    people = {bo: ground.bo["Authorization"], await ground.id_of("max"): ground.max["Authorization"]}

    async def told(path: str) -> str:
        body = await get(ground, f"/api3/{path}")
        votes = body[f"{path.partition('?')[0]}_list"]
        assert body["stats"]["total"] == len(votes)
        return "".join(names[vote["idea"]["id"], people[vote["member"]["id"]]] for vote in votes)

    for query, votes, laid in (
        ("", "321", "321"),
        (f"idea_id={ideas[0]}", "21", "21"),
        (f"member_id={bo}", "31", "31"),
        ("type=demote", "32", "321"),
        (f"type=demote&idea_id={ideas[0]}", "2", "21"),
        (f"date_created={date}", "321", "321"),
        ("date_created=12/06/2009", "", ""),
        ("order=date_created", "123", "123"),
        ("order=idea_id DESC, date_created ASC", "312", "312"),
        ("order=type DESC, date_created DESC", "132", "321"),
    ):
        assert await told(f"vote?{query}") == votes, query
        assert await told(f"chipVote?{query}") == laid, query
    body = await get(ground, "/api3/vote?page=2&page_size=2")
    assert (len(body["vote_list"]), body["stats"]["page_count"]) == (1, 2)


async def test_what_votes_are_refused(ground: Ground) -> None:
    idea = await ground.post()
    on = await comment(ground, idea["id"], ground.ann)
    targets = {"vote": {"idea_id": idea["id"]}, "commentVote": {"comment_id": on["id"]}}
    for what, target in targets.items():
        [name] = target
        assert await ask(ground, "POST", what, ground.bo, **target) == (400, MISSING)
        assert await ask(ground, "POST", what, ground.bo, type="promote") == (400, MISSING)
        wrong = (400, refused(2007, "type must be promote or demote"))
        assert await ask(ground, "POST", what, ground.bo, **target, type="up") == wrong
        assert await ask(ground, "GET", f"{what}?type=up", ground.bo) == wrong
        bad = (400, refused(2007, "Invalid GUID received"))
        assert await ask(ground, "POST", what, ground.bo, **{name: "none"}, type="promote") == bad
        assert await ask(ground, "POST", what, ground.bo, **{name: UNKNOWN}, type="promote") == (404, ABSENT)
        assert await ask(ground, "GET", f"{what}?{name}={UNKNOWN}", ground.bo) == (404, ABSENT)
        assert await ask(ground, "GET", f"{what}?{name}=none", ground.bo) == (404, ABSENT)
        assert await ask(ground, "DELETE", what, ground.bo) == (400, MISSING)
        system = {"Api-Key": ground.tenant.api_key}
        assert await ask(ground, "POST", what, system, **target, type="promote") == (403, forbidden())
        own = "comment" if what == "commentVote" else "idea"
        expected = (403, forbidden(f"You cannot vote on your own {own}"))
        assert await ask(ground, "POST", what, ground.ann, **target, type="promote") == expected
    assert await ask(ground, "POST", "chipVote", ground.ann, **targets["vote"], chips="1") == (
        403,
        forbidden("You cannot vote on your own idea"),
    )


async def test_the_rules_of_a_campaign_hold_for_everybody(ground: Ground) -> None:
    idea = await ground.post()
    on = await comment(ground, idea["id"], ground.ann)

    async def tried(who: dict[str, str]) -> list[str]:
        """What is said of a promote, a demote and chips, on the idea, and of both on its comment."""
        on_idea, on_comment = {"idea_id": idea["id"]}, {"comment_id": on["id"]}
        asked: list[tuple[str, dict[str, str]]] = [
            ("vote", {**on_idea, "type": "promote"}),
            ("vote", {**on_idea, "type": "demote"}),
            ("commentVote", {**on_comment, "type": "promote"}),
            ("commentVote", {**on_comment, "type": "demote"}),
            ("chipVote", {**on_idea, "chips": "1"}),
        ]
        return [(await ask(ground, "POST", what, who, **data))[1].get("message", "yes") for what, data in asked]

    no_votes, no_demotes = "Voting is disabled in this campaign", "Demoting is disabled in this campaign"
    closed = "This campaign takes no contributions now"
    absent = ABSENT["message"]
    for rules, expected in (
        ({}, ["yes"] * 5),
        ({"voting": False}, [no_votes] * 5),
        ({"demoting": False}, ["yes", no_demotes, "yes", no_demotes, "yes"]),
        ({"status": "Archived"}, [closed] * 5),
        ({"scheduled": True, "ends": ground.tenant.scope.now}, [closed] * 5),
        ({"scheduled": False, "ends": ground.tenant.scope.now}, ["yes"] * 5),
    ):
        given: dict[str, object] = {"voting": True, "demoting": True, "status": "Active", "scheduled": False}
        await ground.set(**{**given, **rules})
        assert [await tried(who) for who in (ground.bo, ground.max)] == [expected, expected], rules
    await ground.set(restricted=True)
    assert await tried(ground.bo) == [absent] * 5
    assert await tried(ground.max) == ["yes"] * 5
    nobody = (await ground.client.post("/api3/vote", data={"idea_id": idea["id"], "type": "promote"})).json()
    assert nobody["message"] == "The access token provided is invalid"


async def test_votes_on_what_is_hidden_are_not_shown(ground: Ground) -> None:
    idea = await ground.post()
    on = await comment(ground, idea["id"], ground.ann)
    await ask(ground, "POST", "vote", ground.bo, idea_id=idea["id"], type="promote")
    await ask(ground, "POST", "chipVote", ground.bo, idea_id=idea["id"], chips="1")
    await ask(ground, "POST", "commentVote", ground.bo, comment_id=on["id"], type="promote")
    await ask(ground, "PUT", f"idea/{idea['id']}", ground.max, visible="0")
    for what in ("vote", "chipVote", "commentVote"):
        assert (await get(ground, f"/api3/{what}", ground.bo))["stats"]["total"] == 0
        assert (await get(ground, f"/api3/{what}", ground.max))["stats"]["total"] == 1
    assert await ask(ground, "POST", "vote", ground.bo, idea_id=idea["id"], type="demote") == (404, ABSENT)


async def test_whoever_contributes_has_entered(ground: Ground) -> None:
    idea = (await ground.post())["id"]
    entered = "SELECT person FROM tenant.ideas_entrant WHERE campaign = :campaign ORDER BY id"
    for number, who in enumerate((ground.bo, ground.max)):
        await ask(ground, "POST", ("vote", "chipVote")[number], who, idea_id=idea, type="promote", chips="1")
        await ask(ground, "POST", "vote", who, idea_id=idea, type="demote")
    people = [ground.people[name] for name in ("ann", "bo", "max")]
    direct = ground.tenant.scope.direct()
    assert await direct.values(entered, campaign=ground.campaign) == people
    assert await direct.value("SELECT members FROM tenant.ideas_campaign") == 3


async def test_the_neighbour_sees_no_vote(ground: Ground, make_tenant: MakeTenant) -> None:
    await ground.set(public=True)
    idea = (await ground.post())["id"]
    await ask(ground, "POST", "vote", ground.bo, idea_id=idea, type="promote")
    neighbour = await make_tenant("joe@x.org")
    for what in ("vote", "chipVote", "commentVote"):
        assert (await neighbour.http.get(f"/api3/{what}")).json()["stats"]["total"] == 0
    answer = await neighbour.http.get(f"/api3/vote?idea_id={idea}")
    assert (answer.status_code, answer.json()) == (404, ABSENT)
