"""The application of these tests asks a stand-in of Facebook, so that the bots API can be signed in to."""

from collections.abc import AsyncIterator, Iterator

import pytest

from clerestory.app import Application
from tests.families.bots.tower import facebook_of_all, tower_app
from tests.fixtures.database import new_database
from tests.standins.facebook import Facebook


@pytest.fixture(scope="session")
def facebook() -> Iterator[Facebook]:
    with facebook_of_all() as standin:
        yield standin


@pytest.fixture(scope="session")
async def application(server_url: str, template: str, facebook: Facebook) -> AsyncIterator[Application]:
    """One for all of these tests of a worker."""
    async with tower_app(await new_database(server_url, template, "conformance"), facebook) as application:
        yield application
