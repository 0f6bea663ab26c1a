"""The rights of the api3 as a table: for every object and method, what is asked of nobody, a member, an administrator.

Values alone; `rights/sight.py` has what of it the database must know. Source: dialects/ideas.md, Rights.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

from clerestory.kernel.errors import Forbidden, NotFound, Problem, Unauthenticated


class Role(Enum):
    """Who asks, towards one campaign or none."""

    NOBODY = "nobody"
    REGULAR = "regular"
    MODERATOR = "moderator"
    ADMIN = "admin"  # of the tenant, or of the campaign that the object lies in


class Deed(Enum):
    """What is asked for: an object's name on the wire, and what is done with it."""

    READ_CAMPAIGN = "campaign read"
    READ_MEMBER = "member read"
    CREATE_MEMBER = "member create"
    UPDATE_MEMBER = "member update"
    READ_IDEA = "idea read"
    CREATE_IDEA = "idea create"
    UPDATE_IDEA_TEXT = "idea update text"
    UPDATE_IDEA_STATUS = "idea update status"
    UPDATE_IDEA_REST = "idea update rest"
    HIDE = "idea and comment hide and show"
    MERGE = "idea merge"
    READ_COMMENT = "comment read"
    CREATE_COMMENT = "comment create"
    READ_VOTE = "vote read"
    PROMOTE = "promote"
    DEMOTE = "demote"
    READ_FORM = "category and status read"
    READ_TAG = "tag read"
    USE_GROUP = "group"
    CHANGE_ATTACHMENT = "ideaAttachment"
    CHANGE_PROFILE_IMAGE = "profileImage"
    READ_ACTIVITY = "activity read"
    CREATE_UPDATE = "update create"
    DELETE_UPDATE = "update delete"
    USE_REPORT = "report"
    READ_POST_FORM = "widget postIdea"
    SEE_SUBMITTER = "submitter of an anonymous idea"
    SEE_PRIVATE = "email of a member"
    SEE_ADMINISTERED = "external_user_id, active and groups of a member"


class Needs(Enum):
    """What somebody must be or have for a deed."""

    NOTHING = "nothing"
    ENTRY = "the campaign is public, or one may enter it"
    VISIBLE = "the same, and the object is not hidden"
    OWN = "the object is one's own, in a campaign that one may enter"
    CREATE = "one may enter the campaign"
    COMMENTING = "the same, and commenting is on"
    VOTING = "the same, and voting is on"
    DEMOTING = "the same, and demoting is on"
    REVEALED = "it is one's own, or the campaign reveals"
    NEVER = "the role is not enough"


@dataclass(frozen=True, slots=True)
class Case:
    """What a deed is about. Where no campaign is concerned, it is as good as one that all may enter."""

    public: bool = True
    may_enter: bool = True
    visible: bool = True
    own: bool = False
    commenting: bool = True
    voting: bool = True
    demoting: bool = True
    revealing: bool = False


# Of nobody, of a regular member. An administrator of the campaign or the tenant needs nothing but what VOTES has.
MATRIX: Mapping[Deed, tuple[Needs, Needs]] = {
    Deed.READ_CAMPAIGN: (Needs.ENTRY, Needs.ENTRY),
    Deed.READ_MEMBER: (Needs.ENTRY, Needs.NOTHING),
    Deed.CREATE_MEMBER: (Needs.NEVER, Needs.NEVER),
    Deed.UPDATE_MEMBER: (Needs.NEVER, Needs.OWN),
    Deed.READ_IDEA: (Needs.VISIBLE, Needs.VISIBLE),
    Deed.CREATE_IDEA: (Needs.NEVER, Needs.CREATE),
    Deed.UPDATE_IDEA_TEXT: (Needs.NEVER, Needs.OWN),
    Deed.UPDATE_IDEA_STATUS: (Needs.NEVER, Needs.NEVER),
    Deed.UPDATE_IDEA_REST: (Needs.NEVER, Needs.NEVER),
    Deed.HIDE: (Needs.NEVER, Needs.NEVER),
    Deed.MERGE: (Needs.NEVER, Needs.NEVER),
    Deed.READ_COMMENT: (Needs.VISIBLE, Needs.VISIBLE),
    Deed.CREATE_COMMENT: (Needs.NEVER, Needs.COMMENTING),
    Deed.READ_VOTE: (Needs.VISIBLE, Needs.VISIBLE),
    Deed.PROMOTE: (Needs.NEVER, Needs.VOTING),
    Deed.DEMOTE: (Needs.NEVER, Needs.DEMOTING),
    Deed.READ_FORM: (Needs.ENTRY, Needs.ENTRY),
    Deed.READ_TAG: (Needs.VISIBLE, Needs.VISIBLE),
    Deed.USE_GROUP: (Needs.NEVER, Needs.NEVER),
    Deed.CHANGE_ATTACHMENT: (Needs.NEVER, Needs.OWN),
    Deed.CHANGE_PROFILE_IMAGE: (Needs.NEVER, Needs.OWN),
    Deed.READ_ACTIVITY: (Needs.VISIBLE, Needs.VISIBLE),
    Deed.CREATE_UPDATE: (Needs.NEVER, Needs.NOTHING),
    Deed.DELETE_UPDATE: (Needs.NEVER, Needs.OWN),
    Deed.USE_REPORT: (Needs.NEVER, Needs.NEVER),
    Deed.READ_POST_FORM: (Needs.NEVER, Needs.CREATE),
    Deed.SEE_SUBMITTER: (Needs.NEVER, Needs.REVEALED),
    Deed.SEE_PRIVATE: (Needs.NEVER, Needs.OWN),
    Deed.SEE_ADMINISTERED: (Needs.NEVER, Needs.NEVER),
}

_MODERATES = frozenset({Deed.READ_IDEA, Deed.READ_COMMENT, Deed.UPDATE_IDEA_STATUS, Deed.HIDE})
"""What a moderator may do as an administrator does: see what is hidden, hide and show, and set a status."""

_VOTES = frozenset({Deed.PROMOTE, Deed.DEMOTE})
"""Where a rule of the campaign holds for its administrators too."""


def may(role: Role, deed: Deed, case: Case) -> bool:
    """Whether this role may do the deed in this case."""
    if role is Role.ADMIN and deed not in _VOTES:
        return True
    if role is Role.MODERATOR and deed in _MODERATES:
        return True
    nobody, regular = MATRIX[deed]
    if role is Role.ADMIN:
        case = replace(case, visible=True)
    return _met(nobody if role is Role.NOBODY else regular, case, enters=_enters(role, case))


def _enters(role: Role, case: Case) -> bool:
    """Whether one may enter by a sign-in: who has a role in the campaign may, whoever it is restricted to."""
    return role is not Role.NOBODY and (case.may_enter or role is not Role.REGULAR)


def _met(needs: Needs, case: Case, *, enters: bool) -> bool:
    reads = case.public or enters
    match needs:
        case Needs.NOTHING:
            return True
        case Needs.ENTRY:
            return reads
        case Needs.VISIBLE:
            return reads and case.visible
        case Needs.OWN:
            return case.own and reads
        case Needs.CREATE:
            return reads
        case Needs.COMMENTING:
            return reads and case.visible and case.commenting
        case Needs.VOTING:
            return reads and case.visible and case.voting
        case Needs.DEMOTING:
            return reads and case.visible and case.voting and case.demoting
        case Needs.REVEALED:
            return reads and (case.own or case.revealing)
    return False


def refusal(role: Role, deed: Deed, case: Case) -> Problem | None:
    """What is raised, or None where the deed is allowed.

    What one may not even see is as if absent; what needs somebody, and nobody asks, wants a token first.
    """
    if may(role, deed, case):
        return None
    nobody, regular = MATRIX[deed]
    if role is Role.NOBODY and nobody is Needs.NEVER:
        return Unauthenticated()
    if regular is Needs.NEVER:
        return Forbidden()
    seen = case.public or _enters(role, case)
    return Forbidden() if seen and case.visible and nobody is Needs.NEVER else NotFound()


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks, towards the whole tenant. `admin` without a person is the system itself, by a key or a master app."""

    person: int | None = None
    admin: bool = False

    @property
    def known(self) -> bool:
        """Whether anybody asks at all."""
        return self.admin or self.person is not None

    @property
    def role(self) -> Role:
        """The role where no campaign is concerned."""
        if self.admin:
            return Role.ADMIN
        return Role.NOBODY if self.person is None else Role.REGULAR

    def role_in(self, *, administers: bool, moderates: bool = False) -> Role:
        """The role in a campaign where one has been given one."""
        if self.admin or administers:
            return Role.ADMIN
        return Role.MODERATOR if moderates else self.role

    def require(self, deed: Deed, case: Case | None = None) -> None:
        """Raises what the deed deserves, where no campaign's own roles matter."""
        problem = refusal(self.role, deed, case or Case())
        if problem is not None:
            raise problem
