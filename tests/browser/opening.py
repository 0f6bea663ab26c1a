"""How the tests' browser is started, and what of a page is a complaint."""

from playwright.sync_api import Page

# As root chromium has no sandbox; and it must not look for its maker's servers.
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


def listened(page: Page, complaints: list[str]) -> None:
    """Notes every complaint of script or of the content policy."""
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
