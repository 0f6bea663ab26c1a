"""Members as on the wire. What the one who asks may not see of them, is not there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from clerestory.families.ideas.conventions.spelling import guid, guid_or_none, moment, moment_or_none
from clerestory.families.ideas.members.model import Group, Member
from clerestory.families.ideas.rights.model import Case, Deed, Viewer, may
from clerestory.families.ideas.wire import Stats

WITH = ("groups", "group_count")


class GroupBody(msgspec.Struct):
    """A group inside a member."""

    id: str
    group_name: str
    date_created: str


class MemberBody(msgspec.Struct):
    """A member, alone or inside another object."""

    id: str
    email: str | UnsetType
    screen_name: str
    first_name: str
    last_name: str
    job_title: str
    address: str
    phone: str
    mobile_phone: str
    external_user_id: str | UnsetType
    skills: str
    work_history: str
    photo_url: str | None
    date_created: str
    date_modified: str | None
    active: bool | UnsetType
    photo_file_id: str | None
    department: str
    last_login_date: str | UnsetType | None = UNSET
    groups: list[GroupBody] | UnsetType = UNSET
    group_count: int | UnsetType = UNSET


class MemberAnswer(msgspec.Struct):
    """One member."""

    member: MemberBody


class MemberList(msgspec.Struct):
    """A page of members."""

    member_list: list[MemberBody]
    stats: Stats


class MemberQuery(msgspec.Struct):
    """What one member may be asked with."""

    with_: str | None = msgspec.field(name="with", default=None)
    format: Literal["json", "xml"] = "json"


class MembersQuery(msgspec.Struct):
    """What a list of members may be asked with."""

    last_name: str | None = None
    first_name: str | None = None
    screen_name: str | None = None
    email: str | None = None
    external_user_id: str | None = None
    active: Literal["1", "0"] | None = None
    group_id: str | None = None
    date_created: str | None = None
    date_modified: str | None = None
    page: int = 1
    page_size: int = 20
    order: str | None = None
    with_: str | None = msgspec.field(name="with", default=None)
    format: Literal["json", "xml"] = "json"


class WrittenMember(msgspec.Struct):
    """What of a member is written."""

    email: str | None = None
    screen_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    job_title: str | None = None
    address: str | None = None
    phone: str | None = None
    mobile_phone: str | None = None
    external_user_id: str | None = None
    skills: str | None = None
    work_history: str | None = None
    department: str | None = None
    password: str | None = None
    active: Literal["1", "0"] | None = None


class NewMember(WrittenMember, kw_only=True):
    """What a member is made of."""

    email: str


@dataclass(frozen=True, slots=True)
class Eye:
    """Who looks at members, and where their images are read. What it sees of them is asked once, not of each."""

    person: int | None
    files: str  # the address of /api3/file
    private: bool
    own_private: bool
    administers: bool


def eye_of(viewer: Viewer, files: str) -> Eye:
    """How this one sees members."""
    role = viewer.role
    return Eye(
        person=viewer.person,
        files=files,
        private=may(role, Deed.SEE_PRIVATE, Case()),
        own_private=may(role, Deed.SEE_PRIVATE, Case(own=True)),
        administers=may(role, Deed.SEE_ADMINISTERED, Case()),
    )


def to_member(member: Member, eye: Eye) -> MemberBody:
    """The member as this one sees it."""
    private = eye.own_private if member.id == eye.person else eye.private
    photo = guid_or_none(member.photo)
    return MemberBody(
        id=guid(member.uuid),
        email=member.email if private else UNSET,
        screen_name=member.screen_name,
        first_name=member.first_name,
        last_name=member.last_name,
        job_title=member.job_title,
        address=member.address,
        phone=member.phone,
        mobile_phone=member.mobile_phone,
        external_user_id=member.external_user_id if eye.administers else UNSET,
        skills=member.skills,
        work_history=member.work_history,
        photo_url=None if photo is None else f"{eye.files}/{photo}?format=binary&thumb_size=100",
        date_created=moment(member.created),
        date_modified=moment_or_none(member.changed),
        active=member.active if eye.administers else UNSET,
        photo_file_id=photo,
        department=member.department,
        last_login_date=moment_or_none(member.last_login) if eye.administers else UNSET,
    )


def concealed() -> MemberBody:
    """Who stands for the submitter of an anonymous idea: everything a member has, and nothing in it."""
    return MemberBody(
        id="",
        email=UNSET,
        screen_name="",
        first_name="",
        last_name="",
        job_title="",
        address="",
        phone="",
        mobile_phone="",
        external_user_id=UNSET,
        skills="",
        work_history="",
        photo_url=None,
        date_created="",
        date_modified=None,
        active=UNSET,
        photo_file_id=None,
        department="",
    )


def to_groups(groups: Sequence[Group]) -> list[GroupBody]:
    """The groups of a member."""
    return [GroupBody(guid(group.uuid), group.name, moment(group.created)) for group in groups]
