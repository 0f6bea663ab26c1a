"""The parts of a process on a database of the test's own; nothing runs in it by itself."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from clerestory.app import at_hand
from clerestory.platform.tenancy import Parts
from tests.fixtures.application import settings_for


@pytest.fixture
async def parts(database_url: str) -> AsyncIterator[Parts]:
    """With two spares wanted; none is there before somebody looks after them."""
    async with at_hand(replace(settings_for(database_url), spares=2)) as parts:
        yield parts
