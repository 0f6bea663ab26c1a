"""profileImage: taken from oneself and from administrators, made anew, shown with the member; the former one goes."""

import io
from typing import Any
from uuid import UUID

import httpx
import pytest
from PIL import Image
from PIL.ExifTags import Base

from clerestory.families.ideas.files import store
from clerestory.families.ideas.rights.model import Viewer
from tests.families.ideas.ground import ABSENT, Ground, forbidden, refused
from tests.families.ideas.land import put
from tests.families.ideas.uploads import CONTENTS, named, part, picture, stored
from tests.fixtures.tenants import MakeTenant

WRONG_TYPE = refused(2005, "Attachment must be in JPG,GIF,PNG,JPEG format")
INVALID_TOKEN = refused(1002, "The access token provided is invalid", "invalid_grant")


async def sent(
    ground: Ground, member: str, headers: dict[str, str], content: bytes = CONTENTS["jpg"], name: str = "me.jpg"
) -> httpx.Response:
    files = [part("photo", name, content)]
    return await ground.client.post("/api3/profileImage", headers=headers, data={"member_id": member}, files=files)


async def member_of(ground: Ground, name: str) -> dict[str, Any]:
    answer = await ground.client.get(f"/api3/member/{await ground.id_of(name)}", headers=ground.ann)
    body: dict[str, Any] = answer.json()["member"]
    return body


async def test_ones_own_image(ground: Ground) -> None:
    number, before = await ground.id_of("ann"), await member_of(ground, "ann")
    answer = await sent(ground, number, ground.ann)
    body = answer.json()["member"]
    changed = {name for name in body if body[name] != before[name]}
    assert (answer.status_code, changed) == (200, {"photo_url", "photo_file_id", "date_modified"})
    file = body["photo_file_id"]
    assert body["photo_url"] == f"http://127.0.0.1:8000/api3/file/{file}?format=binary&thumb_size=100"
    assert body["date_modified"] > (before["date_modified"] or "")
    assert answer.json() == {"member": await member_of(ground, "ann")}
    shown = await ground.client.get(f"/api3/file/{file}", headers=ground.bo)
    assert shown.json() == {
        "file": {
            "id": file,
            "reference_id": number,
            "extension": "jpg",
            "original_filename": "me.jpg",
            "grouping": "MEMBER",
            "url": f"http://127.0.0.1:8000/api3/file/{file}?format=binary",
            "type": "image/jpeg",
        }
    }


async def test_ones_own_image_in_xml(ground: Ground) -> None:
    answer = await ground.client.post(
        "/api3/profileImage?format=xml",
        headers=ground.ann,
        data={"member_id": await ground.id_of("ann")},
        files=[part("Photo", "me.gif", CONTENTS["gif"])],
    )
    file = (await member_of(ground, "ann"))["photo_file_id"]
    assert answer.text.startswith('<?xml version="1.0" encoding="UTF-8"?><response><member><id>')
    assert f"<photo_file_id>{file}</photo_file_id>" in answer.text


async def test_it_is_made_anew_and_tells_nothing_of_where_it_was_taken(ground: Ground) -> None:
    exif = Image.Exif()
    exif[Base.Make] = "secretcamera"
    content = picture("JPEG", (3000, 1500), exif=exif)
    file = (await sent(ground, await ground.id_of("ann"), ground.ann, content)).json()["member"]["photo_file_id"]
    answer = await ground.client.get(f"/api3/file/{file}?format=binary", headers=ground.ann)
    assert (Image.open(io.BytesIO(answer.content)).size, b"secret" in answer.content) == ((1024, 512), False)


async def test_a_clear_picture_stays_clear(ground: Ground) -> None:
    content = picture("PNG", (20, 20), "RGBA")
    file = (await sent(ground, await ground.id_of("ann"), ground.ann, content, "me.png")).json()["member"][
        "photo_file_id"
    ]
    answer = await ground.client.get(f"/api3/file/{file}?format=binary", headers=ground.ann)
    assert (answer.headers["content-type"], Image.open(io.BytesIO(answer.content)).mode) == ("image/png", "RGBA")


async def test_a_new_image_is_a_new_file_and_the_former_is_gone(ground: Ground) -> None:
    number = await ground.id_of("ann")
    first, second = [
        (await sent(ground, number, ground.ann, content)).json()["member"]["photo_file_id"]
        for content in (CONTENTS["jpg"], picture("JPEG", (10, 10)))
    ]
    assert first != second
    answer = await ground.client.get(f"/api3/file/{first}", headers=ground.ann)
    assert (answer.status_code, answer.json()) == (404, ABSENT)
    assert len(await stored(ground.tenant)) == 1
    assert await stored(ground.tenant) == await named(ground.tenant)


async def test_whose_image_one_may_set_and_remove(ground: Ground, admin: dict[str, str]) -> None:
    bo = await ground.id_of("bo")
    for headers, status, body in (
        ({}, 401, INVALID_TOKEN),
        (ground.ann, 403, forbidden()),
        (ground.max, 403, forbidden()),
    ):
        for answer in (
            await sent(ground, bo, headers),
            await ground.client.delete(f"/api3/profileImage/{bo}", headers=headers),
        ):
            assert (answer.status_code, answer.json()) == (status, body)
    for headers in (ground.bo, admin, {"Api-Key": ground.tenant.api_key}):
        assert (await sent(ground, bo, headers)).status_code == 200
        removed = await ground.client.delete(f"/api3/profileImage/{bo}", headers=headers)
        assert (removed.status_code, removed.json()) == (200, {"success": True})
        assert (await member_of(ground, "bo"))["photo_url"] is None
        again = await ground.client.delete(f"/api3/profileImage/{bo}", headers=headers)
        assert (again.status_code, again.json()) == (404, ABSENT)
    assert (await stored(ground.tenant), await named(ground.tenant)) == ([], [])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("me.bmp", CONTENTS["bmp"]),
        ("me.pdf", CONTENTS["pdf"]),
        ("me.png", CONTENTS["jpg"]),
        ("me.jpg", b"\xff\xd8\xff\xe0 and no more"),
        ("me.jpg", CONTENTS["jpg"][:200]),
    ],
)
async def test_what_is_no_image_is_refused(ground: Ground, name: str, content: bytes) -> None:
    answer = await sent(ground, await ground.id_of("ann"), ground.ann, content, name)
    assert (answer.status_code, answer.json()) == (400, WRONG_TYPE)
    assert await stored(ground.tenant) == []


async def test_what_is_missing_or_too_large_is_told(ground: Ground) -> None:
    ann, path = await ground.id_of("ann"), "/api3/profileImage"
    photo = part("photo", "me.jpg", CONTENTS["jpg"])
    for fields, files, body in (
        ({}, [photo], refused(2001, "Missing required parameter")),
        ({"member_id": "ann"}, [photo], refused(2007, "Invalid GUID received")),
        ({"member_id": ann}, [], refused(2001, "Missing required parameter")),
        ({"member_id": ann}, [part("photo", "", b"")], refused(2001, "Missing required parameter")),
    ):
        answer = await ground.client.post(path, headers=ground.ann, data=fields, files=files)
        assert (answer.status_code, answer.json()) == (400, body)
    large = CONTENTS["jpg"].ljust(1024 * 1024, b"\0")
    assert (await sent(ground, ann, ground.ann, large)).status_code == 200
    answer = await sent(ground, ann, ground.ann, large + b"\0")
    assert (answer.status_code, answer.json()) == (413, refused(2006, "Upload Error: file too large"))


async def test_of_whom_is_not_there_no_image_is_taken(
    ground: Ground, admin: dict[str, str], make_tenant: MakeTenant
) -> None:
    theirs = {"Api-Key": (await make_tenant("neighbour@x.org")).api_key}
    for member, headers in (("5B0E6C1A-2F7D-4C55-9E0B-7A1D3C9F1E20", admin), (await ground.id_of("ann"), theirs)):
        answer = await sent(ground, member, headers)
        assert (answer.status_code, answer.json()) == (404, ABSENT)
        answer = await ground.client.delete(f"/api3/profileImage/{member}", headers=headers)
        assert (answer.status_code, answer.json()) == (404, ABSENT)


async def test_nobody_sees_the_image_of_whoever_entered_a_public_campaign(ground: Ground) -> None:
    file = (await sent(ground, await ground.id_of("ann"), ground.ann)).json()["member"]["photo_file_id"]

    async def seen() -> bool:
        return await store.one_file(ground.tenant.scope.direct(), Viewer(), UUID(file)) is not None

    await ground.set(public=True)
    assert not await seen()
    await put(ground.tenant, "ideas_entrant", campaign=ground.campaign, person=ground.people["ann"])
    assert await seen()
    await ground.set(public=False)
    assert not await seen()
