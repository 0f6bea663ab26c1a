"""One frozen value for everything that an operator sets, made of the packages' own settings."""

from dataclasses import dataclass, field

from clerestory.platform.database import DatabaseSettings
from clerestory.platform.tokens import GateSettings, VaultSettings


@dataclass(frozen=True, slots=True)
class Settings:
    """What one process needs to know. Read from the environment by the command line, built by hand in tests."""

    database: DatabaseSettings
    vault: VaultSettings
    gate: GateSettings = field(default_factory=GateSettings)
    public_url: str = "http://127.0.0.1:8000"
