"""The server's secret as it stands: found, never made."""

from clerestory.platform.tokens.vault import MIN_SECRET_BYTES
from clerestory.settings.installation import Installation


def known(installation: Installation) -> str | None:
    """What was set, else what the data folder keeps; None when there is none that this user can read and use."""
    secret = installation.secret or _kept(installation)
    return None if secret is None or len(secret.encode()) < MIN_SECRET_BYTES else secret


def _kept(installation: Installation) -> str | None:
    try:
        return (installation.data_dir / "secret").read_text().strip()
    except OSError:
        return None
