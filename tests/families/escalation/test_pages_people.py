"""The page of members: each with a form of its own, for administrators alone."""

import re
from typing import Any

from tests.fixtures.tenants import MakeTenant, TestTenant
from tests.fixtures.visitors import SignIn, Visit

SCRIPT = "<script>alert(1)</script>"
ANN: dict[str, str | list[str]] = {
    "email": "ann@example.org",
    "first_name": "Ann",
    "last_name": "Lee",
    "phone_number": "+44 7772 572105",
    "role": "CTO",
    "consents": ["EMAIL", "SMS"],
    "preferences": ["CRITICAL", "MAJOR"],
}


async def _person(tenant: TestTenant, email: str = "ann@example.org") -> dict[str, Any]:
    def row(**columns: Any) -> dict[str, Any]:
        return columns

    found = await tenant.scope.direct().row(
        """
        SELECT p.id, p.email, p.first_name, p.last_name, p.phone_number, p.role, p.active, p.administrator,
               c.consents::text AS consents, c.preferences
          FROM tenant.person AS p
          LEFT JOIN tenant.escalation_contact AS c ON c.person = p.id
         WHERE p.email = :email
        """,
        row,
        email=email,
    )
    return found or {}


async def _add(visit: Visit, **changes: str | list[str]) -> None:
    answer = await visit.post("/people/", {**ANN, **changes})
    assert answer.status_code == 303, answer.text


async def test_a_member_is_added_with_consents_and_preferences(tenant: TestTenant, sign_in: SignIn) -> None:
    visit = await sign_in(tenant)
    answer = await visit.post("/people/", ANN)
    stored = await _person(tenant)
    assert answer.headers["location"] == f"/people/?done=added#member-{stored['id']}"
    assert stored == {
        "id": stored["id"],
        "email": "ann@example.org",
        "first_name": "Ann",
        "last_name": "Lee",
        "phone_number": "+447772572105",
        "role": "CTO",
        "active": True,
        "administrator": False,
        "consents": '{"SMS": true, "EMAIL": true, "WHATSAPP": false}',
        "preferences": ["MAJOR", "CRITICAL"],
    }
    page = await visit.get(answer.headers["location"])
    assert "The member was added." in page.text
    assert "Told by EMAIL, SMS of" in page.text


async def test_a_member_is_changed_in_place(tenant: TestTenant, sign_in: SignIn) -> None:
    visit = await sign_in(tenant)
    await _add(visit)
    which = (await _person(tenant))["id"]
    changed: dict[str, str | list[str]] = {"email": "ann@example.org", "first_name": "Anna", "preferences": ["LOW"]}
    answer = await visit.post(f"/people/{which}/", {**changed, "phone_number": "", "page": "1", "q": "ann"})
    assert answer.headers["location"] == f"/people/?q=ann&done=saved#member-{which}"
    assert await _person(tenant) == {
        "id": which,
        "email": "ann@example.org",
        "first_name": "Anna",
        "last_name": "",
        "phone_number": None,
        "role": "",
        "active": True,
        "administrator": False,
        "consents": '{"SMS": false, "EMAIL": false, "WHATSAPP": false}',
        "preferences": ["LOW"],
    }


async def test_a_refused_form_keeps_what_was_typed_but_the_password(tenant: TestTenant, sign_in: SignIn) -> None:
    visit = await sign_in(tenant)
    typed = {**ANN, "email": "no address", "phone_number": "12", "role": "Head of mail", "password": "hunter2"}
    answer = await visit.post("/people/", typed)
    assert answer.status_code == 400
    assert 'value="no address" autocomplete="off" required aria-invalid="true" aria-describedby="new-email-fault"' in (
        answer.text
    )
    assert '<span class="fault" id="new-email-fault">Enter a valid e-mail address.</span>' in answer.text
    assert 'id="new-phone_number-fault"' in answer.text
    assert 'value="Head of mail"' in answer.text
    assert 'name="consents" value="SMS" checked' in answer.text
    assert 'name="consents" value="WHATSAPP">' in answer.text
    assert '<details class="member" id="add" open>' in answer.text
    assert "hunter2" not in answer.text
    assert await _person(tenant) == {}


async def test_a_change_is_refused_at_its_own_form(tenant: TestTenant, sign_in: SignIn) -> None:
    visit = await sign_in(tenant)
    await _add(visit)
    which = (await _person(tenant))["id"]
    answer = await visit.post(f"/people/{which}/", {**ANN, "email": tenant.email.upper(), "role": "Something else"})
    assert answer.status_code == 400
    assert f'id="member-{which}" open' in answer.text
    words = "A person with this e-mail exists already."
    assert f'<span class="fault" id="m{which}-email-fault">{words}</span>' in answer.text
    assert 'value="Something else"' in answer.text
    assert (await _person(tenant))["role"] == "CTO"


async def test_a_weak_password_is_refused_at_its_field(tenant: TestTenant, sign_in: SignIn) -> None:
    answer = await (await sign_in(tenant)).post("/people/", {**ANN, "password": "12345678"})
    assert answer.status_code == 400
    assert 'id="new-password-fault"' in answer.text


async def test_strange_choices_are_refused(tenant: TestTenant, sign_in: SignIn) -> None:
    visit = await sign_in(tenant)
    wrongs: list[dict[str, str | list[str]]] = [{"consents": ["PIGEON"]}, {"preferences": ["HIGH"]}]
    for wrong in wrongs:
        answer = await visit.post("/people/", {**ANN, **wrong})
        assert answer.status_code == 400
        assert "One of these is needed" in answer.text


async def test_a_member_is_let_out_and_in_again(tenant: TestTenant, sign_in: SignIn) -> None:
    visit, member = await sign_in(tenant), await sign_in(tenant, member=True)
    which = (await _person(tenant, "member@example.org"))["id"]
    assert (await member.get("/people/")).status_code == 200
    out = await visit.post(f"/people/{which}/active/", {"active": "no"})
    assert out.headers["location"] == f"/people/?done=out#member-{which}"
    assert (await _person(tenant, "member@example.org"))["active"] is False
    assert (await member.get("/people/")).status_code == 303
    assert '<span class="badge failed">inactive</span>' in (await visit.get("/people/")).text
    back = await visit.post(f"/people/{which}/active/", {"active": "yes"})
    assert back.headers["location"] == f"/people/?done=in#member-{which}"
    assert (await _person(tenant, "member@example.org"))["active"] is True


async def test_the_last_administrator_stays(tenant: TestTenant, sign_in: SignIn) -> None:
    visit = await sign_in(tenant)
    me = await _person(tenant, tenant.email)
    out = await visit.post(f"/people/{me['id']}/active/", {"active": "no"})
    demoted = await visit.post(f"/people/{me['id']}/", {"email": tenant.email, "first_name": "Jane"})
    for answer in (out, demoted):
        assert answer.status_code == 409
        assert "The last active administrator cannot be removed, deactivated or demoted." in answer.text
    assert await _person(tenant, tenant.email) == me


async def test_names_are_escaped(tenant: TestTenant, sign_in: SignIn) -> None:
    visit = await sign_in(tenant)
    await _add(visit, first_name=SCRIPT, role='"><script>', last_name="O'Neil")
    page = await visit.get("/people/")
    assert "<script>alert" not in page.text
    assert '"><script>' not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "O&#39;Neil" in page.text


async def test_members_are_found_by_name_e_mail_or_role(tenant: TestTenant, sign_in: SignIn) -> None:
    visit = await sign_in(tenant)
    await _add(visit)
    for text, found in (("ANN L", 1), ("@example.org", 1), ("cto", 1), ("%", 0), ("nobody", 0)):
        page = await visit.http.get("/people/", params={"q": text})
        assert len(re.findall(r'<details class="member" id="member-', page.text)) == found, text
    assert "Nobody is like that." in (await visit.get("/people/?q=nobody")).text


async def test_a_form_without_the_sessions_token_is_refused(tenant: TestTenant, sign_in: SignIn) -> None:
    visit = await sign_in(tenant)
    me = (await _person(tenant, tenant.email))["id"]
    for path in ("/people/", f"/people/{me}/", f"/people/{me}/active/"):
        for form in (ANN, {**ANN, "csrf": "guessed"}):
            assert (await visit.http.post(path, data=form)).status_code == 403
    assert await _person(tenant) == {}


async def test_who_does_not_administer_sees_members_and_changes_nothing(tenant: TestTenant, sign_in: SignIn) -> None:
    visit = await sign_in(tenant, member=True)
    me = (await _person(tenant, "member@example.org"))["id"]
    page = await visit.get("/people/")
    assert tenant.email in page.text
    assert 'action="/people/"' in page.text
    assert 'method="post" action="/people/' not in page.text
    for path in ("/people/", f"/people/{me}/", f"/people/{me}/active/"):
        assert (await visit.post(path, {**ANN, "active": "no", "administrator": "yes"})).status_code == 403
    assert await _person(tenant) == {}


async def test_a_neighbours_people_are_not_found(make_tenant: MakeTenant, sign_in: SignIn) -> None:
    mine, theirs = await make_tenant(), await make_tenant("joe@x.org")
    await _add(await sign_in(theirs))
    far = (await _person(theirs))["id"]
    visit = await sign_in(mine)
    assert "ann@example.org" not in (await visit.get("/people/")).text
    for which in (far + 1000, 0, 2**63):
        for path in (f"/people/{which}/", f"/people/{which}/active/"):
            assert (await visit.post(path, {**ANN, "active": "no"})).status_code == 404
    assert (await _person(theirs))["active"] is True
