"""`clerestory doctor`: says what is configured, reachable and outdated, with advice. It changes no data.

Without a server the embedded PostgreSQL of an existing data folder is started for the look, and ended again.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict

from clerestory.commands.examine.callbacks import callbacks
from clerestory.commands.examine.database import database
from clerestory.commands.examine.finding import Finding, Level
from clerestory.commands.examine.machine import machine
from clerestory.commands.examine.outside import outside
from clerestory.commands.examine.secret import known
from clerestory.commands.examine.storage import storage
from clerestory.commands.ground import installation_with
from clerestory.commands.telling import Progress, as_json, say
from clerestory.platform.database.embedded import Embedded, EmbeddedError
from clerestory.settings.installation import Installation


def doctor(options: Mapping[str, object]) -> int:
    """Tells all findings; 1 when one of them is an error, else 0."""
    installation = installation_with(options)
    told = [*machine(installation), asyncio.run(storage(installation)), *_database(installation)]
    findings = [*told, *asyncio.run(outside(installation)), *callbacks(installation)]
    if installation.values["json"]:
        as_json([asdict(finding) for finding in findings])
    else:
        _tell(findings)
    return 1 if any(finding.level is Level.ERROR for finding in findings) else 0


def _database(installation: Installation) -> list[Finding]:
    if installation.database_url is not None:
        return asyncio.run(_examined(installation, installation.database_url))
    if not installation.embedded.pgdata.exists():
        return [Finding("database", Level.NOTE, "not made yet", "`clerestory serve` makes it.")]
    embedded = Embedded(installation.embedded)
    try:
        return asyncio.run(_examined(installation, embedded.start(Progress())))
    except EmbeddedError as error:
        return [Finding("database", Level.ERROR, error.problem, error.advice)]
    finally:
        embedded.stop()


async def _examined(installation: Installation, url: str) -> list[Finding]:
    return [finding async for finding in database(installation.settings(url, secret=known(installation) or ""))]


def _tell(findings: list[Finding]) -> None:
    for finding in findings:
        say(f"{finding.level:<8} {finding.subject}: {finding.text}")
        if finding.advice:
            say(f"{'':<8} > {finding.advice}")
    counts = {level: sum(finding.level is level for finding in findings) for level in (Level.ERROR, Level.WARNING)}
    say()
    say(", ".join(f"{count} {level}{'' if count == 1 else 's'}" for level, count in counts.items()) + ".")
