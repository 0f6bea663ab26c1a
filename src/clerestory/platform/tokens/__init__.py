"""Keys, access tokens and sessions: issue, verify, revoke. What they may do stands in the tenant's Actor."""

from clerestory.platform.tokens.gate import Bearer, Gate, GateSettings, Shown
from clerestory.platform.tokens.vault import Vault, VaultSettings

__all__ = ["Bearer", "Gate", "GateSettings", "Shown", "Vault", "VaultSettings"]
