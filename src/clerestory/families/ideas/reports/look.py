"""Reports looked at: one, a list, and the file of one. For those who administer the tenant or the report's campaign."""

from starlette.responses import Response

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.conventions.listing import Page
from clerestory.families.ideas.conventions.spelling import guid
from clerestory.families.ideas.files.attach import shelf_of
from clerestory.families.ideas.members.look import embedded
from clerestory.families.ideas.problems import Worded
from clerestory.families.ideas.reports import store
from clerestory.families.ideas.reports.model import Report, Wanted
from clerestory.families.ideas.reports.wire import ReportBody, ReportList, to_report
from clerestory.families.ideas.rights.filters import Named, require_seen
from clerestory.families.ideas.rights.model import Case, Deed, refusal
from clerestory.kernel.errors import NotFound
from clerestory.platform.http import downloads
from clerestory.platform.http.downloads import Download

NOT_MADE = "This report is not made yet"


async def require_role(asked: Asked) -> None:
    """Raises Forbidden for those who administer nothing, Unauthenticated for nobody."""
    administers = await store.administers(asked.scope.direct(), asked.viewer)
    problem = refusal(asked.viewer.role_in(administers=administers), Deed.USE_REPORT, Case())
    if problem is not None:
        raise problem


async def one(asked: Asked, number: int | None, *, member: bool) -> ReportBody:
    """One report. Raises NotFound, Forbidden."""
    [body] = await _bodies(asked, [await _found(asked, number)], member=member)
    return body


async def listed(asked: Asked, wanted: Wanted, order: str, page: Page, *, member: bool) -> ReportList:
    """A page of the reports that are wanted and seen. Raises Forbidden; NotFound for a filter by what is not seen."""
    await require_role(asked)
    runner = asked.scope.direct()
    found = await store.page(runner, asked.viewer, wanted, order, (page.size, page.offset))
    total = await store.count(runner, asked.viewer, wanted)
    if not total:
        await require_seen(runner, asked.viewer, Named(campaign=wanted.campaign, member=wanted.member))
    return ReportList(await _bodies(asked, found, member=member), page.stats(total))


async def file(asked: Asked, number: int | None) -> Response:
    """The table. Raises NotFound, also in words of its own while it is made and where it cannot be; Forbidden."""
    report = await _found(asked, number)
    if report.stored is None:
        raise Worded(report.failure or NOT_MADE)
    stored, shelf = report.stored, shelf_of(asked)
    size = await shelf.size(stored)
    download = Download(f"{report.type}-{report.id}.csv", "text/csv", size, guid(report.uuid))
    return await downloads.answer(
        download, asked.headers, lambda start, stop: shelf.read(stored, start, stop), head=asked.head
    )


async def _found(asked: Asked, number: int | None) -> Report:
    await require_role(asked)
    report = None if number is None else await store.one_report(asked.scope.direct(), asked.viewer, number)
    if report is None:
        raise NotFound
    return report


async def _bodies(asked: Asked, reports: list[Report], *, member: bool) -> list[ReportBody]:
    address = asked.url("/_report/download")
    bodies = [to_report(report, address) for report in reports]
    if member:
        people = await embedded(asked, [report.person for report in reports if report.person is not None])
        for report, body in zip(reports, bodies, strict=True):
            body.member = people.get(report.person or 0)
    return bodies
