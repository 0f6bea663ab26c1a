"""`clerestory migrate`: brings the database to this version, or tells what that would take."""

import asyncio
from collections import Counter
from collections.abc import Mapping

from clerestory import app
from clerestory.commands.ground import installation_with, prepare, require_made, standing
from clerestory.commands.telling import Progress, as_json, say
from clerestory.platform.database import Database
from clerestory.platform.database.migrate import Migrator, Plan
from clerestory.settings.installation import Settings


def migrate(options: Mapping[str, object]) -> None:
    """Does it, and tells what it was."""
    progress = Progress()
    installation = installation_with(options)
    only_told = bool(installation.values["plan"])
    if only_told:
        require_made(installation)
    with standing(installation, progress) as ground:
        plan = asyncio.run(_plan(ground.settings))
        if not only_told:
            prepare(ground, progress)
    if installation.values["json"]:
        as_json(_listed(plan))
    else:
        _tell(plan, "would run" if only_told else "ran")


async def _plan(settings: Settings) -> Plan:
    database = await Database.open(settings.database)
    try:
        return await Migrator(database, app.OWNERS).plan()
    finally:
        await database.close()


def _listed(plan: Plan) -> dict[str, object]:
    schemas = {schema: [str(step) for step in steps] for schema, steps in plan.schemas}
    return {"control": [str(step) for step in plan.control], "schemas": schemas}


def _tell(plan: Plan, verb: str) -> None:
    """Schemas that lack the same steps are told together: there may be thousands."""
    if plan.empty:
        say("The database is up to date.")
    for step in plan.control:
        say(f"{verb}: {step} (control schema)")
    together = Counter(tuple(map(str, steps)) for _, steps in plan.schemas)
    for steps, count in together.items():
        for name in steps:
            say(f"{verb}: {name} ({count} {'schema' if count == 1 else 'schemas'})")
