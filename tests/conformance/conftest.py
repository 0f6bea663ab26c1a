"""The application of these tests asks a stand-in of Facebook, so that the bots API can be signed in to."""

import secrets
from collections.abc import AsyncIterator, Iterator

import pytest

from clerestory.app import Application
from tests.families.bots.tower import facebook_of_all, tower_app
from tests.fixtures.database import create_database, of
from tests.standins.facebook import Facebook


@pytest.fixture(scope="session")
def facebook() -> Iterator[Facebook]:
    with facebook_of_all() as standin:
        yield standin


@pytest.fixture(scope="session")
async def application(server_url: str, template: str, facebook: Facebook) -> AsyncIterator[Application]:
    """One for all of these tests of a worker."""
    name = f"conformance_{secrets.token_hex(4)}"
    await create_database(server_url, name, template)
    async with tower_app(of(server_url, name), facebook) as application:
        yield application
