"""What an organisation has set of bots: a Facebook app of its own. Remembered for seconds, for webhooks come often."""

from collections.abc import Callable, Sequence
from typing import Any

from clerestory.families.bots.facebook import FacebookApp
from clerestory.families.bots.settings import BotsSettings
from clerestory.kernel.errors import Fault, Kind
from clerestory.kernel.values import Type
from clerestory.platform.delivery.settings import check_http_url
from clerestory.platform.identity import organisation
from clerestory.platform.identity.organisation import Organisation, Setting, Together
from clerestory.platform.tenancy import Scope
from clerestory.platform.tenancy.registry import Memory
from clerestory.platform.tokens import Vault


def _check_url(text: str) -> None:
    if text:
        check_http_url("bots_facebook_graph_url", text)


APP_ID: Setting[str] = Setting("bots_facebook_app_id", default="", longest=100, doc="Your own app at Facebook.")
APP_SECRET: Setting[str] = Setting(
    "bots_facebook_app_secret",
    default="",
    longest=500,
    secret=True,
    doc="Its secret: sign-ins are proved with it, and what Messenger tells is checked with it.",
)
GRAPH_URL: Setting[str] = Setting(
    "bots_facebook_graph_url",
    Type.TEXT,
    default="",
    longest=1000,
    check=_check_url,
    doc="Where the Graph API of your own app is; empty: the server's own setting.",
)
SETTINGS: tuple[Setting[Any], ...] = (APP_ID, APP_SECRET, GRAPH_URL)


def _faults(stored: Organisation, _unseal: Callable[[bytes], str]) -> Sequence[Fault]:
    """An app is its id and its secret; and nobody's own address gets what is signed for the operator's app."""
    complete = stored.sets(APP_ID), stored.sets(APP_SECRET)
    if all(complete):
        return ()
    missing = APP_ID if not complete[0] else APP_SECRET
    if any(complete) or stored.sets(GRAPH_URL):
        return (Fault(missing.name, Kind.MISSING, f"{missing.name} is needed beside what else is set of the app."),)
    return ()


RULES = (Together(SETTINGS, _faults),)


class Apps:
    """The Facebook app of each tenant: its own, else the operator's. A part of the process."""

    def __init__(self, defaults: BotsSettings, vault: Vault) -> None:
        self._defaults = defaults
        self._vault = vault
        self._memory: Memory[tuple[FacebookApp | None]] = Memory()

    async def of(self, scope: Scope) -> FacebookApp | None:
        """The app that this tenant's customers sign in by and its bots speak through; None: there is none."""
        known = self._memory.get(scope.tenant.id)
        if known is None:
            moment = self._memory.moment
            stored = await organisation.read(scope.direct())
            known = self._memory.put(scope.tenant.id, (self._app(stored),), moment)
        return known[0]

    def graph(self, app: FacebookApp | None) -> FacebookApp:
        """The app, or where there is none what is needed to speak with a page's token alone."""
        return app or FacebookApp(self._defaults.facebook_graph_url, "", "", trusted=True)

    def _app(self, stored: Organisation) -> FacebookApp | None:
        url, secret = stored.of(GRAPH_URL), stored.secret(APP_SECRET, self._vault.unseal)
        ours = self._defaults
        if secret:
            trusted = url in ("", ours.facebook_graph_url)
            return FacebookApp(url or ours.facebook_graph_url, stored.of(APP_ID), secret, trusted)
        if ours.facebook_app_id and ours.facebook_app_secret:
            return FacebookApp(ours.facebook_graph_url, ours.facebook_app_id, ours.facebook_app_secret, trusted=True)
        return None
