"""A bot in a real browser: somebody talks to it, a human answers and it falls silent, and it is given the chat back."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.opening import launched, listened
from tests.fixtures.program import Started, started

pytestmark = pytest.mark.browser

REPLIES = """{
  "welcome": {"text": "Hello! What is it about?", "buttons": [{"title": "Opening hours", "payload": "hours"}]},
  "hours": "Nine to five.",
  "default": "I know our opening hours alone."
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """A server of its own, from nothing."""
    folder: Path = tmp_path_factory.mktemp("bots")
    with started(folder / "server.log", "serve", "--data-dir", folder / "data") as server:
        yield server.ready()


@pytest.fixture
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


def _opened(browser: Browser, server: Started, complaints: list[str], *, script: bool = True) -> Page:
    """A page of somebody who has nothing of the others' cookies."""
    context: BrowserContext = browser.new_context(
        base_url=f"http://127.0.0.1:{server.port}", java_script_enabled=script
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    listened(page, complaints)
    return page


def _operator(page: Page, email: str) -> str:
    """Signs up, makes a bot and gives it replies; the address of its web chat."""
    page.goto("/register/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill("seven blue lanterns")
    page.get_by_label("First name").fill("Ada")
    page.get_by_label("Last name").fill("Byron")
    page.get_by_role("button", name="Register").click()
    page.get_by_role("link", name="Bots", exact=True).click()
    page.get_by_role("button", name="New bot").click()
    page.get_by_label("Replies").fill(REPLIES)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("The settings were saved.")
    address = page.get_by_role("link", name="Try it").get_attribute("href")
    assert address is not None
    return address


def _say(page: Page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.get_by_label("Your message").press("Enter")
    expect(page.get_by_label("Your message")).to_have_value("")


def test_a_human_takes_a_chat_over_and_gives_it_back(browser: Browser, server: Started) -> None:
    complaints: list[str] = []
    guest, operator = (_opened(browser, server, complaints) for _ in range(2))
    guest.goto(_operator(operator, "ada@example.org"))
    guest.get_by_role("button", name="Start").click()
    said = guest.get_by_role("log")
    expect(said).to_contain_text("Hello! What is it about?")
    guest.get_by_role("button", name="Opening hours").click()
    expect(said).to_contain_text("Nine to five.")
    _say(guest, "<b>Do you have shirts?</b>")
    expect(said).to_contain_text("<b>Do you have shirts?</b>")
    expect(said).to_contain_text("I know our opening hours alone.")

    operator.reload()
    operator.get_by_role("row").filter(has_text="Web chat").get_by_role("link").click()
    expect(operator.get_by_role("log")).to_contain_text("<b>Do you have shirts?</b>")
    operator.get_by_label("Answer as a human").fill("We do, in seven colours.")
    operator.get_by_role("button", name="Answer", exact=True).click()
    expect(operator.get_by_role("main")).to_contain_text("The bot is silent.")
    expect(said).to_contain_text("We do, in seven colours.")
    expect(guest.get_by_role("status")).to_contain_text("A human has taken over this chat")
    _say(guest, "What are your hours?")
    expect(operator.get_by_role("log")).to_contain_text("What are your hours?")
    assert said.get_by_text("Nine to five.").count() == 1

    operator.get_by_role("button", name="Give the chat back to the bot").click()
    expect(operator.get_by_role("main")).to_contain_text("The bot answers.")
    _say(guest, "And your hours?")
    expect(said.get_by_text("Nine to five.")).to_have_count(2)
    expect(guest.get_by_role("status")).to_be_empty(timeout=20_000)
    assert complaints == []


def test_a_page_without_script_talks_too(browser: Browser, server: Started) -> None:
    complaints: list[str] = []
    operator, guest = _opened(browser, server, complaints), _opened(browser, server, complaints, script=False)
    guest.goto(_operator(operator, "bea@example.org"))
    guest.get_by_role("button", name="Start").click()
    expect(guest.get_by_role("log")).to_contain_text("Hello! What is it about?")
    guest.get_by_role("button", name="Opening hours").click()
    expect(guest.get_by_role("log")).to_contain_text("Nine to five.")
    guest.get_by_label("Your message").fill("Something else")
    guest.get_by_role("button", name="Send").click()
    expect(guest.get_by_role("log")).to_contain_text("I know our opening hours alone.")
    assert complaints == []


def test_an_open_page_does_not_hold_up_the_end_of_the_server(browser: Browser, tmp_path: Path) -> None:
    with started(tmp_path / "server.log", "serve", "--data-dir", tmp_path / "data") as server:
        server.ready()
        guest, operator = (_opened(browser, server, []) for _ in range(2))
        guest.goto(_operator(operator, "cleo@example.org"))
        guest.get_by_role("button", name="Start").click()
        expect(guest.get_by_role("log")).to_contain_text("Hello! What is it about?")
        begun = time.monotonic()
        assert server.end(signal.SIGTERM) == 0
        assert time.monotonic() - begun < 10
