"""The database: reachable, new enough, of this version's tables; its tenants, spares and jobs. It only reads."""

from collections.abc import AsyncIterator

from clerestory.app import OWNERS
from clerestory.commands.examine.finding import Finding, Level
from clerestory.kernel.errors import Problem
from clerestory.platform.database import Database
from clerestory.platform.database.migrate import MigrationError, Migrator
from clerestory.platform.jobs import queue
from clerestory.platform.tenancy import State
from clerestory.platform.tenancy.store import count_by_state
from clerestory.platform.tokens import Vault
from clerestory.platform.tokens.mark import is_known_secret
from clerestory.settings.installation import Settings

_OLDEST = 150_000
_LOCKS = 256
_OTHER_SECRET = Finding(
    "its secret",
    Level.ERROR,
    "the database was set up with another server secret",
    "Set CLERESTORY_SECRET to that one, or put back the file `secret` of its data folder.",
)


async def database(settings: Settings) -> AsyncIterator[Finding]:
    """What can be asked of it; nothing more once it does not answer or has other tables. The secret may be empty."""
    try:
        opened = await Database.open(settings.database)
    except Problem as problem:
        advice = "Is it running, and do address, user and password in CLERESTORY_DATABASE_URL hold?"
        yield Finding("database", Level.ERROR, problem.text, advice)
        return
    try:
        yield await _server(opened)
        yield await _tuned(opened)
        migrations = await _migrations(opened)
        yield migrations
        if migrations.level is Level.OK:
            if settings.vault.secret and not await is_known_secret(opened, Vault(settings.vault)):
                yield _OTHER_SECRET
            yield await _tenants(opened)
            yield await _spares(opened, settings.spares)
            yield await _jobs(opened)
    finally:
        await opened.close()


async def _server(opened: Database) -> Finding:
    number = int(await opened.direct().value("SELECT current_setting('server_version_num')"))
    text = f"answers, PostgreSQL {number // 10_000}.{number % 10_000}"
    if number < _OLDEST:
        return Finding("database", Level.ERROR, text, "Clerestory needs PostgreSQL 15 or newer.")
    return Finding("database", Level.OK, text)


async def _tuned(opened: Database) -> Finding:
    """What decision 0012 sets for the embedded server, on one of the operator's own."""
    found = dict(
        await opened.direct().rows(
            """
            SELECT name, setting
              FROM pg_catalog.pg_settings
             WHERE name IN ('jit', 'max_locks_per_transaction', 'recovery_init_sync_method')
            """,
            lambda name, setting: (name, setting),
        )
    )
    wanted = {"jit": found["jit"] == "off", "recovery_init_sync_method": found["recovery_init_sync_method"] == "syncfs"}
    wanted["max_locks_per_transaction"] = int(found["max_locks_per_transaction"]) >= _LOCKS
    lacking = [f"{name}={found[name]}" for name, good in wanted.items() if not good]
    if not lacking:
        return Finding("its settings", Level.OK, "as recommended")
    advice = f"Better: jit=off, recovery_init_sync_method=syncfs, max_locks_per_transaction={_LOCKS} or more."
    return Finding("its settings", Level.NOTE, ", ".join(lacking), advice)


async def _migrations(opened: Database) -> Finding:
    try:
        plan = await Migrator(opened, OWNERS).plan()
    except MigrationError as error:
        return Finding("tables", Level.ERROR, str(error), "Install the version that made them.")
    if plan.empty:
        return Finding("tables", Level.OK, "of this version")
    text = f"outdated: {len(plan.control)} steps of the control schema, {len(plan.schemas)} schemas"
    return Finding("tables", Level.ERROR, text, "`clerestory migrate` brings them up to date, and `serve` does.")


async def _tenants(opened: Database) -> Finding:
    counts = await count_by_state(opened.direct())
    text = ", ".join(f"{count} {state}" for state, count in counts.items()) or "none yet"
    if counts.get(State.FAILED):
        return Finding("tenants", Level.ERROR, text, "`clerestory tenant list` names the failed; the log says why.")
    return Finding("tenants", Level.OK, text)


async def _spares(opened: Database, wanted: int) -> Finding:
    ready = await opened.direct().value(
        """
        SELECT count(*)
          FROM platform.spare
          JOIN platform.template ON template.stamp = spare.stamp
        """
    )
    text = f"{ready} of {wanted} schemas wait for the next registrations"
    if ready < wanted:
        return Finding("spares", Level.NOTE, text, "A running server makes them within seconds.")
    return Finding("spares", Level.OK, text)


async def _jobs(opened: Database) -> Finding:
    depths = await queue.depths(opened.direct())
    text = ", ".join(f"{count} {state}" for state, count in depths.items()) or "none waits"
    if depths.get("failed"):
        return Finding("jobs", Level.WARNING, text, "`clerestory job list` says what of, `job rerun` runs one again.")
    return Finding("jobs", Level.OK, text)
