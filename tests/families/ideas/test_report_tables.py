"""What stands in each kind of report; nothing in it is a formula."""

import pytest

from clerestory.families.ideas.reports.sheet import harmless
from clerestory.families.ideas.reports.tables import PORTION
from tests.families.ideas.ground import Ground
from tests.families.ideas.reporting import made


async def test_what_stands_in_each(ground: Ground, admin: dict[str, str]) -> None:
    idea = await ground.post(title='=HYPERLINK("http://evil")', description='a, "b"\nc', anonymous="0")
    for path, fields, headers in (
        ("comment", {"comment": "-1 from me"}, ground.bo),
        ("vote", {"type": "promote"}, ground.bo),
        ("chipVote", {"chips": "3"}, ground.bo),
    ):
        answer = await ground.client.post(f"/api3/{path}", headers=headers, data={"idea_id": idea["id"], **fields})
        assert answer.status_code == 200, answer.text
    ann, bo = await ground.id_of("ann"), await ground.id_of("bo")
    about = [bo, "Bo Lee", idea["id"], idea["idea_code"], '\'=HYPERLINK("http://evil")', "Safer plant"]
    [head, line] = await made(ground, admin, report_type="IdeaDetails")
    assert dict(zip(head, line, strict=True)) == {
        "id": idea["id"],
        "idea_code": idea["idea_code"],
        "title": '\'=HYPERLINK("http://evil")',
        "description": 'a, "b"\nc',
        "campaign": "Safer plant",
        "category": "Noise",
        "status": "New",
        "member_id": ann,
        "member": "Ann Lee",
        "anonymous": "false",
        "visible": "true",
        "date_created": idea["date_created"],
        "date_modified": "",
        "score": "1",
        "promote_count": "1",
        "demote_count": "0",
        "chips": "3",
        "comment_count": "1",
    }
    [_, line] = await made(ground, admin, report_type="ideacommentdetails")
    assert line[2:] == ["'-1 from me", "true", *about]
    [_, line] = await made(ground, admin, report_type="ideavotedetails")
    assert line[1:] == ["promote", *about]
    [_, line] = await made(ground, admin, report_type="ideachipdetails")
    assert line[1:] == ["3", *about]
    [head, *lines] = await made(ground, admin, report_type="memberdetails")
    told = {line[1]: dict(zip(head, line, strict=True)) for line in lines}
    assert set(told) == {ground.tenant.email, "ann@x.org", "bo@x.org", "max@x.org"}
    assert (told["ann@x.org"]["id"], told["ann@x.org"]["idea_count"], told["bo@x.org"]["idea_count"]) == (ann, "1", "0")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\r=1", "'\r=1"),
        ("＝1", "'＝1"),
        ("1-1", "1-1"),
        ("", ""),
        ("'=1", "'=1"),
    ],
)
def test_what_looks_like_a_formula_is_none(text: str, written: str) -> None:
    assert harmless(text) == written


async def test_it_is_read_in_portions_and_each_campaign_by_itself(ground: Ground, admin: dict[str, str]) -> None:
    idea = await ground.post()
    count = PORTION * 2 + 3
    await ground.tenant.scope.direct().execute(
        """
        INSERT INTO tenant.ideas_comment (idea, person, text)
        SELECT i.id, i.person, 'Comment ' || n
          FROM tenant.ideas_idea AS i, generate_series(1, :count::bigint) AS n
        """,
        count=count,
    )
    lines = await made(ground, admin, report_type="ideacommentdetails", campaign_id=ground.campaign_id)
    assert [line[2] for line in lines[1:]] == [f"Comment {number}" for number in range(1, count + 1)]
    other = await ground.tenant.scope.direct().value(
        "INSERT INTO tenant.ideas_campaign (name) VALUES ('Other') RETURNING upper(uuid::text)"
    )
    lines = await made(ground, admin, report_type="ideacommentdetails", campaign_id=other)
    assert len(lines) == 1
    assert idea["campaign"]["id"] == ground.campaign_id
