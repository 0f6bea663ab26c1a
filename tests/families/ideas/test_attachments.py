"""ideaAttachment: what is taken and from whom, whole in JSON and XML; what is refused leaves nothing stored."""

import asyncio
import re
from typing import Any

import pytest

from clerestory.families.ideas.files.model import name_of
from tests.families.ideas.ground import Ground, refused
from tests.families.ideas.uploads import CONTENTS, archive, named, part, post, stored

WRONG_TYPE = refused(
    2005,
    "Attachment must be in JPG,GIF,BMP,PNG,JPEG,DOC,DOCX,XLS,XLSX,PPT,PPTX,PDF,AVI,WMV,MOV,SWF,ZIP,RAR,CSV,FLV,7Z,WAV,"
    "TIFF,M4V,MOV,MP4,MPG format",
)
TOO_LARGE = refused(2006, "Upload Error: file too large")
MISSING = refused(2001, "Missing required parameter")
BAD_GUID = refused(2007, "Invalid GUID received")
INVALID_TOKEN = refused(1002, "The access token provided is invalid", "invalid_grant")
FAN = part("attachment", "fan.JPG", CONTENTS["jpg"])
MIB = 1024 * 1024


@pytest.fixture
async def idea(ground: Ground) -> str:
    number: str = (await ground.post())["id"]
    return number


async def files_of(ground: Ground) -> list[tuple[str, str]]:
    """{(id, name)} of every file of the tenant, the oldest first."""
    sql = "SELECT upper(uuid::text) AS uuid, name FROM tenant.ideas_file ORDER BY id"
    return await ground.tenant.scope.direct().rows(sql, lambda uuid, name: (uuid, name))


async def test_a_file_is_attached(ground: Ground, idea: str) -> None:
    answer = await post(ground.client, ground.ann, idea, FAN)
    [(number, _)] = await files_of(ground)
    body = {
        "attachments": [
            {
                "id": number,
                "reference_id": idea,
                "extension": "jpg",
                "original_filename": "fan.JPG",
                "grouping": "IDEA",
                "url": f"http://127.0.0.1:8000/api3/file/{number}?format=binary",
                "type": "image/jpeg",
            }
        ]
    }
    assert (answer.status_code, answer.json()) == (200, body)
    assert await stored(ground.tenant) == await named(ground.tenant)
    shown = await ground.client.get(f"/api3/idea/{idea}", headers=ground.ann)
    assert shown.json()["idea"]["attachments"] == body["attachments"]


async def test_a_file_is_attached_in_xml(ground: Ground, idea: str) -> None:
    answer = await ground.client.post(
        "/api3/ideaAttachment?format=xml", headers=ground.ann, data={"idea_id": idea}, files=[FAN]
    )
    [(number, _)] = await files_of(ground)
    assert answer.text == (
        f'<?xml version="1.0" encoding="UTF-8"?><response><attachments><attachment><id>{number}</id>'
        f"<reference_id>{idea}</reference_id><extension>jpg</extension><original_filename>fan.JPG</original_filename>"
        f"<grouping>IDEA</grouping><url>http://127.0.0.1:8000/api3/file/{number}?format=binary</url><type>image/jpeg</type>"
        "</attachment></attachments></response>"
    )


async def test_several_files_come_in_one_request_under_any_of_the_names(ground: Ground, idea: str) -> None:
    names = ["attachment", "Attachment", "ATTACHMENT1", "attachment22", "attachments", "attachments[]"]
    parts = [part(name, f"{place}.pdf", CONTENTS["pdf"]) for place, name in enumerate(names)]
    strays = [part("file", "stray.pdf", CONTENTS["pdf"]), part("attachmentx", "stray.pdf", CONTENTS["pdf"])]
    answer = await post(ground.client, ground.ann, idea, *parts, *strays)
    told = [one["original_filename"] for one in answer.json()["attachments"]]
    assert told == [f"{place}.pdf" for place in range(len(names))]
    assert len(await stored(ground.tenant)) == len(names)


async def test_every_kind_is_taken(ground: Ground, idea: str) -> None:
    for extension, content in CONTENTS.items():
        answer = await post(ground.client, ground.ann, idea, part("attachment", f"a.{extension}", content))
        assert answer.status_code == 200, extension
        [body] = answer.json()["attachments"]
        binary = await ground.client.get(f"/api3/file/{body['id']}?format=binary", headers=ground.ann)
        assert (binary.content, binary.headers["content-type"].partition(";")[0]) == (content, body["type"])


async def test_no_kind_is_taken_for_another(ground: Ground, idea: str) -> None:
    """A program, a page, a picture of another kind: none of them is what another name says."""
    await ground.tenant.http.patch("/api/v1/settings/", json={"ideas_requests_per_hour": 0})
    for extension in CONTENTS:
        other = CONTENTS["png" if extension != "png" else "gif"]
        for content in (
            b"MZ\x90\x00" + b"\0" * 100,
            b" <html><script>alert(1)</script>",
            b"\x7fELF\x02\x01\x01\0",
            other,
        ):
            answer = await post(ground.client, ground.ann, idea, part("attachment", f"a.{extension}", content))
            assert (answer.status_code, answer.json()) == (400, WRONG_TYPE), (extension, content)
    assert await stored(ground.tenant) == []


HOSTILE = [
    ("fan.exe", CONTENTS["jpg"]),
    ("fan.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ("fan.html", b"<html>"),
    ("fan.jpg.html", CONTENTS["jpg"]),
    ("fan", CONTENTS["jpg"]),
    ("jpg", CONTENTS["jpg"]),
    ("..jpg", CONTENTS["jpg"]),
    ("fan.jpg.", CONTENTS["pdf"]),
    ("fan.png", CONTENTS["jpg"]),
    ("fan.docx", archive("word/document.xml")),
    ("fan.docx", archive("[Content_Types].xml", "xl/workbook.xml")),
    ("fan.docx", b"PK\x03\x04 and no more"),
    ("fan.pdf", b""),
    ("fan.csv", b"a;b\0c"),
    ("fan.csv", b"\xef\xbb\xbf \n<!DOCTYPE html>"),
]


async def test_the_type_is_looked_for_and_not_believed(ground: Ground, idea: str) -> None:
    for name, content in HOSTILE:
        answer = await post(ground.client, ground.ann, idea, part("attachment", name, content, "image/jpeg"))
        assert (answer.status_code, answer.json()) == (400, WRONG_TYPE), name
    assert await stored(ground.tenant) == []


async def test_one_that_is_refused_takes_the_others_with_it(ground: Ground, idea: str) -> None:
    answer = await post(ground.client, ground.ann, idea, FAN, part("attachment1", "fan.exe", b"MZ"))
    assert (answer.status_code, answer.json()) == (400, WRONG_TYPE)
    assert (await stored(ground.tenant), await named(ground.tenant)) == ([], [])


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("fan.jpg", "fan.jpg"),
        ("C:\\Users\\ann\\fan.jpg", "fan.jpg"),
        ("../../etc/fan.jpg", "fan.jpg"),
        ("/", ""),
        ("..jpg", "jpg"),
        (" fan.jpg. ", "fan.jpg"),
        ("\u202egpj.fan.jpg", "gpj.fan.jpg"),
        ("f\0a\r\nn.jpg", "fan.jpg"),
        ("\ud800fan.jpg", "fan.jpg"),
        ("Lüfter 扇.jpg", "Lüfter 扇.jpg"),
        ("<b>\"'&.jpg", "<b>\"'&.jpg"),
        ("x" * 300 + ".jpg", "x" * 196 + ".jpg"),
        ("x." + "y" * 300, "x." + "y" * 188 + "." + "y" * 9),
    ],
)
def test_a_name_is_kept_without_its_folder_and_what_cannot_be_seen(given: str, kept: str) -> None:
    assert name_of(given) == kept


async def test_a_name_from_elsewhere_leads_nowhere(ground: Ground, idea: str) -> None:
    answer = await post(ground.client, ground.ann, idea, part("attachment", "../../../etc/Lüfter.jpg", CONTENTS["jpg"]))
    assert answer.json()["attachments"][0]["original_filename"] == "Lüfter.jpg"
    assert all(re.fullmatch("[0-9a-f]{32}", name) for name in await stored(ground.tenant))


async def test_seven_megabytes_and_no_more(ground: Ground, idea: str) -> None:
    largest = CONTENTS["pdf"].ljust(7 * MIB, b"x")
    assert (await post(ground.client, ground.ann, idea, part("attachment", "a.pdf", largest))).status_code == 200
    answer = await post(ground.client, ground.ann, idea, part("attachment", "a.pdf", largest + b"x"))
    assert (answer.status_code, answer.json()) == (413, TOO_LARGE)
    assert len(await stored(ground.tenant)) == 1


async def test_other_requests_have_the_bodies_that_they_had(ground: Ground) -> None:
    field = {"name": "x" * MIB}
    answer = await ground.client.post("/api3/ideaAttachment", headers=ground.ann, data=field)
    assert (answer.status_code, answer.json()) == (413, TOO_LARGE)
    answer = await ground.client.put("/api3/member/none", headers=ground.ann, files=[part("a", "a", b"x" * MIB)])
    assert (answer.status_code, answer.json()) == (413, TOO_LARGE)


@pytest.mark.parametrize(
    ("fields", "files", "body"),
    [
        ({}, [FAN], MISSING),
        ({"idea_id": " "}, [FAN], MISSING),
        ({"idea_id": "D118"}, [FAN], BAD_GUID),
        ({"idea_id": "5B0E6C1A-2F7D-4C55-9E0B-7A1D3C9F1E20"}, [], MISSING),
        ({"idea_id": "5B0E6C1A-2F7D-4C55-9E0B-7A1D3C9F1E20"}, [part("attachment", "", b"")], MISSING),
        ({"idea_id": "5B0E6C1A-2F7D-4C55-9E0B-7A1D3C9F1E20", "attachment": "text"}, [part("b", "b", b"")], MISSING),
    ],
)
async def test_what_is_missing_is_told(ground: Ground, fields: dict[str, str], files: list[Any], body: object) -> None:
    answer = await ground.client.post("/api3/ideaAttachment", headers=ground.ann, data=fields, files=files)
    assert (answer.status_code, answer.json()) == (400, body)


async def test_a_place_that_is_full_is_told_and_leaves_nothing(
    ground: Ground, idea: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int, chunk: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.write", full)
        answer = await post(ground.client, ground.ann, idea, FAN)
    assert (answer.status_code, answer.json()) == (
        503,
        refused(2000, "Files cannot be reached now.", "temporarily_unavailable"),
    )
    assert (await stored(ground.tenant), await named(ground.tenant)) == ([], [])


async def test_what_is_removed_meanwhile_is_removed_once(ground: Ground, idea: str) -> None:
    number = (await post(ground.client, ground.ann, idea, FAN)).json()["attachments"][0]["id"]
    asked = [ground.client.delete(f"/api3/ideaAttachment/{number}", headers=ground.ann) for _ in range(2)]
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [200, 404]
    assert (await stored(ground.tenant), await named(ground.tenant)) == ([], [])
