"""The rights as a table: who may do what, in which campaign and with which object; and SQL that agrees with it."""

import itertools

import pytest

from clerestory.families.ideas.campaigns import store
from clerestory.families.ideas.rights.model import MATRIX, Case, Deed, Role, Viewer, may, refusal
from clerestory.kernel.errors import Forbidden, NotFound, Unauthenticated
from tests.families.ideas.land import make_campaign, make_person, put, uuid_of
from tests.fixtures.tenants import TestTenant

NOBODY, REGULAR, MODERATOR, ADMIN = Role.NOBODY, Role.REGULAR, Role.MODERATOR, Role.ADMIN
ABSENT, REFUSED, TOKEN, YES = NotFound, Forbidden, Unauthenticated, None
PUBLIC, PRIVATE, CLOSED = Case(), Case(public=False), Case(public=False, may_enter=False)
HIDDEN, OWN, OWN_CLOSED = Case(visible=False), Case(own=True), Case(public=False, may_enter=False, own=True)
REVEALING = Case(revealing=True)
NO_VOTES, NO_DEMOTES, NO_COMMENTS = Case(voting=False), Case(demoting=False), Case(commenting=False)

# Deed, case: what comes of it for nobody, a regular member, a moderator of the campaign, an administrator.
TABLE = [
    (Deed.READ_CAMPAIGN, PUBLIC, YES, YES, YES, YES),
    (Deed.READ_CAMPAIGN, PRIVATE, ABSENT, YES, YES, YES),
    (Deed.READ_CAMPAIGN, CLOSED, ABSENT, ABSENT, YES, YES),
    (Deed.READ_MEMBER, PUBLIC, YES, YES, YES, YES),
    (Deed.READ_MEMBER, PRIVATE, ABSENT, YES, YES, YES),
    (Deed.CREATE_MEMBER, PUBLIC, TOKEN, REFUSED, REFUSED, YES),
    (Deed.UPDATE_MEMBER, PUBLIC, TOKEN, REFUSED, REFUSED, YES),
    (Deed.UPDATE_MEMBER, OWN, TOKEN, YES, YES, YES),
    (Deed.READ_IDEA, PUBLIC, YES, YES, YES, YES),
    (Deed.READ_IDEA, PRIVATE, ABSENT, YES, YES, YES),
    (Deed.READ_IDEA, CLOSED, ABSENT, ABSENT, YES, YES),
    (Deed.READ_IDEA, HIDDEN, ABSENT, ABSENT, YES, YES),
    (Deed.CREATE_IDEA, PUBLIC, TOKEN, YES, YES, YES),
    (Deed.CREATE_IDEA, CLOSED, TOKEN, ABSENT, YES, YES),
    (Deed.UPDATE_IDEA_TEXT, PUBLIC, TOKEN, REFUSED, REFUSED, YES),
    (Deed.UPDATE_IDEA_TEXT, OWN, TOKEN, YES, YES, YES),
    (Deed.UPDATE_IDEA_TEXT, OWN_CLOSED, TOKEN, ABSENT, YES, YES),
    (Deed.UPDATE_IDEA_STATUS, OWN, TOKEN, REFUSED, YES, YES),
    (Deed.UPDATE_IDEA_REST, OWN, TOKEN, REFUSED, REFUSED, YES),
    (Deed.HIDE, OWN, TOKEN, REFUSED, YES, YES),
    (Deed.MERGE, OWN, TOKEN, REFUSED, REFUSED, YES),
    (Deed.READ_COMMENT, PUBLIC, YES, YES, YES, YES),
    (Deed.READ_COMMENT, HIDDEN, ABSENT, ABSENT, YES, YES),
    (Deed.CREATE_COMMENT, PUBLIC, TOKEN, YES, YES, YES),
    (Deed.CREATE_COMMENT, NO_COMMENTS, TOKEN, REFUSED, REFUSED, YES),
    (Deed.CREATE_COMMENT, HIDDEN, TOKEN, ABSENT, ABSENT, YES),
    (Deed.READ_VOTE, PUBLIC, YES, YES, YES, YES),
    (Deed.READ_VOTE, PRIVATE, ABSENT, YES, YES, YES),
    (Deed.PROMOTE, PUBLIC, TOKEN, YES, YES, YES),
    (Deed.PROMOTE, NO_VOTES, TOKEN, REFUSED, REFUSED, REFUSED),
    (Deed.PROMOTE, NO_DEMOTES, TOKEN, YES, YES, YES),
    (Deed.DEMOTE, NO_DEMOTES, TOKEN, REFUSED, REFUSED, REFUSED),
    (Deed.DEMOTE, CLOSED, TOKEN, ABSENT, YES, YES),
    (Deed.READ_FORM, PUBLIC, YES, YES, YES, YES),
    (Deed.READ_FORM, CLOSED, ABSENT, ABSENT, YES, YES),
    (Deed.READ_TAG, HIDDEN, ABSENT, ABSENT, ABSENT, YES),
    (Deed.READ_TAG, PUBLIC, YES, YES, YES, YES),
    (Deed.USE_GROUP, PUBLIC, TOKEN, REFUSED, REFUSED, YES),
    (Deed.CHANGE_ATTACHMENT, OWN, TOKEN, YES, YES, YES),
    (Deed.CHANGE_ATTACHMENT, PUBLIC, TOKEN, REFUSED, REFUSED, YES),
    (Deed.CHANGE_PROFILE_IMAGE, OWN, TOKEN, YES, YES, YES),
    (Deed.CHANGE_PROFILE_IMAGE, PUBLIC, TOKEN, REFUSED, REFUSED, YES),
    (Deed.READ_ACTIVITY, PRIVATE, ABSENT, YES, YES, YES),
    (Deed.CREATE_UPDATE, PUBLIC, TOKEN, YES, YES, YES),
    (Deed.DELETE_UPDATE, PUBLIC, TOKEN, REFUSED, REFUSED, YES),
    (Deed.DELETE_UPDATE, OWN, TOKEN, YES, YES, YES),
    (Deed.USE_REPORT, PUBLIC, TOKEN, REFUSED, REFUSED, YES),
    (Deed.READ_POST_FORM, PUBLIC, TOKEN, YES, YES, YES),
    (Deed.READ_POST_FORM, CLOSED, TOKEN, ABSENT, YES, YES),
    (Deed.SEE_SUBMITTER, PUBLIC, TOKEN, REFUSED, REFUSED, YES),
    (Deed.SEE_SUBMITTER, REVEALING, TOKEN, YES, YES, YES),
    (Deed.SEE_SUBMITTER, OWN, TOKEN, YES, YES, YES),
    (Deed.SEE_PRIVATE, PUBLIC, TOKEN, REFUSED, REFUSED, YES),
    (Deed.SEE_PRIVATE, OWN, TOKEN, YES, YES, YES),
    (Deed.SEE_ADMINISTERED, OWN, TOKEN, REFUSED, REFUSED, YES),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0].value}")
def test_the_rights(row: tuple[object, ...]) -> None:
    deed, case, *expected = row
    assert isinstance(deed, Deed)
    assert isinstance(case, Case)
    found = []
    for role in (NOBODY, REGULAR, MODERATOR, ADMIN):
        problem = refusal(role, deed, case)
        found.append(None if problem is None else type(problem))
    assert found == expected


def test_every_deed_stands_in_the_table_and_in_the_matrix() -> None:
    assert {row[0] for row in TABLE} == set(Deed) == set(MATRIX)


def test_a_higher_role_may_all_that_a_lower_one_may() -> None:
    truths = list(itertools.product((False, True), repeat=4))
    for deed in Deed:
        for public, may_enter, visible, own in truths:
            case = Case(public=public, may_enter=may_enter, visible=visible, own=own)
            allowed = [may(role, deed, case) for role in (NOBODY, REGULAR, MODERATOR, ADMIN)]
            assert allowed == sorted(allowed), f"{deed.value} {case}"


@pytest.mark.parametrize("status", ["Active", "Draft"])
@pytest.mark.parametrize("restricted", [False, True])
@pytest.mark.parametrize("public", [False, True])
async def test_the_statements_see_what_the_table_says(
    tenant: TestTenant, public: bool, restricted: bool, status: str
) -> None:
    people = {name: await make_person(tenant, f"{name}@x.org") for name in ("in", "out", "moderator", "administrator")}
    campaign = await make_campaign(tenant, public=public, restricted=restricted, status=status)
    group = await put(tenant, "person_group", name="Plant 2")
    await put(tenant, "membership", person=people["in"], person_group=group)
    await put(tenant, "ideas_access", campaign=campaign, person_group=group)
    for given in ("moderator", "administrator"):
        await put(tenant, "ideas_role", campaign=campaign, person=people[given], role=given)
    uuid = await uuid_of(tenant, "ideas_campaign", campaign)
    draft = status == "Draft"
    for name, viewer, role, let_in in (
        ("nobody", Viewer(), NOBODY, False),
        ("in", Viewer(people["in"]), REGULAR, True),
        ("out", Viewer(people["out"]), REGULAR, not restricted),
        ("moderator", Viewer(people["moderator"]), MODERATOR, False),
        ("administrator", Viewer(people["administrator"]), ADMIN, False),
        ("system", Viewer(admin=True), ADMIN, False),
    ):
        # A draft is as a campaign that only those may enter who manage it.
        case = Case(public=public and not draft, may_enter=let_in and not draft)
        found = await store.one_campaign(tenant.scope.direct(), viewer, uuid)
        assert (found is not None) == may(role, Deed.READ_CAMPAIGN, case), name
