"""Members: a page for each, with what it submitted, and one's own changed there."""

from collections.abc import Mapping
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.conventions.listing import Page
from clerestory.families.ideas.files import photo
from clerestory.families.ideas.ideas import look as ideas
from clerestory.families.ideas.ideas import store as idea_store
from clerestory.families.ideas.ideas.model import Wanted
from clerestory.families.ideas.members import look, save
from clerestory.families.ideas.portal.call import faults_of, saying
from clerestory.families.ideas.portal.draw import draw, member_path
from clerestory.families.ideas.rights.model import Case, Deed
from clerestory.kernel.errors import Invalid, NotFound, TooLarge
from clerestory.platform.web import asked as address

SIZE = 20
_SHOWN = frozenset({"promote_count", "demote_count", "tags"})
_NONE: frozenset[str] = frozenset()
FIELDS = (
    ("first_name", "First name"),
    ("last_name", "Last name"),
    ("screen_name", "Shown name"),
    ("job_title", "Job title"),
    ("department", "Department"),
    ("phone", "Phone"),
    ("mobile_phone", "Mobile phone"),
    ("address", "Address"),
)
TEXTS = (("skills", "Skills"), ("work_history", "Work history"))
_NOT_TAKEN = "This is no picture of at most 1 MB that can be shown: choose a JPEG, PNG or GIF."


async def get_member(asked: Asked, request: Request) -> Response:
    """One member with a page of the ideas that it is known to have submitted."""
    member = await look.one(asked, asked.uuid, _NONE)
    number = address.page(request)
    wanted = Wanted(member=asked.uuid)
    found = await ideas.listed(asked, wanted, idea_store.DEFAULT_ORDER, Page(number, SIZE), _SHOWN)
    values = {
        "member": member,
        "ideas": found.idea_list,
        **address.pager(request.url.path, {}, number, found.stats.total, SIZE),
    }
    return await draw(asked, request, "member.html", values)


async def get_profile(asked: Asked, request: Request) -> Response:
    """The form of one's own page, or for an administrator of anybody's."""
    return await _draw(asked, request)


async def post_profile(asked: Asked, request: Request) -> Response:
    """The member as the form says; or the form again with what is wrong."""
    texts = {name: asked.parameters.text(name) for name, _ in (*FIELDS, *TEXTS)}
    given = {name: text.strip() for name, text in texts.items() if text is not None}
    try:
        await save.change(replace(asked, parameters=saying(**given)), asked.uuid)
    except Invalid as problem:
        return await _draw(asked, request, given, faults_of(problem))
    return RedirectResponse(member_path(asked.id), 303)


async def post_photo(asked: Asked, request: Request) -> Response:
    """A new picture of the member, or none."""
    try:
        if asked.parameters.flag("remove"):
            await photo.withdraw(asked, asked.uuid)
        else:
            await photo.replace(asked, asked.uuid)
    except (Invalid, TooLarge):
        return await _draw(asked, request, {}, {"photo": _NOT_TAKEN})
    return RedirectResponse(member_path(asked.id), 303)


async def _draw(
    asked: Asked, request: Request, typed: Mapping[str, str] | None = None, faults: Mapping[str, str] | None = None
) -> Response:
    member = await look.one(asked, asked.uuid, _NONE)
    me = await look.me(asked, _NONE) if asked.viewer.person is not None else None
    if asked.scope.tenant.public:
        raise NotFound
    asked.viewer.require(Deed.UPDATE_MEMBER, Case(own=me is not None and me.id == member.id))
    held = {name: getattr(member, name) for name, _ in (*FIELDS, *TEXTS)}
    values = {
        "member": member,
        "typed": {**held, **(typed or {})},
        "faults": faults or {},
        "fields": FIELDS,
        "texts": TEXTS,
    }
    return await draw(asked, request, "profile.html", values, status=400 if faults else 200)
