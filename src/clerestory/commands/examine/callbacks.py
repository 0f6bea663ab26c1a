"""The addresses that providers call back for the installation's own senders, to be entered there by the operator.

Without a server secret there are none yet, and none is made here.
"""

from collections.abc import Iterator

from clerestory.commands.examine.finding import Finding, Level
from clerestory.commands.examine.secret import known
from clerestory.platform.delivery.links import SHARED, CallbackLinks
from clerestory.platform.tokens import Vault, VaultSettings
from clerestory.settings.installation import Installation


def callbacks(installation: Installation) -> Iterator[Finding]:
    """One finding for each provider that is configured for all tenants."""
    secret = known(installation)
    if secret is None:
        return
    links = CallbackLinks(Vault(VaultSettings(secret)), installation.settings("", secret).public_url)
    if installation.delivery.twilio() is not None:
        advice = "Enter it at Twilio, at the number or messaging service: where a message that comes in is reported."
        yield Finding("Twilio calls back", Level.NOTE, links.url("twilio", SHARED), advice)
    if installation.delivery.whatsapp() is not None:
        text = f"{links.url('whatsapp', SHARED)} with the verify token {links.token(SHARED)}"
        yield Finding("Meta calls back", Level.NOTE, text, "Enter both at Meta, at the app's webhook for WhatsApp.")
