"""ideaAttachment: from whom files are taken, and how much before it is known from whom; the neighbour has no part."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.families.ideas.ground import ABSENT, Ground, forbidden, refused
from tests.families.ideas.land import make_app
from tests.families.ideas.uploads import CONTENTS, named, part, post, stored
from tests.fixtures.tenants import MakeTenant

TOO_LARGE = refused(2006, "Upload Error: file too large")
INVALID_TOKEN = refused(1002, "The access token provided is invalid", "invalid_grant")
FAN = part("attachment", "fan.JPG", CONTENTS["jpg"])
MIB = 1024 * 1024


@pytest.fixture
async def idea(ground: Ground) -> str:
    number: str = (await ground.post())["id"]
    return number


async def test_who_may_attach_and_detach(ground: Ground, idea: str, admin: dict[str, str]) -> None:
    key = {"Api-Key": ground.tenant.api_key}
    for headers in (ground.ann, ground.max, admin, key):
        answer = await post(ground.client, headers, idea, FAN)
        assert answer.status_code == 200, answer.text
        number = answer.json()["attachments"][0]["id"]
        removed = await ground.client.delete(f"/api3/ideaAttachment/{number}", headers=headers)
        assert (removed.status_code, removed.json()) == (200, {"success": True})
    assert (await stored(ground.tenant), await named(ground.tenant)) == ([], [])
    number = (await post(ground.client, ground.ann, idea, FAN)).json()["attachments"][0]["id"]
    for headers, status, body in (({}, 401, INVALID_TOKEN), (ground.bo, 403, forbidden())):
        answer = await post(ground.client, headers, idea, FAN)
        assert (answer.status_code, answer.json()) == (status, body)
        answer = await ground.client.delete(f"/api3/ideaAttachment/{number}", headers=headers)
        assert (answer.status_code, answer.json()) == (status, body)
    assert len(await stored(ground.tenant)) == 1


async def test_an_idea_that_is_not_seen_is_none(ground: Ground, idea: str) -> None:
    number = (await post(ground.client, ground.ann, idea, FAN)).json()["attachments"][0]["id"]
    await ground.tenant.scope.direct().execute("UPDATE tenant.ideas_idea SET visible = false")
    for headers in (ground.ann, ground.bo):
        answer = await post(ground.client, headers, idea, FAN)
        assert (answer.status_code, answer.json()) == (404, ABSENT)
        answer = await ground.client.delete(f"/api3/ideaAttachment/{number}", headers=headers)
        assert (answer.status_code, answer.json()) == (404, ABSENT)
    assert (await post(ground.client, ground.max, idea, FAN)).status_code == 200
    missing = await post(ground.client, ground.ann, "5B0E6C1A-2F7D-4C55-9E0B-7A1D3C9F1E20", FAN)
    assert (missing.status_code, missing.json()) == (404, ABSENT)
    for path in ("none", "5B0E6C1A-2F7D-4C55-9E0B-7A1D3C9F1E20"):
        answer = await ground.client.delete(f"/api3/ideaAttachment/{path}", headers=ground.max)
        assert (answer.status_code, answer.json()) == (404, ABSENT)


async def test_a_bad_token_is_refused_before_its_megabytes(ground: Ground, idea: str) -> None:
    heard = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal heard
        yield b'--x\r\nContent-Disposition: form-data; name="attachment"; filename="a.pdf"\r\n\r\n'
        for _ in range(100):
            heard += 1
            yield b"x" * 65_536

    headers = {"Authorization": f"Bearer {'0' * 40}", "Content-Type": "multipart/form-data; boundary=x"}
    answer = await ground.client.post("/api3/ideaAttachment", headers=headers, content=body())
    assert (answer.status_code, answer.json()) == (401, INVALID_TOKEN)
    assert heard == 0


async def test_a_token_in_the_form_itself_opens_one_files_worth(ground: Ground, idea: str) -> None:
    token = ground.ann["Authorization"].removeprefix("Bearer ")
    fields = {"idea_id": idea, "access_token": token}
    path, large = "/api3/ideaAttachment", CONTENTS["pdf"].ljust(5 * MIB, b"x")
    one, two = part("attachment", "a.pdf", large), part("attachment1", "b.pdf", large)
    assert (await ground.client.post(path, data=fields, files=[one])).status_code == 200
    answer = await ground.client.post(path, data=fields, files=[one, two])
    assert (answer.status_code, answer.json()) == (413, TOO_LARGE)
    answer = await ground.client.post(f"{path}?access_token={token}", data=fields, files=[one, two])
    assert answer.status_code == 200


async def test_the_neighbour_may_neither_see_nor_touch_it(
    client: httpx.AsyncClient, ground: Ground, idea: str, make_tenant: MakeTenant
) -> None:
    await ground.set(public=True)
    number = (await post(client, ground.ann, idea, FAN)).json()["attachments"][0]["id"]
    neighbour = await make_tenant("neighbour@x.org")
    theirs = {"Api-Key": neighbour.api_key}
    for query in ("", "?format=binary", "?format=binary&thumb_size=10"):
        answer = await client.get(f"/api3/file/{number}{query}", headers=theirs)
        assert (answer.status_code, answer.json()) == (404, ABSENT)
    for answer in (
        await client.delete(f"/api3/ideaAttachment/{number}", headers=theirs),
        await post(client, theirs, idea, FAN),
    ):
        assert (answer.status_code, answer.json()) == (404, ABSENT)
    assert len(await stored(ground.tenant)) == 1


async def test_public_data_takes_no_files(client: httpx.AsyncClient, ground: Ground, idea: str) -> None:
    answer = await client.post("/api3/ideaAttachment", data={"idea_id": idea}, files=[FAN])
    assert (answer.status_code, answer.json()) == (401, INVALID_TOKEN)


async def test_an_app_of_another_tenant_cannot_upload_here(
    client: httpx.AsyncClient, ground: Ground, idea: str, make_tenant: MakeTenant
) -> None:
    neighbour = await make_tenant("neighbour@x.org")
    theirs = await make_app(neighbour)
    fields = theirs.fields("password", username=neighbour.email, password=neighbour.password)
    token = (await client.post("/_oauth2/token", data=fields)).json()["access_token"]
    answer = await post(client, {"Authorization": f"Bearer {token}"}, idea, FAN)
    assert (answer.status_code, answer.json()) == (404, ABSENT)
