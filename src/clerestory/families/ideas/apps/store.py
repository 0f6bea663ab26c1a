"""Apps and the log of their requests: one function, one statement."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from clerestory.families.ideas.apps.model import Entry
from clerestory.platform.database import Runner

# What is kept of one app's log.
MOST_KEPT = 1000


@dataclass(frozen=True, slots=True)
class EntryColumns:
    """Requests by column, as one statement takes them."""

    apps: list[int]
    people: list[int | None]
    methods: list[str]
    routes: list[str]
    statuses: list[int]
    took: list[int]
    times: list[datetime]

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> "EntryColumns":
        """The entries, turned."""
        return cls(
            [entry.app for entry in entries],
            [entry.person for entry in entries],
            [entry.method for entry in entries],
            [entry.route for entry in entries],
            [entry.status for entry in entries],
            [entry.took_ms for entry in entries],
            [entry.at for entry in entries],
        )


@dataclass(frozen=True, slots=True)
class AppRow:
    """One app, as administrators see it."""

    id: int
    name: str
    website: str
    client_id: str
    secret_sealed: bytes = field(repr=False)
    redirect_uris: list[str]
    logo: str | None
    master: bool
    per_hour: int | None
    created: datetime


@dataclass(frozen=True, slots=True)
class NewApp:
    """An app to be."""

    name: str
    website: str
    client_id: str
    secret_digest: bytes = field(repr=False)
    secret_sealed: bytes = field(repr=False)
    redirect_uris: list[str]
    master: bool
    per_hour: int | None = None
    logo: str | None = None


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request of an app's log."""

    created: datetime
    method: str
    route: str
    status: int
    took_ms: int
    email: str | None


async def write_entries(runner: Runner, columns: EntryColumns) -> None:
    """Adds to the logs of apps that are still there, and keeps the newest of each."""
    await runner.execute(
        """
        WITH added AS (
            INSERT INTO tenant.ideas_request (app, person, method, route, status, took_ms, created, modified)
            SELECT g.app, p.id, g.method, g.route, g.status, g.took_ms, g.at, g.at
              FROM unnest(:apps::bigint[], :people::bigint[], :methods::text[], :routes::text[], :statuses::integer[],
                          :took::integer[], :times::timestamptz[])
                AS g (app, person, method, route, status, took_ms, at)
              JOIN tenant.ideas_app AS a ON a.id = g.app
              LEFT JOIN tenant.person AS p ON p.id = g.person
        )
        DELETE FROM tenant.ideas_request AS old
         WHERE old.app = ANY (:apps)
           AND old.id < (SELECT edge.id
                           FROM tenant.ideas_request AS edge
                          WHERE edge.app = old.app
                          ORDER BY edge.id DESC
                         OFFSET :kept LIMIT 1)
        """,
        apps=columns.apps,
        people=columns.people,
        methods=columns.methods,
        routes=columns.routes,
        statuses=columns.statuses,
        took=columns.took,
        times=columns.times,
        kept=MOST_KEPT,
    )


async def insert_app(runner: Runner, new: NewApp, now: datetime) -> int:
    """A new app; its id."""
    app: int = await runner.value(
        """
        INSERT INTO tenant.ideas_app (name, website, client_id, secret_digest, secret_sealed, redirect_uris, master,
                                      per_hour, logo, created, modified)
        VALUES (:name, :website, :client_id, :secret_digest, :secret_sealed, :redirect_uris, :master, :per_hour, :logo,
                :now, :now)
        RETURNING id
        """,
        name=new.name,
        website=new.website,
        client_id=new.client_id,
        secret_digest=new.secret_digest,
        secret_sealed=new.secret_sealed,
        redirect_uris=new.redirect_uris,
        master=new.master,
        per_hour=new.per_hour,
        logo=new.logo,
        now=now,
    )
    return app


async def insert_client(runner: Runner, client_id: str, tenant: int, app: int) -> None:
    """Makes the app's tenant known by its client id."""
    await runner.execute(
        """
        INSERT INTO platform.ideas_client (client_id, tenant, app)
        VALUES (:client_id, :tenant, :app)
        """,
        client_id=client_id,
        tenant=tenant,
        app=app,
    )


async def apps(runner: Runner) -> list[AppRow]:
    """All apps of the tenant, by name."""
    return await runner.rows(
        """
        SELECT id, name, website, client_id, secret_sealed, redirect_uris, logo, master, per_hour, created
          FROM tenant.ideas_app
         ORDER BY lower(name), id
        """,
        AppRow,
    )


async def one_app(runner: Runner, app: int) -> AppRow | None:
    """One app of the tenant."""
    return await runner.row(
        """
        SELECT id, name, website, client_id, secret_sealed, redirect_uris, logo, master, per_hour, created
          FROM tenant.ideas_app
         WHERE id = :app
        """,
        AppRow,
        app=app,
    )


async def requests(runner: Runner, app: int, limit: int) -> list[RequestRow]:
    """The latest requests of an app."""
    return await runner.rows(
        """
        SELECT r.created, r.method, r.route, r.status, r.took_ms, p.email
          FROM tenant.ideas_request AS r
          LEFT JOIN tenant.person AS p ON p.id = r.person
         WHERE r.app = :app
         ORDER BY r.id DESC
         LIMIT :limit
        """,
        RequestRow,
        app=app,
        limit=limit,
    )


async def delete_app(runner: Runner, app: int) -> int:
    """Removes an app with its log; 0: there was none."""
    return await runner.execute("DELETE FROM tenant.ideas_app WHERE id = :app", app=app)


async def delete_credentials(runner: Runner, tenant: int, app: int) -> None:
    """Ends the client id of an app, its codes and all its tokens."""
    await runner.execute(
        """
        WITH clients AS (DELETE FROM platform.ideas_client WHERE tenant = :tenant AND app = :app),
             codes AS (DELETE FROM platform.ideas_code WHERE tenant = :tenant AND app = :app)
        DELETE FROM platform.ideas_token WHERE tenant = :tenant AND app = :app
        """,
        tenant=tenant,
        app=app,
    )
