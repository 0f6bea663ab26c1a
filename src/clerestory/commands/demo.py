"""`clerestory demo`: loads the demonstration data into public, which every new tenant begins with a copy of."""

import asyncio
from collections.abc import Mapping

from clerestory import app
from clerestory.commands.ground import prepared
from clerestory.commands.telling import say
from clerestory.platform.database import Database
from clerestory.settings.installation import Settings


def demo(options: Mapping[str, object]) -> None:
    """Adds what is missing."""
    with prepared(options, made_before=False) as ground:
        asyncio.run(_load(ground.settings))
    say("The demonstration data is in public. Tenants that are made from now on begin with a copy of it.")


async def _load(settings: Settings) -> None:
    async with app.at_hand(settings) as parts:
        await app.demonstrate(parts.find(Database))
