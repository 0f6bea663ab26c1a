"""What is on the wire of /api/v1 besides the declared resources: the error form, tokens, keys, the client."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType


class ErrorItem(Struct):
    """One fault, as clients of 2023 and later read it."""

    code: str
    detail: str
    attr: str | None


class Error(Struct, omit_defaults=True):
    """Every problem's body: both generations' forms in one."""

    type: Literal["validation_error", "client_error", "server_error"]
    errors: Annotated[list[ErrorItem], Meta(min_length=1)]
    detail: str
    code: str
    data: Annotated[dict[str, Any], Meta(description="Texts by field, for a validation error alone.")] | UnsetType = (
        UNSET
    )
    reference: Annotated[str, Meta(description="Finds the line in the server's log.")] | UnsetType = UNSET


class Tokens(Struct):
    """An access token for five minutes, and a refresh token for a day."""

    access: str
    refresh: str


class Nothing(Struct):
    """An empty object."""


State = Literal["PENDING", "PROVISIONING", "READY", "FAILED", "SUSPENDED"]


class Client(Struct):
    """The tenant that the request speaks for."""

    client: str
    schema: str
    state: State


class NewClient(Struct):
    """A tenant that was just registered, with its key."""

    client: str
    schema: str
    api_key: str
    state: State


class Key(Struct):
    """A key of the tenant; its text is masked but for its end."""

    id: int
    name: str
    key: str
    rights: list[str]
    created: datetime
    modified: datetime
    expires: datetime | None
    revoked: datetime | None


class KeysPage(Struct):
    """All keys of the tenant, the newest first."""

    count: int
    next: str | None
    previous: str | None
    results: list[Key]


class PageQuery(Struct):
    """Which part of a list."""

    limit: Annotated[int, Meta(ge=1, le=10**9 - 1)] | UnsetType = UNSET
    offset: Annotated[int, Meta(ge=0, le=10**9 - 1)] | UnsetType = UNSET


def encode(value: object) -> bytes:
    """The value as JSON."""
    return msgspec.json.encode(value)
