"""The form that connects a bot to its Facebook page: the page's id, name and token. The token is never shown again."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from clerestory.families.bots.chats.look import Seen
from clerestory.kernel.errors import Fault, Invalid, Kind
from clerestory.kernel.values import storable
from clerestory.platform.web import Form

_LONGEST = 255
_LONGEST_TOKEN = 2000


@dataclass(frozen=True, slots=True)
class Connection:
    """What stands in the form, and what is wrong with it. An empty token leaves that of now in its place."""

    page_id: str
    page_name: str
    page_token: str = field(default="", repr=False)
    faults: Mapping[str, str] = field(default_factory=dict)


def connection_of(seen: Seen) -> Connection:
    """The page as it is connected now."""
    facebook = msgspec.json.decode(seen.bot.attributes).get("facebook")
    known = facebook if isinstance(facebook, dict) else {}
    page_id, page_name = (str(known.get(name) or "") for name in ("pageId", "pageName"))
    return Connection(page_id, page_name)


def typed(form: Form) -> Connection:
    """What was typed."""
    return Connection(form.text("page_id"), form.text("page_name"), form.text("page_token"))


def changes(given: Connection) -> dict[str, object]:
    """The attributes that the form sets. Raises Invalid with all that is wrong."""
    faults = {
        "page_id": "" if _fits(given.page_id, _LONGEST) else f"At most {_LONGEST} characters are allowed.",
        "page_name": "" if _fits(given.page_name, _LONGEST) else f"At most {_LONGEST} characters are allowed.",
        "page_token": "" if _fits(given.page_token, _LONGEST_TOKEN) else "This is no page token.",
    }
    wrong = [Fault(name, Kind.INVALID, text) for name, text in faults.items() if text]
    if wrong:
        raise Invalid(*wrong)
    page = {"pageId": given.page_id, "pageName": given.page_name}
    return {"facebook": page | ({"pageAccessToken": given.page_token} if given.page_token else {})}


def _fits(text: str, longest: int) -> bool:
    return len(text) <= longest and storable(text)
