"""file: what is known of one, its bytes whole and in part, thumbnails; whose it is decides who reads it."""

import io
from uuid import UUID

import httpx
import pytest
from PIL import Image

from clerestory.families.ideas.files import store
from clerestory.families.ideas.rights.model import Viewer
from clerestory.platform.storage import Files
from tests.families.ideas.ground import ABSENT, Ground, refused
from tests.families.ideas.land import put, uuid_of
from tests.families.ideas.uploads import CONTENTS, part, picture, post, stored

GUARD = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "private, no-cache",
    "accept-ranges": "bytes",
}
NO_THUMBNAIL = refused(2007, "This file has no thumbnail")


async def attached(ground: Ground, name: str, content: bytes) -> str:
    """The id of a file of an idea of Ann's."""
    idea = (await ground.post())["id"]
    answer = await post(ground.client, ground.ann, idea, part("attachment", name, content))
    number: str = answer.json()["attachments"][0]["id"]
    return number


async def got(
    ground: Ground, number: str, query: str = "format=binary", headers: dict[str, str] | None = None
) -> httpx.Response:
    return await ground.client.get(f"/api3/file/{number}?{query}", headers={**ground.ann, **(headers or {})})


async def test_what_is_known_of_a_file(ground: Ground) -> None:
    number = await attached(ground, "fan.JPG", CONTENTS["jpg"])
    idea = await uuid_of(
        ground.tenant, "ideas_idea", await ground.tenant.scope.direct().value("SELECT idea FROM tenant.ideas_file")
    )
    body = {
        "file": {
            "id": number,
            "reference_id": str(idea).upper(),
            "extension": "jpg",
            "original_filename": "fan.JPG",
            "grouping": "IDEA",
            "url": f"http://127.0.0.1:8000/api3/file/{number}?format=binary",
            "type": "image/jpeg",
        }
    }
    for query in ("", "format=json", "format=none", "thumb_size=100"):
        answer = await got(ground, number, query)
        assert (answer.status_code, answer.json()) == (200, body)
    assert (await got(ground, number, "format=xml")).text == (
        f'<?xml version="1.0" encoding="UTF-8"?><response><file><id>{number}</id>'
        f"<reference_id>{str(idea).upper()}</reference_id><extension>jpg</extension><original_filename>fan.JPG</original_filename><grouping>IDEA</grouping>"
        f"<url>http://127.0.0.1:8000/api3/file/{number}?format=binary</url><type>image/jpeg</type></file></response>"
    )


async def test_its_bytes_run_nothing_in_a_browser(ground: Ground) -> None:
    number = await attached(ground, "a<b>ü.jpg", CONTENTS["jpg"])
    answer = await got(ground, number)
    assert (answer.status_code, answer.content) == (200, CONTENTS["jpg"])
    told = {
        **GUARD,
        "content-type": "image/jpeg",
        "content-length": str(len(CONTENTS["jpg"])),
        "etag": f'"{number}"',
        "content-disposition": "inline; filename=\"a_b__.jpg\"; filename*=UTF-8''a%3Cb%3E%C3%BC.jpg",
        "x-ratelimit-limit": "300",
    }
    assert {name: value for name, value in answer.headers.items() if name != "x-request-id"} == told


async def test_what_is_no_picture_is_saved(ground: Ground) -> None:
    answer = await got(ground, await attached(ground, "a.csv", b"a;b\n"))
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


async def test_a_part_of_it(ground: Ground) -> None:
    number = await attached(ground, "a.pdf", CONTENTS["pdf"])
    answer = await got(ground, number, headers={"Range": "bytes=5-7"})
    assert (answer.status_code, answer.content) == (206, CONTENTS["pdf"][5:8])
    assert answer.headers["content-range"] == f"bytes 5-7/{len(CONTENTS['pdf'])}"
    assert (await got(ground, number, headers={"Range": "bytes=999-"})).status_code == 416


async def test_what_is_known_is_not_sent_again(ground: Ground) -> None:
    number = await attached(ground, "fan.jpg", CONTENTS["jpg"])
    tag = ""
    for query in ("format=binary", "format=binary&thumb_size=10"):
        tag = (await got(ground, number, query)).headers["etag"]
        again = await got(ground, number, query, {"If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (await got(ground, number, headers={"If-None-Match": tag})).status_code == 200


async def test_headers_alone(ground: Ground) -> None:
    number = await attached(ground, "fan.jpg", CONTENTS["jpg"])
    answer = await ground.client.head(f"/api3/file/{number}?format=binary", headers=ground.ann)
    assert (answer.status_code, answer.headers["content-length"], answer.content) == (
        200,
        str(len(CONTENTS["jpg"])),
        b"",
    )


async def test_a_token_in_the_address_reads_it(ground: Ground) -> None:
    number = await attached(ground, "fan.jpg", CONTENTS["jpg"])
    token = ground.ann["Authorization"].removeprefix("Bearer ")
    answer = await ground.client.get(f"/api3/file/{number}?format=binary&thumb_size=100&access_token={token}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    answer = await ground.client.get(f"/api3/file/{number}?format=binary&access_token=none")
    assert answer.status_code == 401


@pytest.mark.parametrize(("asked", "size"), [("10", (10, 5)), ("25", (25, 13)), ("99999999999", (400, 200))])
async def test_a_thumbnail(ground: Ground, asked: str, size: tuple[int, int]) -> None:
    number = await attached(ground, "fan.png", picture("PNG", (400, 200)))
    answer = await got(ground, number, f"format=binary&thumb_size={asked}")
    shown = Image.open(io.BytesIO(answer.content))
    assert (answer.status_code, shown.format, shown.size) == (200, "JPEG", size)
    assert answer.headers["content-disposition"] == "inline; filename=\"fan.jpg\"; filename*=UTF-8''fan.jpg"
    assert GUARD.items() <= dict(answer.headers).items()


async def test_a_size_that_is_none_is_passed_over(ground: Ground) -> None:
    number = await attached(ground, "fan.jpg", CONTENTS["jpg"])
    for asked in ("", "0", "-5", "large", "1.5"):
        assert (await got(ground, number, f"format=binary&thumb_size={asked}")).content == CONTENTS["jpg"]


async def test_what_is_no_picture_has_no_thumbnail(ground: Ground) -> None:
    broken = picture("PNG", (400, 200))[:60]
    for name, content in (("a.pdf", CONTENTS["pdf"]), ("a.tiff", CONTENTS["tiff"]), ("a.png", broken)):
        answer = await got(ground, await attached(ground, name, content), "format=binary&thumb_size=100")
        assert (answer.status_code, answer.json()) == (400, NO_THUMBNAIL), name


async def test_a_file_is_read_by_whoever_sees_its_idea(ground: Ground, admin: dict[str, str]) -> None:
    number = await attached(ground, "fan.jpg", CONTENTS["jpg"])
    everybody = {"ann": ground.ann, "bo": ground.bo, "max": ground.max, "admin": admin}

    async def readers() -> list[str]:
        found = []
        for name, headers in everybody.items():
            answers = [await got(ground, number, query, headers) for query in ("", "format=binary")]
            assert [answer.json() for answer in answers if answer.status_code != 200] in ([], [ABSENT, ABSENT])
            found += [name for answer in answers[:1] if answer.status_code == 200]
        seen = await store.one_file(ground.tenant.scope.direct(), Viewer(), UUID(number))
        return [*found, *(["nobody"] if seen else [])]

    assert await readers() == ["ann", "bo", "max", "admin"]
    await ground.set(public=True)
    assert await readers() == ["ann", "bo", "max", "admin", "nobody"]
    await ground.set(public=False, restricted=True)
    assert await readers() == ["max", "admin"]
    await ground.set(public=True, restricted=False)
    await ground.tenant.scope.direct().execute("UPDATE tenant.ideas_idea SET visible = false")
    assert await readers() == ["max", "admin"]


async def test_a_comments_file_is_read_by_whoever_sees_the_comment(ground: Ground) -> None:
    number = await attached(ground, "fan.jpg", CONTENTS["jpg"])
    direct = ground.tenant.scope.direct()
    idea = await direct.value("SELECT idea FROM tenant.ideas_file")
    comment = await put(ground.tenant, "ideas_comment", idea=idea, person=ground.people["bo"], text="Yes")
    await direct.execute("UPDATE tenant.ideas_file SET idea = NULL, comment = :comment", comment=comment)
    body = (await got(ground, number, "")).json()["file"]
    uuid = await uuid_of(ground.tenant, "ideas_comment", comment)
    assert (body["grouping"], body["reference_id"]) == ("COMMENT", str(uuid).upper())
    await direct.execute("UPDATE tenant.ideas_comment SET visible = false")
    assert (await got(ground, number)).status_code == 404
    assert (await got(ground, number, headers=ground.max)).status_code == 200
    removed = await ground.client.delete(f"/api3/ideaAttachment/{number}", headers=ground.max)
    assert (removed.status_code, removed.json()) == (404, ABSENT)


async def test_what_is_not_there(ground: Ground) -> None:
    for number in ("none", "5B0E6C1A-2F7D-4C55-9E0B-7A1D3C9F1E20"):
        answer = await got(ground, number)
        assert (answer.status_code, answer.json()) == (404, ABSENT)


async def test_a_row_whose_bytes_are_gone_is_a_fault_and_no_half_answer(ground: Ground) -> None:
    number = await attached(ground, "fan.jpg", CONTENTS["jpg"])
    [name] = await stored(ground.tenant)
    await ground.tenant.scope.part(Files).shelf(ground.tenant.tenant.id, "ideas").delete(name)
    answer = await got(ground, number)
    fault = refused(2000, "The file is not where it was stored.", "server_error")
    assert (answer.status_code, answer.json()) == (500, fault)
