"""Files that come with a new idea or comment: there with it, or not at all."""

import asyncio
import io

from starlette.datastructures import UploadFile

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.conventions.parameters import Parameters
from clerestory.families.ideas.files.attach import kept
from clerestory.families.ideas.rights.model import Viewer
from tests.families.ideas.ground import Ground, refused
from tests.families.ideas.test_attachments import WRONG_TYPE
from tests.families.ideas.uploads import CONTENTS, named, part, stored

FILES = [part("attachment", "fan.jpg", CONTENTS["jpg"]), part("attachment1", "fan.pdf", CONTENTS["pdf"])]


def fields(ground: Ground, **more: str) -> dict[str, str]:
    given = {"campaign_id": ground.campaign_id, "title": "Quieter fans", "description": "Swap the bearings."}
    return {**given, "category_id": ground.category_id, **more}


async def test_an_idea_comes_with_its_files(ground: Ground) -> None:
    answer = await ground.client.post("/api3/idea", headers=ground.ann, data=fields(ground), files=FILES)
    body = answer.json()["idea"]
    told = [(one["original_filename"], one["reference_id"], one["grouping"]) for one in body["attachments"]]
    assert told == [("fan.jpg", body["id"], "IDEA"), ("fan.pdf", body["id"], "IDEA")]
    for one in body["attachments"]:
        path = one["url"].removeprefix("http://127.0.0.1:8000")
        assert (await ground.client.get(path, headers=ground.ann)).status_code == 200
    assert await stored(ground.tenant) == await named(ground.tenant)


async def test_an_idea_that_is_refused_leaves_no_files(ground: Ground) -> None:
    for more in ({"campaign_id": ground.status_id}, {"title": ""}, {"category_id": ""}):
        given = fields(ground, **more)
        answer = await ground.client.post("/api3/idea", headers=ground.ann, data=given, files=FILES)
        assert answer.status_code in (400, 404), answer.text
    hostile = [*FILES, part("attachment2", "fan.exe", b"MZ")]
    answer = await ground.client.post("/api3/idea", headers=ground.ann, data=fields(ground), files=hostile)
    assert (answer.status_code, answer.json()) == (400, WRONG_TYPE)
    assert (await stored(ground.tenant), await named(ground.tenant)) == ([], [])
    assert await ground.tenant.scope.direct().value("SELECT count(*) FROM tenant.ideas_idea") == 0


async def test_a_comment_comes_with_its_file(ground: Ground) -> None:
    idea = (await ground.post())["id"]
    given = {"idea_id": idea, "comment": "Tried it, works."}
    answer = await ground.client.post("/api3/comment", headers=ground.bo, data=given, files=FILES[:1])
    body = answer.json()["comment"]
    attachment = body["attachment"]
    assert attachment == {
        "id": attachment["id"],
        "reference_id": body["id"],
        "extension": "jpg",
        "original_filename": "fan.jpg",
        "grouping": "COMMENT",
        "url": f"http://127.0.0.1:8000/api3/file/{attachment['id']}?format=binary",
        "type": "image/jpeg",
    }
    shown = await ground.client.get(f"/api3/file/{attachment['id']}", headers=ground.ann)
    assert shown.json() == {"file": attachment}


async def test_a_comment_has_one_file(ground: Ground) -> None:
    idea = (await ground.post())["id"]
    given = {"idea_id": idea, "comment": "Tried it, works."}
    answer = await ground.client.post("/api3/comment", headers=ground.bo, data=given, files=FILES)
    expected = refused(2007, "Too many files in one request: 1 at most.")
    assert (answer.status_code, answer.json()) == (400, expected)
    assert await stored(ground.tenant) == []


async def test_an_idea_without_files_needs_none(ground: Ground) -> None:
    assert "attachments" not in await ground.post()


async def test_what_may_have_been_committed_is_left_to_the_sweep(ground: Ground) -> None:
    """Of a connection that is lost at the commit nobody knows whether it did: a row without bytes would be worse."""
    asked = asking(ground)
    for error, left in ((ConnectionError(), 1), (asyncio.CancelledError(), 2)):
        try:
            async with kept(asked):
                raise error
        except (ConnectionError, asyncio.CancelledError):
            assert len(await stored(ground.tenant)) == left
    assert await named(ground.tenant) == []


async def test_a_request_that_is_given_up_while_files_are_stored_leaves_none(ground: Ground) -> None:
    asked, begun = asking(ground), asyncio.Event()

    class Slow(UploadFile):
        async def read(self, size: int = -1) -> bytes:
            if await super().read(1):
                begun.set()
                await asyncio.Event().wait()
            return b""

    files = [*asked.parameters.files, ("attachment1", Slow(io.BytesIO(CONTENTS["pdf"]), filename="b.pdf", size=9))]
    slow = Asked(asked.scope, asked.viewer, Parameters({}, files))

    async def keep() -> None:
        async with kept(slow):
            raise AssertionError("it never comes so far")

    keeping = asyncio.create_task(keep())
    await begun.wait()
    assert len(await stored(ground.tenant)) >= 1
    keeping.cancel()
    await asyncio.wait([keeping])
    assert keeping.cancelled()
    assert await stored(ground.tenant) == []


def asking(ground: Ground) -> Asked:
    """A request of Ann's with one file, inside the server."""
    file = UploadFile(io.BytesIO(CONTENTS["pdf"]), filename="a.pdf", size=len(CONTENTS["pdf"]))
    parameters = Parameters({}, [("attachment", file)])
    return Asked(ground.tenant.scope, Viewer(ground.people["ann"]), parameters)
