"""The program `clerestory`: what can be asked of it, and what becomes of failures. What is asked stands elsewhere.

A command's module is imported when it runs, so that help and version answer at once.
"""

import gc
import sys
from importlib.metadata import version
from typing import Annotated, NoReturn

import typer

from clerestory.commands.options import DatabaseUrl, DataDir, Json, option

program = typer.Typer(
    name="clerestory",
    help="One self-hosted server for the applications of many organisations.",
    epilog="Every option has an environment variable; docs/settings.md lists them all.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
tenants = typer.Typer(
    help="Tenants: make, list, show, suspend and delete them.", no_args_is_help=True, rich_markup_mode=None
)
keys = typer.Typer(
    help="API keys of a tenant: make, list and revoke them.", no_args_is_help=True, rich_markup_mode=None
)
jobs = typer.Typer(
    help="Jobs that were given up: list, run again or discard them.", no_args_is_help=True, rich_markup_mode=None
)
Job = Annotated[int, typer.Argument(help="The job's number, as `job list` shows it.")]
Client = Annotated[str, typer.Argument(help="The tenant's client name, or its schema.")]
program.add_typer(tenants, name="tenant")
program.add_typer(keys, name="key")
program.add_typer(jobs, name="job")


def main() -> NoReturn:
    """Runs the command that the arguments name: exit code 0, 1 for what could not be done, 2 for a wrong question."""
    from clerestory.commands import failure

    # A thousand modules are imported, and nothing of them is garbage; `installation_with` turns it on again.
    gc.disable()
    sys.excepthook = failure.on_bug
    try:
        code = program(prog_name="clerestory", standalone_mode=False)
    except typer.TyperException as error:
        code = failure.misused(error)
    except typer.Abort:
        code = failure.fail("stopped.", 1)
    except BaseException as error:
        code = failure.told(error)
        if code is None:
            raise
    sys.exit(code if isinstance(code, int) else 0)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"clerestory {version('clerestory')}")
        raise typer.Exit


@program.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Runs before every command."""


@program.command("serve")
def serve(
    host: Annotated[str | None, option("host")] = None,
    port: Annotated[str | None, option("port")] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    workers: Annotated[str | None, option("workers")] = None,
    jobs: Annotated[bool | None, option("jobs", "--jobs/--no-jobs")] = None,
) -> None:
    """Start the server, and its database if there is none yet."""
    from clerestory.commands.serve import serve

    where = {"host": host, "port": port, "workers": workers, "jobs": jobs}
    serve({"data_dir": data_dir, "database_url": database_url, **where})


@program.command("serve-worker", hidden=True)
def serve_worker(descriptor: int) -> None:
    """One of the processes of a server: told by its parent what to do, it ends with it."""
    from clerestory.commands.share import share

    share(descriptor)


@program.command("worker")
def worker(
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    health_port: Annotated[str | None, option("health_port")] = None,
) -> None:
    """Run background jobs, without taking requests."""
    from clerestory.commands.serve import work

    work({"data_dir": data_dir, "database_url": database_url, "health_port": health_port})


@program.command("migrate")
def migrate(
    plan: Annotated[bool | None, option("plan", "--plan")] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    json: Json = None,
) -> None:
    """Bring the database to this version. `serve` does it too when it starts."""
    from clerestory.commands.migrate import migrate

    migrate({"plan": plan, "data_dir": data_dir, "database_url": database_url, "json": json})


@program.command("demo")
def demo(data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Load the demonstration data into public.

    What is there already is left as it is.
    """
    from clerestory.commands.demo import demo

    demo({"data_dir": data_dir, "database_url": database_url})


@program.command("doctor")
def doctor(
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    json: Json = None,
) -> None:
    """Say what is configured, reachable and outdated, with advice. It changes nothing."""
    from clerestory.commands.doctor import doctor

    raise typer.Exit(doctor({"data_dir": data_dir, "database_url": database_url, "json": json}))


@tenants.command("create")
def tenant_create(
    email: Annotated[str, typer.Argument(help="The registrant's e-mail address; the tenant is named after it.")],
    password: Annotated[str | None, option("password")] = None,
    first_name: Annotated[str | None, option("first_name")] = None,
    last_name: Annotated[str | None, option("last_name")] = None,
    json: Json = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Make a tenant, as the registration of the site does. Works while a server runs, and without one."""
    from clerestory.commands.tenant import create

    person = {"password": password, "first_name": first_name, "last_name": last_name}
    create(email, {**person, "json": json, "data_dir": data_dir, "database_url": database_url})


@tenants.command("list")
def tenant_list(json: Json = None, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """List the tenants, the newest last."""
    from clerestory.commands.tenant import list_all

    list_all({"json": json, "data_dir": data_dir, "database_url": database_url})


@tenants.command("show")
def tenant_show(
    client: Client,
    json: Json = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Show one tenant: its state, its people, its keys."""
    from clerestory.commands.tenant import show

    show(client, {"json": json, "data_dir": data_dir, "database_url": database_url})


@tenants.command("delete")
def tenant_delete(
    client: Client,
    yes: Annotated[bool | None, option("yes", "--yes")] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Delete a tenant with everything that it owns. There is no way back but a back-up."""
    from clerestory.commands.tenant import delete

    delete(client, {"yes": yes, "data_dir": data_dir, "database_url": database_url})


@tenants.command("suspend")
def tenant_suspend(
    client: Client,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Serve a tenant no more, without losing anything."""
    from clerestory.commands.tenant import suspend

    suspend(client, {"data_dir": data_dir, "database_url": database_url})


@tenants.command("resume")
def tenant_resume(
    client: Client,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Serve a suspended tenant again."""
    from clerestory.commands.tenant import resume

    resume(client, {"data_dir": data_dir, "database_url": database_url})


@keys.command("create")
def key_create(
    tenant: Annotated[str | None, option("tenant")] = None,
    name: Annotated[str | None, option("name")] = None,
    json: Json = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Make another key for a tenant and show it."""
    from clerestory.commands.key import create

    create({"tenant": tenant, "name": name, "json": json, "data_dir": data_dir, "database_url": database_url})


@keys.command("list")
def key_list(
    tenant: Annotated[str | None, option("tenant")] = None,
    json: Json = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """List a tenant's keys, revoked ones too.

    Of each only its end is shown.
    """
    from clerestory.commands.key import list_all

    list_all({"tenant": tenant, "json": json, "data_dir": data_dir, "database_url": database_url})


@keys.command("revoke")
def key_revoke(
    key: Annotated[int, typer.Argument(help="The key's number, as `key list` shows it.")],
    tenant: Annotated[str | None, option("tenant")] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Revoke a key: every server refuses it at once."""
    from clerestory.commands.key import revoke

    revoke(key, {"tenant": tenant, "data_dir": data_dir, "database_url": database_url})


@jobs.command("list")
def job_list(json: Json = None, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """List the jobs that were given up, the latest first."""
    from clerestory.commands.job import list_failed

    list_failed({"json": json, "data_dir": data_dir, "database_url": database_url})


@jobs.command("rerun")
def job_rerun(job: Job, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Queue a job that was given up once more."""
    from clerestory.commands.job import rerun

    rerun(job, {"data_dir": data_dir, "database_url": database_url})


@jobs.command("discard")
def job_discard(job: Job, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Throw away a job that was given up."""
    from clerestory.commands.job import discard

    discard(job, {"data_dir": data_dir, "database_url": database_url})
