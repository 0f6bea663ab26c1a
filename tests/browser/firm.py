"""An organisation that browsers visit."""

from playwright.sync_api import Page, expect

from tests.fixtures.program import Started

PASSWORD = "seven blue lanterns"


class Firm:
    """An organisation with a campaign, that takes people in."""

    def __init__(self, server: Started, page: Page, email: str) -> None:
        self.server, self.email = server, email
        page.goto("/register/")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_label("First name").fill("Ada")
        page.get_by_label("Last name").fill("Byron")
        page.get_by_role("button", name="Register").click()
        page.locator("details.account summary").click()
        self.client = page.locator("details.account summary").inner_text()
        self.key = page.locator("#api-key").inner_text()
        campaign = self.make(
            "campaigns", name="Safer plant", description="What would make the shop floor safer?", language="english"
        )
        self.make("categories", campaign=campaign["id"], name="Noise", place=1)
        self.number = campaign["id"]
        self.path = f"/ideas/campaigns/{campaign['uuid']}/"

    def make(self, kind: str, **fields: object) -> dict[str, object]:
        answer = self.server.http.post(f"/api/v1/ideas/{kind}/", json=fields, headers={"Api-Key": self.key})
        assert answer.status_code == 201, answer.text
        record: dict[str, object] = answer.json()
        return record

    def member(self, page: Page, email: str, name: str) -> None:
        """Takes somebody in, who logs in on the page."""
        body = {"email": email, "first_name": name, "last_name": "Lee", "password": PASSWORD}
        answer = self.server.http.post("/api/v1/people/", json=body, headers={"Api-Key": self.key})
        assert answer.status_code == 201, answer.text
        page.goto("/login/?next=/ideas/")
        page.get_by_label("Client").select_option(label=self.client)
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Log in").click()
        expect(page.get_by_role("link", name="Your profile")).to_be_visible()
