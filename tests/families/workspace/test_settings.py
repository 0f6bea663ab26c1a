"""The settings of the organisation by the API."""

import httpx

from clerestory.app import FAMILIES
from clerestory.platform.identity.organisation import Setting
from tests.families.workspace.words import READ_ONLY, invalid
from tests.fixtures.tenants import MakeTenant, TestTenant

SETTINGS = "/api/v1/settings/"


async def test_every_declared_setting_is_shown_with_its_default(tenant: TestTenant) -> None:
    answer = await tenant.http.get(SETTINGS)
    assert answer.status_code == 200
    declared: dict[str, Setting[object]] = {setting.name: setting for family in FAMILIES for setting in family.settings}
    shown = answer.json()
    assert set(declared) <= set(shown)
    for name, setting in declared.items():
        assert shown[name] == (None if setting.secret else setting.default)


async def test_some_settings_are_changed_and_all_answered(tenant: TestTenant) -> None:
    before = (await tenant.http.get(SETTINGS)).json()
    answer = await tenant.http.patch(SETTINGS, json={"organisation_name": "Acme", "organisation_owner": 1})
    assert answer.status_code == 200
    assert answer.json() == {**before, "organisation_name": "Acme", "organisation_owner": 1}
    assert (await tenant.http.get(SETTINGS)).json() == answer.json()
    whole = await tenant.http.patch(SETTINGS, json=answer.json())
    assert (whole.status_code, whole.json()) == (200, answer.json())
    back = await tenant.http.patch(SETTINGS, json={"organisation_name": None, "organisation_owner": None})
    assert back.json() == before


async def test_a_refused_setting_changes_none(tenant: TestTenant) -> None:
    body = {"organisation_name": "Acme", "organisation_owner": "Jane", "colour": "blue"}
    answer = await tenant.http.patch(SETTINGS, json=body)
    assert answer.status_code == 400
    assert answer.json() == invalid(
        ("organisation_owner", "invalid", "A whole number is needed."),
        ("colour", "invalid", "There is no such setting."),
    )
    assert (await tenant.http.get(SETTINGS)).json()["organisation_name"] == ""


async def test_settings_that_cannot_work_together_are_refused_by_their_names(tenant: TestTenant) -> None:
    body = {"delivery_twilio_account_sid": "AC1", "delivery_whatsapp_token": "t", "organisation_name": "Acme"}
    answer = await tenant.http.patch(SETTINGS, json=body)
    assert answer.status_code == 400
    assert answer.json() == invalid(
        (
            "delivery_twilio_auth_token",
            "required",
            "delivery_twilio_auth_token is needed beside delivery_twilio_account_sid.",
        ),
        (
            "delivery_whatsapp_phone_number_id",
            "required",
            "delivery_whatsapp_phone_number_id is needed beside delivery_whatsapp_token.",
        ),
    )
    assert (await tenant.http.get(SETTINGS)).json()["organisation_name"] == ""
    whole = {"delivery_twilio_account_sid": "AC1", "delivery_twilio_auth_token": "t1"}
    assert (await tenant.http.patch(SETTINGS, json=whole)).status_code == 200
    torn = await tenant.http.patch(SETTINGS, json={"delivery_twilio_auth_token": None})
    assert torn.json()["errors"][0]["attr"] == "delivery_twilio_auth_token"
    assert (await tenant.http.get(SETTINGS)).json()["delivery_twilio_auth_token"] == "set"


async def test_a_neighbour_sets_its_own(make_tenant: MakeTenant, client: httpx.AsyncClient) -> None:
    ours, theirs = await make_tenant(), await make_tenant()
    await ours.http.patch(SETTINGS, json={"organisation_name": "Acme"})
    assert (await theirs.http.get(SETTINGS)).json()["organisation_name"] == ""
    refused = await client.patch(SETTINGS, json={"organisation_name": "Acme"})
    assert (refused.status_code, refused.json()) == (403, READ_ONLY)
