"""The form of an idea as a page without script: what is asked, what is wrong, what is alike, and an idea changed."""

import re

import httpx

from tests.families.ideas.browsing import Crowd, text_of
from tests.families.ideas.land import put, uuid_of
from tests.families.ideas.uploads import picture


def form(crowd: Crowd, **more: str | list[str]) -> dict[str, str | list[str]]:
    return {"title": "Quieter fans", "description": "Swap them", "category_id": crowd.ground.category_id, **more}


async def question(crowd: Crowd, type: str, description: str, *options: str, **more: object) -> tuple[str, list[str]]:
    """The id of a new question as the form names it, and those of its choices."""
    tenant = crowd.ground.tenant
    number = await put(
        tenant, "ideas_question", campaign=crowd.ground.campaign, type=type, description=description, **more
    )
    choices = [
        await uuid_of(
            tenant,
            "ideas_question_option",
            await put(tenant, "ideas_question_option", question=number, description=text, place=place),
        )
        for place, text in enumerate(options)
    ]
    page = await crowd.bo.get(f"{crowd.campaign}new/")
    uuid = str(await uuid_of(tenant, "ideas_question", number)).upper()
    assert uuid in page.text
    return uuid, [str(one).upper() for one in choices]


def field(page: httpx.Response, name: str) -> str:
    """The tag of a field."""
    found = re.search(rf'<(?:input|select|textarea)[^>]*name="{name}"[^>]*>', page.text)
    assert found, name
    return found[0]


async def test_what_is_submitted_is_an_idea(crowd: Crowd) -> None:
    answer = await crowd.bo.post(f"{crowd.campaign}new/", form(crowd, tags="noise, air"))
    assert answer.status_code == 303
    text = text_of(await crowd.ann.get(answer.headers["location"]))
    for shown in ("Quieter fans", "Swap them", "Noise", "Bo Lee", "#noise", "#air"):
        assert shown in text


async def test_the_form_asks_what_the_campaign_asks(crowd: Crowd) -> None:
    cost, _ = await question(crowd, "number", "What does it cost?", required=True, instruction="In euros")
    when, _ = await question(crowd, "date", "By when?")
    soon, [now, later] = await question(crowd, "radio", "How soon?", "Now", "Later")
    where, [here, there] = await question(crowd, "checkbox", "Where?", "Here", "There")
    page = await crowd.bo.get(f"{crowd.campaign}new/")
    assert 'type="number"' in field(page, cost)
    assert f'aria-describedby="{cost}-hint" required' in field(page, cost)
    assert 'type="date"' in field(page, when)
    given: dict[str, str | list[str]] = {when: "2024-05-31", soon: later, where: [here, there]}
    refused = await crowd.bo.post(f"{crowd.campaign}new/", form(crowd, **given))
    assert refused.status_code == 400
    assert 'aria-invalid="true"' in field(refused, cost)
    assert 'value="2024-05-31"' in field(refused, when)
    assert [f'value="{one}" checked' in refused.text for one in (now, later, here, there)] == [False, True, True, True]
    answer = await crowd.bo.post(f"{crowd.campaign}new/", form(crowd, **given, **{cost: "7"}))
    text = text_of(await crowd.bo.get(answer.headers["location"]))
    for shown in ("What does it cost? 7", "By when? 05/31/2024", "How soon? Later"):
        assert shown in text


async def test_what_is_missing_stands_at_its_field(crowd: Crowd) -> None:
    page = await crowd.bo.post(f"{crowd.campaign}new/", {"title": " ", "description": "<b>", "category_id": ""})
    assert page.status_code == 400
    assert 'aria-invalid="true"' in field(page, "title")
    assert 'aria-invalid="true"' not in field(page, "description")
    assert ">&lt;b&gt;</textarea>" in page.text
    assert "Please fill this in." in text_of(page)
    page = await crowd.bo.post(f"{crowd.campaign}new/", form(crowd, title="x" * 256))
    assert (page.status_code, "This has at most 255 characters." in text_of(page)) == (400, True)


async def test_files_come_with_it(crowd: Crowd) -> None:
    data = {"csrf": crowd.bo.csrf, **form(crowd)}
    files = {"attachment": ("fan.png", picture("PNG"), "image/png")}
    answer = await crowd.bo.http.post(f"{crowd.campaign}new/", data=data, files=files)
    assert answer.status_code == 303
    page = await crowd.ann.get(answer.headers["location"])
    [image] = re.findall(r'<img src="([^"]+)" alt="fan.png"', page.text)
    assert (await crowd.ann.get(image.replace("&amp;", "&"))).headers["content-type"] == "image/jpeg"
    files = {"attachment": ("fan.png", b"no picture", "image/png")}
    page = await crowd.bo.http.post(f"{crowd.campaign}new/", data=data, files=files)
    assert page.status_code == 400
    assert "Choose the files again." in text_of(page)
    assert text_of(await crowd.bo.get(crowd.campaign)).count("Quieter fans") == 1


async def test_ideas_like_it_are_shown(crowd: Crowd) -> None:
    path = await crowd.idea(title="Quieter fans")
    await crowd.idea(title="Brighter lamps")
    hidden = await crowd.idea(title="Quieter pumps")
    await crowd.max.post(f"{hidden}visible/", {"visible": "0"})
    page = await crowd.bo.get(f"{crowd.campaign}new/?title=a+quieter+workshop")
    assert re.findall(r'<li><a href="([^"]+)" target="_blank"', page.text) == [path]
    assert 'value="a quieter workshop"' in field(page, "title")
    page = await crowd.bo.post(f"{crowd.campaign}new/", form(crowd, title="The fan", look="1"))
    assert page.status_code == 200
    assert re.findall(r'<li><a href="([^"]+)" target="_blank"', page.text) == [path]
    assert "No idea looks like this one." in text_of(await crowd.bo.get(f"{crowd.campaign}new/?title=zebra"))
    assert text_of(await crowd.bo.get(crowd.campaign)).count("The fan") == 0


async def test_no_form_where_nothing_may_be_submitted(crowd: Crowd) -> None:
    await crowd.ground.set(status="Closed")
    assert (await crowd.bo.get(f"{crowd.campaign}new/")).status_code == 403
    assert (await crowd.bo.post(f"{crowd.campaign}new/", form(crowd))).status_code == 403
    assert "Submit an idea" not in text_of(await crowd.bo.get(crowd.campaign))
    await crowd.ground.set(status="Active", restricted=True)
    assert (await crowd.bo.get(f"{crowd.campaign}new/")).status_code == 404
    assert (await crowd.bo.post(f"{crowd.campaign}new/", form(crowd))).status_code == 404


async def test_an_idea_is_changed_by_who_submitted_it(crowd: Crowd) -> None:
    uuid, [now, _] = await question(crowd, "select", "How soon?", "Now", "Later")
    path = await crowd.idea(title="Quieter fans", tags="noise", **{uuid: now})
    assert f'href="{path}edit/"' not in (await crowd.bo.get(path)).text
    assert (await crowd.bo.get(f"{path}edit/")).status_code == 403
    assert (await crowd.bo.post(f"{path}edit/", form(crowd))).status_code == 403
    page = await crowd.ann.get(f"{path}edit/")
    assert 'value="Quieter fans"' in field(page, "title")
    assert 'value="noise"' in field(page, "tags")
    assert f'value="{now}" selected' in page.text
    assert 'type="file"' not in page.text
    answer = await crowd.ann.post(f"{path}edit/", form(crowd, title="Silent fans", tags="", **{uuid: ""}))
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    text = text_of(await crowd.bo.get(path))
    assert "Silent fans" in text
    assert ("#noise" in text, "How soon?" in text) == (False, False)
    page = await crowd.ann.post(f"{path}edit/", form(crowd, title=""))
    assert (page.status_code, 'aria-invalid="true"' in field(page, "title")) == (400, True)
