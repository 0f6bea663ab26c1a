"""Campaigns as on the wire."""

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from clerestory.families.ideas.campaigns.model import Campaign, Outline, options
from clerestory.families.ideas.conventions.spelling import guid, moment, moment_or_none
from clerestory.families.ideas.members.wire import MemberBody
from clerestory.families.ideas.wire import Stats

WITH = ("idea_count", "comment_count", "vote_count", "member_count")


class OptionBody(msgspec.Struct):
    """A switch of a campaign."""

    option_id: str
    option_enabled: bool
    description: str


class CampaignBody(msgspec.Struct):
    """A campaign, alone or in a list."""

    id: str
    name: str
    description: str
    date_created: str
    start_date: str | None
    end_date: str | None
    status: str
    scheduled: bool
    campaign_options: list[OptionBody]
    sponsor: MemberBody | UnsetType = UNSET
    idea_count: int | UnsetType = UNSET
    comment_count: int | UnsetType = UNSET
    vote_count: int | UnsetType = UNSET
    member_count: int | UnsetType = UNSET
    blog_count: int | UnsetType = UNSET


class CampaignOutline(msgspec.Struct):
    """A campaign inside another object."""

    id: str
    name: str
    description: str
    date_created: str
    start_date: str | None
    end_date: str | None


class CampaignAnswer(msgspec.Struct):
    """One campaign."""

    campaign: CampaignBody


class CampaignList(msgspec.Struct):
    """A page of campaigns."""

    campaign_list: list[CampaignBody]
    stats: Stats


class CampaignQuery(msgspec.Struct):
    """What one campaign may be asked with."""

    with_: str | None = msgspec.field(name="with", default=None)
    format: Literal["json", "xml"] = "json"


class CampaignsQuery(msgspec.Struct):
    """What a list of campaigns may be asked with."""

    name: str | None = None
    status: str | None = None
    date_created: str | None = None
    page: int = 1
    page_size: int = 20
    order: str | None = None
    with_: str | None = msgspec.field(name="with", default=None)
    format: Literal["json", "xml"] = "json"


def to_campaign(campaign: Campaign, sponsor: MemberBody | None, *, counted: bool) -> CampaignBody:
    """The campaign as it is shown. Clients ask for one count and read all of them; there are no blogs here."""
    body = CampaignBody(
        id=guid(campaign.uuid),
        name=campaign.name,
        description=campaign.description,
        date_created=moment(campaign.created),
        start_date=moment_or_none(campaign.starts),
        end_date=moment_or_none(campaign.ends),
        status=campaign.status,
        scheduled=campaign.scheduled,
        campaign_options=[OptionBody(one.id, one.enabled, one.description) for one in options(campaign)],
        sponsor=sponsor or UNSET,
    )
    if counted:
        body.idea_count, body.comment_count = campaign.ideas, campaign.comments
        body.vote_count, body.member_count, body.blog_count = campaign.votes, campaign.members, 0
    return body


def to_outline(campaign: Outline) -> CampaignOutline:
    """The campaign inside another object."""
    return CampaignOutline(
        id=guid(campaign.uuid),
        name=campaign.name,
        description=campaign.description,
        date_created=moment(campaign.created),
        start_date=moment_or_none(campaign.starts),
        end_date=moment_or_none(campaign.ends),
    )
