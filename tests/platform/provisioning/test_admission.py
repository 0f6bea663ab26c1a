"""Who may sign up: anyone where registration is open, and so many times from one address; the operator always."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest

from clerestory.app import running
from clerestory.kernel.clock import utc_now
from clerestory.kernel.errors import Invalid, RateLimited
from clerestory.platform import provisioning
from clerestory.platform.provisioning import Admission, Registrant
from clerestory.site import SiteSettings
from tests.families.workspace.words import refusal
from tests.fixtures.application import settings_for
from tests.fixtures.clocks import TurnedClock, visitor
from tests.fixtures.tenants import PASSWORD

BODY = {"email": "jane.doe@x.org", "password": PASSWORD}
JANE = Registrant("jane.doe@x.org", PASSWORD)


@asynccontextmanager
async def closed(url: str) -> AsyncIterator[httpx.AsyncClient]:
    settings = replace(settings_for(url), site=SiteSettings(registration=False))
    async with running(settings) as application:
        transport = httpx.ASGITransport(application.asgi)
        async with httpx.AsyncClient(transport=transport, base_url="http://clerestory.test") as client:
            yield client


async def test_closed_is_closed_on_every_way_in(database_url: str) -> None:
    async with closed(database_url) as client:
        by_form = await client.post("/register/", data=BODY)
        by_api = await client.post("/api/v1/clients/", json=BODY)
    assert (by_form.status_code, "Registration is closed on this server." in by_form.text) == (403, True)
    assert (by_api.status_code, by_api.json()["detail"]) == (403, "Registration is closed on this server.")


async def test_one_address_signs_up_so_many_times_in_an_hour(database_url: str) -> None:
    async with running(settings_for(database_url)) as application:
        parts = application.parts
        admission = Admission(parts, per_hour=2)
        for _ in range(3):
            with pytest.raises(Invalid):
                await admission.sign_up(replace(JANE, password="1"), "10.0.0.1", utc_now())
        for _ in range(2):
            await admission.sign_up(JANE, "10.0.0.1", utc_now())
        with pytest.raises(RateLimited) as refused:
            await admission.sign_up(JANE, "10.0.0.1", utc_now())
        assert refused.value.text == "Too many clients were registered from this address."
        await admission.sign_up(JANE, "10.0.0.2", utc_now())
        await provisioning.register(parts, JANE)


async def test_whoever_signs_up_too_often_hears_it_in_the_words_of_the_way_in(database_url: str) -> None:
    settings = replace(settings_for(database_url), registrations_per_hour=1)
    async with running(settings, clock=TurnedClock()) as application, visitor(application) as client:
        first = await client.post("/api/v1/clients/", json=BODY)
        by_api = await client.post("/api/v1/clients/", json=BODY)
        by_form = await client.post("/register/", data={**BODY, "first_name": "Jane"})
    assert first.status_code == 201
    words = "Too many clients were registered from this address."
    assert (by_api.status_code, by_api.headers["retry-after"]) == (429, "3600")
    assert by_api.json() == refusal("throttled", words)
    assert (by_form.status_code, by_form.headers["retry-after"]) == (429, "3600")
    assert f'<p class="notice bad" role="alert">{words}</p>' in by_form.text
    assert 'value="Jane"' in by_form.text
