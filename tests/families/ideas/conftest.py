"""An organisation with one app, and clients with no credential of their own."""

from collections.abc import AsyncIterator

import httpx
import pytest

from clerestory.app import Application
from tests.families.ideas.browsing import Crowd, crowd_on
from tests.families.ideas.ground import Ground, make_ground
from tests.families.ideas.land import App, make_app
from tests.fixtures.tenants import TestTenant


@pytest.fixture
async def app(tenant: TestTenant) -> App:
    return await make_app(tenant)


@pytest.fixture
async def master(tenant: TestTenant) -> App:
    return await make_app(tenant, master=True)


@pytest.fixture
async def admin(client: httpx.AsyncClient, tenant: TestTenant, app: App) -> dict[str, str]:
    """The token of the tenant's founder, who administers it."""
    fields = app.fields("password", username=tenant.email, password=tenant.password)
    answer = await client.post("/_oauth2/token", data=fields)
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@pytest.fixture
async def ground(client: httpx.AsyncClient, tenant: TestTenant, app: App) -> Ground:
    """A private campaign with a few people."""
    return await make_ground(tenant, client, app)


@pytest.fixture
async def crowd(application: Application, ground: Ground) -> AsyncIterator[Crowd]:
    """The people of that campaign in their browsers."""
    async with crowd_on(ground, httpx.ASGITransport(application.asgi)) as crowd:
        yield crowd
