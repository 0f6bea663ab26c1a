"""A newcomer's way in a real browser: sign up, copy the key, post an error, see the issue and the message."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.opening import launched, listened
from tests.fixtures.program import Started, started

pytestmark = pytest.mark.browser

_ERROR = {"code": "E-17", "application": "shop", "message": "<b>Till</b> is stuck", "severity": "CRITICAL"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """A server of its own, from nothing."""
    folder: Path = tmp_path_factory.mktemp("tour")
    with started(folder / "server.log", "serve", "--data-dir", folder / "data") as server:
        yield server.ready()


@pytest.fixture
def page(server: Started) -> Iterator[Page]:
    """A page whose every complaint, of script or of the content policy, fails the test."""
    with launched() as browser:
        page = browser.new_page(base_url=f"http://127.0.0.1:{server.port}")
        page.set_default_timeout(20_000)
        complaints: list[str] = []
        listened(page, complaints)
        yield page
    assert complaints == []


def _register(page: Page, email: str) -> str:
    """Signs up; the key that the menu shows."""
    page.goto("/")
    page.get_by_role("banner").get_by_role("link", name="Register").click()
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill("seven blue lanterns")
    page.get_by_label("First name").fill("Ada")
    page.get_by_label("Last name").fill("Byron")
    page.get_by_role("button", name="Register").click()
    page.locator("details.account summary").click()
    key = page.locator("#api-key").inner_text()
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", key)
    return key


def test_from_registration_to_the_issue_and_the_message(page: Page, server: Started) -> None:
    key = _register(page, "ada@example.org")
    page.goto("/instructions/")
    expect(page.locator("#escalate")).to_contain_text(f"Authorization: Bearer {key}")
    answer = server.http.post("/escalate", json=_ERROR, headers={"Authorization": f"Bearer {key}"})
    assert (answer.status_code, [job["platform"] for job in answer.json()["data"]]) == (201, ["EMAIL"])

    page.get_by_role("link", name="Issues").click()
    row = page.get_by_role("row").filter(has_text="E-17")
    expect(row).to_contain_text("shop")
    expect(row).to_contain_text("CRITICAL")
    row.get_by_role("link").first.click()
    expect(page.get_by_role("main")).to_contain_text("<b>Till</b> is stuck")

    page.get_by_role("link", name="Inbox").click()
    page.get_by_role("link", name="[CRITICAL] shop: <b>Till</b> is stuck").click()
    expect(page.get_by_role("main")).to_contain_text("ada@example.org")


def test_a_request_tried_in_the_viewer_rides_on_the_log_in(page: Page) -> None:
    _register(page, "bea@example.org")
    page.goto("/docs/workspace/")
    operation = page.locator(".opblock").filter(has=page.locator('[data-path="/api/v1/people/"]')).first
    operation.get_by_role("button").first.click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    expect(operation.locator(".live-responses-table")).to_contain_text("bea@example.org")


def test_a_renewed_key_shows_after_the_question_is_answered(page: Page, server: Started) -> None:
    old = _register(page, "cleo@example.org")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Renew").click()
    page.wait_for_url("**/admin/")
    page.locator("details.account summary").click()
    new = page.locator("#api-key").inner_text()
    assert new != old
    assert server.http.get("/profile", headers={"x-api-key": old}).status_code == 401
    assert server.http.get("/profile", headers={"x-api-key": new}).status_code == 200
