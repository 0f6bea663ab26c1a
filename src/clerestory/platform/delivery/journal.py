"""The latest messages with what came of them, for who looks after an organisation's delivery."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clerestory.kernel.channels import Channel, Code
from clerestory.platform.database import Runner
from clerestory.platform.delivery.message import Stage


@dataclass(frozen=True, slots=True)
class Entry:
    """One message. A text without a subject has its beginning there.

    `transport` is empty for one that was never carried, `due` set for one that is tried again.
    """

    id: int
    created: datetime
    channel: Channel
    recipients: tuple[str, ...]
    subject: str
    stage: Stage
    code: Code | None
    note: str
    transport: str
    tries: int
    due: datetime | None
    arrival: str | None


def _entry(channel: str, recipients: list[str], state: str, code: str | None, **rest: Any) -> Entry:
    known = None if code is None else Code(code)
    return Entry(channel=Channel(channel), recipients=tuple(recipients), stage=Stage(state), code=known, **rest)


async def latest(runner: Runner, limit: int) -> list[Entry]:
    """The latest messages of every family, the newest first."""
    return await runner.rows(
        """
        SELECT id, created, channel, recipients, COALESCE(NULLIF(subject, ''), left(body_text, 120)) AS subject, state,
               code, COALESCE(note, '') AS note, COALESCE(transport, '') AS transport, tries, due, arrival
          FROM tenant.delivery_message
         ORDER BY id DESC
         LIMIT :limit
        """,
        _entry,
        limit=limit,
    )
