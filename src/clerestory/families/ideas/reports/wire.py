"""Reports as on the wire. Their id is a small number, as a text."""

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from clerestory.families.ideas.conventions.spelling import guid, guid_or_none, moment, moment_or_none
from clerestory.families.ideas.members.wire import MemberBody
from clerestory.families.ideas.reports.model import Report
from clerestory.families.ideas.wire import Stats

WITH = ("member",)


class ReportBody(msgspec.Struct):
    """A report, alone or in a list."""

    id: str
    top_id: str
    member_id: str | None
    date_started: str
    date_completed: str | None
    campaign_id: str | None
    report_type: str
    url: str
    member: MemberBody | UnsetType | None = UNSET


class ReportAnswer(msgspec.Struct):
    """One report."""

    report: ReportBody


class ReportList(msgspec.Struct):
    """A page of reports."""

    report_list: list[ReportBody]
    stats: Stats


class ReportQuery(msgspec.Struct):
    """What one report may be asked with."""

    with_: str | None = msgspec.field(name="with", default=None)
    format: Literal["json", "xml"] = "json"


class ReportsQuery(msgspec.Struct):
    """What a list of reports may be asked with."""

    id: str | None = None
    report_type: str | None = None
    campaign_id: str | None = None
    member_id: str | None = None
    date_started: str | None = None
    date_completed: str | None = None
    page: int = 1
    page_size: int = 20
    order: str | None = None
    with_: str | None = msgspec.field(name="with", default=None)
    format: Literal["json", "xml"] = "json"


class NewReport(msgspec.Struct):
    """A report that is wanted: of one campaign, or of all."""

    report_type: Literal["ideadetails", "ideacommentdetails", "ideavotedetails", "ideachipdetails", "memberdetails"]
    campaign_id: str | None = None


def to_report(report: Report, downloads: str) -> ReportBody:
    """The report as it is shown; `downloads` is the address below which files are fetched."""
    return ReportBody(
        id=str(report.id),
        top_id=guid(report.uuid),
        member_id=guid_or_none(report.member),
        date_started=moment(report.started),
        date_completed=moment_or_none(report.completed),
        campaign_id=guid_or_none(report.campaign),
        report_type=report.type,
        url=f"{downloads}/{report.id}",
    )
