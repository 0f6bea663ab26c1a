"""report: GET one, LIST, CREATE; and its download."""

from starlette.responses import Response

from clerestory.families.ideas.calling import Asked, api
from clerestory.families.ideas.conventions.listing import order_of, page_of
from clerestory.families.ideas.reports import look, store
from clerestory.families.ideas.reports.ask import ask
from clerestory.families.ideas.reports.model import Wanted
from clerestory.families.ideas.reports.wire import (
    WITH,
    NewReport,
    ReportAnswer,
    ReportList,
    ReportQuery,
    ReportsQuery,
)
from clerestory.kernel.errors import Invalid, NotFound, Unauthenticated
from clerestory.platform.http import Access, Route


async def get_report(asked: Asked) -> ReportAnswer:
    return ReportAnswer(await look.one(asked, _number(asked.id), member=_member(asked)))


async def list_reports(asked: Asked) -> ReportList:
    parameters = asked.parameters
    started, completed = parameters.day("date_started"), parameters.day("date_completed")
    wanted = Wanted(
        id=_sought(asked),
        type=(parameters.text("report_type") or "").strip().lower() or None,
        campaign=parameters.sought("campaign_id"),
        member=parameters.sought("member_id"),
        started_from=started[0] if started else None,
        started_until=started[1] if started else None,
        completed_from=completed[0] if completed else None,
        completed_until=completed[1] if completed else None,
    )
    order = order_of(parameters, store.SORTABLE, store.DEFAULT_ORDER, store.TIE)
    return await look.listed(asked, wanted, order, page_of(parameters), member=_member(asked))


async def post_report(asked: Asked) -> ReportAnswer:
    return ReportAnswer(await look.one(asked, await ask(asked), member=_member(asked)))


async def get_download(asked: Asked) -> Response:
    return await look.file(asked, _number(asked.id))


def _member(asked: Asked) -> bool:
    return "member" in asked.parameters.wanted(WITH)


def _number(text: str) -> int | None:
    """The number that a text means; None: no report has it."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def _sought(asked: Asked) -> int | None:
    """The number that the list is filtered by. Raises NotFound for what is none."""
    text = (asked.parameters.text("id") or "").strip()
    number = _number(text)
    if text and number is None:
        raise NotFound
    return number


_ASKED = (Invalid, Unauthenticated, NotFound)

ROUTES = (
    Route(
        "GET",
        "/api3/report",
        api(list_reports),
        Access.NAMED,
        "Reports",
        response=ReportList,
        query=ReportsQuery,
        problems=_ASKED,
    ),
    Route(
        "POST",
        "/api3/report",
        api(post_report),
        Access.NAMED,
        "Has a report made",
        request=NewReport,
        response=ReportAnswer,
        query=ReportQuery,
        problems=_ASKED,
    ),
    Route(
        "GET",
        "/api3/report/{id}",
        api(get_report),
        Access.NAMED,
        "One report",
        response=ReportAnswer,
        query=ReportQuery,
        problems=_ASKED,
    ),
    Route(
        "GET",
        "/_report/download/{id}",
        api(get_download),
        Access.NAMED,
        "The table of a report that is made",
        media_type="text/csv",
        problems=_ASKED,
    ),
)
