"""What is noted of an app's requests, and its logo as it is kept."""

import base64
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One request of an app: who, what and how it ended; nothing of what was asked or answered."""

    app: int
    person: int | None
    method: str
    route: str
    status: int
    took_ms: int
    at: datetime


_MOST_BYTES = 48 * 1024
_BEGINNINGS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}


def as_picture(content: bytes) -> str | None:
    """A small picture as an address that holds it whole, by what it is and not by what it is called; else None."""
    media_type = next((kind for start, kind in _BEGINNINGS.items() if content.startswith(start)), None)
    if media_type is None or len(content) > _MOST_BYTES:
        return None
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"
