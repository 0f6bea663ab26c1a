"""The portal of ideas in a real browser: an idea's whole way by mouse, by keyboard, on a phone and without script."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.firm import Firm
from tests.browser.opening import launched, listened
from tests.fixtures.program import Started, started

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """A server of its own, from nothing."""
    folder: Path = tmp_path_factory.mktemp("ideas")
    with started(folder / "server.log", "serve", "--data-dir", folder / "data") as server:
        yield server.ready()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


Opens = Callable[..., Page]


@pytest.fixture
def opens(browser: Browser, server: Started) -> Iterator[Opens]:
    """Pages of people who have nothing of each other's cookies; a complaint of any fails the test."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def opened(*, script: bool = True, size: dict[str, int] | None = None) -> Page:
        context = browser.new_context(
            base_url=f"http://127.0.0.1:{server.port}",
            java_script_enabled=script,
            viewport={"width": (size or {}).get("width", 1100), "height": (size or {}).get("height", 800)},
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        listened(page, complaints)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def _submit(page: Page, firm: Firm, title: str, description: str = "") -> str:
    """A new idea by the form; its path."""
    page.goto(f"{firm.path}new/")
    page.get_by_label("Title of your idea").fill(title)
    page.get_by_label("Describe your idea").fill(description or f"{title}: because it would help.")
    page.get_by_label("Category").select_option(label="Noise")
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url(re.compile(r"/ideas/D\d+/$"))
    return page.url


def _vote_and_take_it_back(page: Page, idea: str) -> None:
    page.goto(idea)
    up = page.get_by_role("button", name="Vote for this idea")
    up.click()
    expect(up).to_have_attribute("aria-pressed", "true")
    expect(up).to_have_text(re.compile(r"1$"))
    expect(up).to_be_focused()
    expect(page.locator("#said")).to_contain_text("You voted for it: 1 for")
    assert page.url == idea
    up.click()
    expect(up).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#said")).to_contain_text("You have no vote on it")


def _fits(page: Page) -> bool:
    """Whether nothing of the page has to be looked for sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_an_idea_from_its_form_to_the_roadmap(opens: Opens, server: Started) -> None:
    admin, member = opens(), opens()
    firm = Firm(server, admin, "ada@example.org")
    firm.member(member, "bo@example.org", "Bo")
    _submit(admin, firm, "Quieter fans in hall 3")

    member.get_by_role("link", name="Safer plant").click()
    member.get_by_role("link", name="Submit an idea").click()
    member.get_by_label("Title of your idea").press_sequentially("Fans that are quieter")
    alike = member.locator("#alike")
    expect(alike).to_contain_text("Quieter fans in hall 3")
    member.get_by_label("Title of your idea").fill("Brighter lamps")
    expect(alike).to_contain_text("No idea looks like this one.")
    member.get_by_label("Describe your idea").fill("<b>Nobody</b> sees the steps.")
    member.get_by_label("Category").select_option(label="Noise")
    member.get_by_label("Attachments").set_input_files(
        {"name": "steps.csv", "mimeType": "text/csv", "buffer": b"step,seen\n1,no\n"}
    )
    member.get_by_role("button", name="Submit").click()
    expect(member.get_by_role("heading", level=1)).to_have_text("Brighter lamps")
    expect(member.get_by_role("link", name="steps.csv")).to_be_visible()
    idea = member.url

    _vote_and_take_it_back(admin, idea)

    admin.get_by_label("Your comment").fill("Which <i>steps</i>?")
    admin.get_by_role("button", name="Comment", exact=True).click()
    expect(admin.locator("#talk")).to_contain_text("Which steps?")
    member.reload()
    member.locator("summary", has_text="Answer").click()
    member.get_by_label("Your answer to Ada Byron").fill("Those to the cellar.")
    member.get_by_role("button", name="Answer", exact=True).click()
    answer = member.locator(".thread .thread > li")
    expect(answer).to_contain_text("Those to the cellar.")
    expect(member.get_by_role("heading", name="2 comments")).to_be_visible()
    member.get_by_role("button", name="Vote for the comment of Ada Byron").click()
    expect(member.get_by_role("button", name="Vote for the comment of Ada Byron, 1 for")).to_be_focused()

    admin.get_by_label("Status").select_option(label="Planned")
    admin.get_by_role("button", name="Set").click()
    admin.get_by_role("link", name="Roadmap").click()
    lane = admin.get_by_role("region", name="Planned")
    expect(lane.get_by_role("link", name="Brighter lamps")).to_be_visible()


def test_a_list_follows_what_is_typed(opens: Opens, server: Started) -> None:
    admin = opens()
    firm = Firm(server, admin, "bea@example.org")
    for title in ("Quieter fans", "Brighter lamps", "Softer floors"):
        _submit(admin, firm, title)
    admin.goto(firm.path)
    admin.get_by_label("Search").press_sequentially("lamp")
    expect(admin.locator(".idea h2")).to_have_text(["Brighter lamps"])
    expect(admin.locator("#results").get_by_role("status")).to_contain_text("1 idea")
    assert admin.url.endswith("?q=lamp")
    expect(admin.get_by_label("Search")).to_be_focused()
    admin.get_by_label("Search").fill("")
    expect(admin.locator(".idea h2")).to_have_count(3)
    admin.get_by_role("link", name="Recent").click()
    expect(admin.locator(".idea h2")).to_have_text(["Softer floors", "Brighter lamps", "Quieter fans"])


def test_what_came_in_is_moderated(opens: Opens, server: Started) -> None:
    admin, member = opens(), opens()
    firm = Firm(server, admin, "cleo@example.org")
    firm.member(member, "dan@example.org", "Dan")
    kept, merged = _submit(admin, firm, "Quieter fans"), _submit(member, firm, "Fans that are quieter")
    admin.goto("/ideas/")
    admin.get_by_role("link", name="Moderation").click()
    hide = admin.get_by_role("button", name="Hide Fans that are quieter")
    hide.click()
    expect(admin.get_by_role("button", name="Show Fans that are quieter")).to_be_focused()
    expect(admin.locator("#said")).to_have_text("It was hidden.")
    member.goto(firm.path)
    expect(member.locator(".idea h2")).to_have_text(["Quieter fans"])
    admin.get_by_role("button", name="Show Fans that are quieter").click()
    expect(hide).to_be_focused()
    admin.get_by_role("link", name="Merge or move Fans that are quieter").click()
    admin.on("dialog", lambda dialog: dialog.accept())
    admin.get_by_label("Number of the idea that stays").fill(kept.split("/")[-2])
    admin.get_by_role("button", name="Merge").click()
    admin.wait_for_url(kept)
    member.goto(merged)
    expect(member.get_by_role("heading", level=1)).to_have_text("Quieter fans")


def test_the_keyboard_alone_votes_comments_and_finds_its_way(opens: Opens, server: Started) -> None:
    admin, member = opens(), opens()
    firm = Firm(server, admin, "eve@example.org")
    firm.member(member, "fay@example.org", "Fay")
    _submit(admin, firm, "Quieter fans")
    member.goto(firm.path)
    member.keyboard.press("Tab")
    expect(member.get_by_role("link", name="Skip to the content")).to_be_focused()
    member.keyboard.press("Enter")
    _tab_to(member, "Vote for “Quieter fans”")
    member.keyboard.press("Enter")
    up = member.get_by_role("button", name="Vote for “Quieter fans”")
    expect(up).to_have_attribute("aria-pressed", "true")
    expect(up).to_be_focused()
    _tab_to(member, "Quieter fans")
    member.keyboard.press("Enter")
    expect(member.get_by_role("heading", level=1)).to_have_text("Quieter fans")
    _tab_to(member, "Your comment")
    member.keyboard.type("By keys alone")
    _tab_to(member, "Comment")
    member.keyboard.press("Enter")
    comment = member.locator(".thread > li")
    expect(comment).to_contain_text("By keys alone")
    expect(comment).to_be_focused()


def _tab_to(page: Page, name: str) -> None:
    """Presses Tab until what has this name, or the label's field, is focused; gives up after a page's worth."""
    for _ in range(60):
        page.keyboard.press("Tab")
        named = page.evaluate(
            "(() => { const at = document.activeElement;"
            " return at.getAttribute('aria-label') ?? at.labels?.[0]?.innerText ?? at.innerText; })()"
        )
        if named == name or named.startswith(f"{name}, "):
            return
    raise AssertionError(f"no {name} by Tab")


def test_pages_fit_a_phone(opens: Opens, server: Started) -> None:
    phone = opens(size=PHONE)
    firm = Firm(server, phone, "gus@example.org")
    wide = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    idea = _submit(phone, firm, wide, f"{wide}\n\nhttps://example.org/{'a' * 90}")
    _submit(phone, firm, "Quieter fans")
    for depth in range(6):
        if depth:
            phone.locator("details.answer > summary").last.click()
        field = phone.locator(".answer textarea").last if depth else phone.get_by_label("Your comment")
        field.fill(f"{wide} {depth}")
        phone.locator("details.answer[open] button" if depth else ".say-it button").last.click()
        expect(phone.locator("#talk > h2")).to_have_text(re.compile(rf"^{depth + 1} comment"))
    member = phone.get_by_role("link", name="Your profile").get_attribute("href")
    for path in (
        "/ideas/", firm.path, f"{firm.path}?q=nothing", f"{firm.path}roadmap/", f"{firm.path}new/?title=fans", idea,
        phone.url, f"{idea}edit/", f"{idea}moderation/", "/ideas/activity/", "/ideas/moderation/", member or "",
        f"{member}edit/", "/following/", "/ideas/setup/campaigns/new/", f"/ideas/setup/campaigns/{firm.number}/",
    ):  # fmt: skip
        phone.goto(path)
        assert _fits(phone), path
        unnamed = phone.locator("input:not([type=hidden]), select, textarea").evaluate_all(
            "(all) => all.filter((one) => !one.labels?.length && !one.ariaLabel).map((one) => one.outerHTML)"
        )
        assert unnamed == [], path


def test_all_of_it_works_without_script(opens: Opens, server: Started) -> None:
    admin, plain = opens(), opens(script=False)
    firm = Firm(server, admin, "hal@example.org")
    firm.member(plain, "ida@example.org", "Ida")
    _submit(admin, firm, "Quieter fans")
    plain.goto(firm.path)
    plain.get_by_label("Search").fill("fan")
    plain.get_by_role("button", name="Filter").click()
    plain.get_by_role("button", name="Vote for “Quieter fans”").click()
    assert re.search(r"\?.*q=fan.*#vote-D\d+$", plain.url)
    expect(plain.get_by_role("button", name="Vote for “Quieter fans”")).to_have_attribute("aria-pressed", "true")
    plain.get_by_role("link", name="Quieter fans").click()
    plain.get_by_label("Your comment").fill("Without script")
    plain.get_by_role("button", name="Comment", exact=True).click()
    assert re.search(r"#comment-\d+$", plain.url)
    plain.get_by_role("button", name="Stop following").click()
    expect(plain.get_by_role("button", name="Follow this idea")).to_be_visible()
    plain.goto(f"{firm.path}new/")
    plain.get_by_label("Title of your idea").fill("Fans, quieter")
    plain.get_by_role("button", name="Look for ideas like it").click()
    expect(plain.locator("#alike")).to_contain_text("Quieter fans")
