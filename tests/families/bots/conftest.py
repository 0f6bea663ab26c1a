"""Tenants of an application that asks a stand-in of Facebook; `own_tower` is one that may break it."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from clerestory.app import Application
from clerestory.platform.delivery.outbound import trusted_client
from tests.families.bots.browsing import Browser, browsing
from tests.families.bots.desk import Desk, desk_of
from tests.families.bots.talk import Talk, talking
from tests.families.bots.tower import ANN, BOB, Customer, Tower, facebook_of_all, tower_app, tower_of
from tests.fixtures.database import new_database
from tests.fixtures.visitors import SignIn
from tests.standins.facebook import Facebook


@pytest.fixture(scope="session")
def shared_facebook() -> Iterator[Facebook]:
    """Always up: a breaker that one test has opened would be open for the others."""
    with facebook_of_all() as standin:
        yield standin


@pytest.fixture(scope="session")
async def tower_application(server_url: str, template: str, shared_facebook: Facebook) -> AsyncIterator[Application]:
    """One application for all tests of a worker that leave Facebook in peace."""
    async with tower_app(await new_database(server_url, template, "tower"), shared_facebook) as application:
        yield application


@pytest.fixture
async def tower(tower_application: Application, shared_facebook: Facebook) -> AsyncIterator[Tower]:
    """A fresh tenant of the shared application."""
    async with tower_of(tower_application, shared_facebook) as tower:
        yield tower


@pytest.fixture
async def ann(tower: Tower) -> Customer:
    """The owner of a bot."""
    return await tower.customer(ANN)


@pytest.fixture
async def bob(tower: Tower) -> Customer:
    """Somebody else, with a bot of his own."""
    return await tower.customer(BOB)


@pytest.fixture
def facebook() -> Iterator[Facebook]:
    """A Facebook of the test's own."""
    with facebook_of_all() as standin:
        yield standin


@pytest.fixture
async def own_tower(database_url: str, facebook: Facebook) -> AsyncIterator[Tower]:
    """A tenant of an application of the test's own, which asks a Facebook of the test's own."""
    async with tower_app(database_url, facebook) as application, tower_of(application, facebook) as tower:
        yield tower


@pytest.fixture
async def desk(tower: Tower, ann: Customer, sign_in: SignIn) -> Desk:
    """The operators' pages of `ann`, whom a module may have as it needs her."""
    return await desk_of(tower, sign_in, ann)


@pytest.fixture
async def browser(tower: Tower, ann: Customer) -> AsyncIterator[Browser]:
    """Somebody whom nobody knows, at the page of `ann`'s bot."""
    async with browsing(tower, ann.bot) as browser:
        yield browser


@pytest.fixture
async def trusted() -> AsyncIterator[httpx.AsyncClient]:
    """A client that may reach this machine."""
    async with trusted_client() as client:
        yield client


@pytest.fixture
async def talk(database_url: str, facebook: Facebook) -> AsyncIterator[Talk]:
    """A bot on Messenger, in an application of the test's own by a clock that is turned."""
    async with talking(database_url, facebook) as talk:
        yield talk
