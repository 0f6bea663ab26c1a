"""How a page of the portal is drawn: what every template is given beside its own values."""

from collections.abc import Mapping
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.conventions.spelling import EASTERN, guid
from clerestory.families.ideas.members.wire import MemberBody
from clerestory.families.ideas.portal import prose, store
from clerestory.families.ideas.portal.call import ROOT
from clerestory.platform.web.asked import address
from clerestory.platform.web.pages import pages_of

NOBODY = "Anonymous"


def at(text: str) -> datetime:
    """A time as the API writes it."""
    return datetime.fromisoformat(text).replace(tzinfo=EASTERN).astimezone(UTC)


def day(text: str) -> str:
    """`2 Mar 2024`, of a time as the API writes it."""
    moment = at(text)
    return f"{moment.day} {moment:%b %Y}"


def name_of(member: MemberBody) -> str:
    """What a member is called on a page; who is not told is Anonymous."""
    return (
        member.screen_name or f"{member.first_name} {member.last_name}".strip() or ("Member" if member.id else NOBODY)
    )


def idea_path(code: str) -> str:
    """The page of an idea."""
    return f"{ROOT}{code}/"


def campaign_path(campaign: str, rest: str = "") -> str:
    """The page of a campaign, or one below it. Addresses have ids in small letters."""
    return f"{ROOT}campaigns/{campaign.lower()}/{rest}"


def member_path(member: str) -> str:
    """The page of a member."""
    return f"{ROOT}members/{member.lower()}/"


def file_path(file: str, edge: int = 0) -> str:
    """Where a page reads a file, or a thumbnail of it."""
    return address(f"{ROOT}files/{file.lower()}/", {"thumb_size": edge or None})


_GIVEN: Mapping[str, object] = {
    "at": at,
    "day": day,
    "name_of": name_of,
    "runs": prose.runs,
    "plain": prose.plain,
    "idea_path": idea_path,
    "campaign_path": campaign_path,
    "member_path": member_path,
    "file_path": file_path,
    "guid": guid,
}


async def draw(
    asked: Asked, request: Request, template: str, values: Mapping[str, object], *, status: int = 200
) -> Response:
    """A page of the family's templates."""
    myself = await store.myself(asked.scope.direct(), asked.viewer)
    query = request.url.query
    here = request.url.path + (f"?{query}" if query else "")
    given = {
        **_GIVEN,
        "whole": asked.url,
        "here": here if request.method == "GET" else ROOT,
        "me": myself.id,
        "manages": myself.manages and not asked.scope.tenant.public,
    }
    return await pages_of(asked.scope).render(request, f"ideas/{template}", {**given, **values}, status=status)
