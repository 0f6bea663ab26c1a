"""The token endpoint's answer, spelled as on the wire."""

import msgspec


class System(msgspec.Struct):
    """A system that the member belongs to: a bare host name, which becomes a client's base address."""

    host_name: str


class TokenAnswer(msgspec.Struct, omit_defaults=True):
    """Tokens. A client's own credentials get no refresh token."""

    access_token: str
    expires_in: int
    token_type: str
    scope: str | None
    systems: list[System]
    refresh_token: str | None = None
