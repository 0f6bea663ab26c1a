"""The other commands, on a database of one's own: what they say, to people and to scripts, and their exit codes."""

import asyncio
import os
import re
import secrets
import signal
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from clerestory.platform.database import Database, DatabaseSettings
from clerestory.platform.delivery.links import CallbackLinks
from clerestory.platform.jobs import defer
from clerestory.platform.tokens import Vault, VaultSettings
from clerestory.settings.variables import VARIABLES
from tests.fixtures.database import create_database, drop_database, of
from tests.fixtures.program import Ran, free_port, run, started

COMMANDS = ("serve", "worker", "migrate", "demo", "doctor", "tenant", "key", "job")
SECRET = "a secret of the tests, long enough to be taken"
Run = Callable[..., Ran]


@pytest.fixture(scope="module")
def database(server_url: str) -> Iterator[str]:
    """An empty database."""
    name = f"commands_{secrets.token_hex(4)}"
    asyncio.run(create_database(server_url, name))
    yield of(server_url, name)
    asyncio.run(drop_database(server_url, name))


@pytest.fixture(scope="module")
def ask(database: str, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs a command on that database."""
    folder = tmp_path_factory.mktemp("commands") / "data"
    return partial(run, database_url=database, secret=SECRET, data_dir=str(folder))


def test_help_stands_on_every_level_and_names_each_options_variable() -> None:
    top = run("--help")
    assert (top.code, top.complained) == (0, "")
    assert set(re.findall(r"^  (\w+) +[A-Z]", top.said, re.MULTILINE)) >= set(COMMANDS)
    for command in (["serve"], ["worker"], ["migrate"], ["tenant", "create"], ["key", "list"]):
        text = run(*command, "-h").said
        options = set(re.findall(r"^  (?:-h, )?--([a-z-]+)", text, re.MULTILINE)) - {"help"}
        named = set(re.findall(r"CLERESTORY_([A-Z_]+)", " ".join(text.split())))
        assert {option.replace("-", "_").upper() for option in options} == named
        assert named <= {variable.name.upper() for variable in VARIABLES}


@pytest.mark.parametrize(
    ("arguments", "settings", "said"),
    [
        (["srve"], {}, "No such command 'srve'. Did you mean 'serve'? `clerestory --help` shows what can be asked."),
        (
            ["serve", "--prt", "1"],
            {},
            "No such option: --prt (Possible options: --port). `clerestory serve --help` shows",
        ),
        (["serve", "--port", "x"], {}, "--port is 'x': it must be a whole number from 0 to 65535."),
        (["tenant", "create"], {}, "Missing argument 'email'. `clerestory tenant create --help` shows"),
        (["demo"], {"prot": "1"}, "CLERESTORY_PROT is no setting of Clerestory; did you mean CLERESTORY_PORT?"),
        (["migrate"], {"log_level": "loud"}, "CLERESTORY_LOG_LEVEL is 'loud': it must be one of: debug, info, warning"),
    ],
)
def test_a_wrong_question_is_told_in_one_line(arguments: list[str], settings: dict[str, str], said: str) -> None:
    ran = run(*arguments, **settings)
    assert (ran.code, ran.said) == (2, "")
    assert ran.complained.startswith(f"clerestory: {said}")
    assert ran.complained.count("\n") == 1


def test_a_database_that_does_not_answer_is_told_in_one_line(tmp_path: Path) -> None:
    url = f"postgresql://me:hidden@127.0.0.1:{free_port()}/x"
    ran = run("migrate", database_url=url, secret=SECRET, data_dir=str(tmp_path))
    assert ran.code == 1
    advice = "`clerestory doctor` says what answers and what does not."
    assert ran.complained.splitlines()[-1] == f"clerestory: The database cannot be reached. {advice}"
    assert "hidden" not in ran.complained + ran.said
    assert "Traceback" not in ran.complained


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("file", "cannot be used: "),
        ("strange", "is not empty and not a PostgreSQL folder either. Move it away, or choose another data folder;"),
    ],
)
def test_a_data_folder_that_cannot_be_one_is_told_in_one_line(tmp_path: Path, path: str, said: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "strange" / "postgres").mkdir(parents=True)
    (tmp_path / "strange" / "postgres" / "letter.txt").touch()
    ran = run("serve", "--port", str(free_port()), "--data-dir", tmp_path / path)
    assert ran.code == 1
    assert said in ran.complained
    assert ran.complained.count("\n") == 1


@pytest.mark.parametrize(
    "question", [["tenant", "list"], ["tenant", "show", "x"], ["key", "list"], ["job", "list"], ["migrate", "--plan"]]
)
def test_a_question_makes_no_database(question: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "mistyped"
    ran = run(*question, data_dir=str(folder))
    assert (ran.code, ran.said) == (1, "")
    assert ran.complained.startswith(f"clerestory: There is no database in {folder} yet. Choose the data folder by")
    assert not folder.exists()


def test_a_plan_runs_nothing_and_then_everything_runs_once(ask: Run) -> None:
    plan = ask("migrate", "--plan", "--json").json
    assert plan["control"][0] == "tenancy 0001 tenants"
    assert plan["schemas"]["public"][0] == "identity 0001 people"
    assert ask("migrate", "--plan", "--json").json == plan
    ran = ask("migrate")
    assert (ran.code, ran.said.splitlines()[0]) == (0, "ran: tenancy 0001 tenants (control schema)")
    assert ask("migrate").said == "The database is up to date.\n"


def test_another_secret_is_refused_before_it_harms(ask: Run) -> None:
    ask("migrate")
    ran = ask("migrate", secret="another secret, and quite as long as the first")
    assert ran.code == 1
    assert ran.complained.startswith("clerestory: This database was set up with another server secret. Set CLERESTORY_")


def test_the_life_of_a_tenant(ask: Run) -> None:
    made = ask("tenant", "create", "joe@x.org", "--first-name", "Joe", password="seven lanterns").said
    told = dict(re.findall(r"^(\w+) +(\S+)$", made, re.MULTILINE))
    assert list(told) == ["client", "schema", "api_key", "state"]
    client = told["client"]
    assert [entry["client"] for entry in ask("tenant", "list", "--json").json] == [client]
    listed = ask("tenant", "list").said.splitlines()
    assert listed[0].split() == ["client", "schema", "state", "e-mail", "created"]
    assert listed[1].split()[:4] == [client, told["schema"], "READY", "joe@x.org"]
    shown = ask("tenant", "show", client, "--json").json
    assert (shown["people"], shown["keys"], shown["version"]) == (1, 1, "current")
    assert told["api_key"] not in ask("key", "list", "--tenant", client).said
    [key] = ask("key", "list", "--tenant", client, "--json").json
    assert datetime.fromisoformat(key["created"]).tzinfo is not None

    assert ask("tenant", "suspend", client).said == f"{client} is suspended: its requests are answered with 503.\n"
    assert ask("tenant", "suspend", client).complained == "clerestory: The tenant is not READY.\n"
    assert ask("tenant", "resume", client).said == f"{client} is served again.\n"

    refused = ask("tenant", "delete", client)
    assert (refused.code, refused.complained) == (1, "clerestory: Nobody is here to be asked: repeat it with --yes.\n")
    assert ask("tenant", "delete", client, "--yes").said == f"{client} is deleted.\n"
    gone = ask("tenant", "show", client)
    text = f"clerestory: There is no tenant '{client}': `clerestory tenant list` shows all.\n"
    assert (gone.code, gone.complained) == (1, text)


def test_what_a_registration_lacks_is_told_at_once(ask: Run) -> None:
    ran = ask("tenant", "create", "nobody", password="12345")
    assert ran.code == 1
    assert ran.complained.startswith("clerestory: email: Enter a valid email address. password: ")


def test_a_password_that_nobody_chose_is_told_apart_from_the_json(ask: Run) -> None:
    ran = ask("tenant", "create", "ann@x.org", "--json")
    assert list(ran.json) == ["client", "schema", "api_key", "state"]
    assert re.fullmatch(r"The password of ann@x\.org is \S{16}\n", ran.complained)


def test_demonstration_data_may_be_loaded_again(ask: Run) -> None:
    first, second = ask("demo"), ask("demo")
    assert (first.code, second.code, second.complained) == (0, 0, "")
    assert first.said == second.said


def test_a_doctor_tells_findings_with_advice(ask: Run) -> None:
    findings = {finding["subject"]: finding for finding in ask("doctor", "--json", port=str(free_port())).json}
    assert {finding["level"] for finding in findings.values()} <= {"ok", "note"}
    assert findings["secret"] == {"subject": "secret", "level": "ok", "text": "from CLERESTORY_SECRET", "advice": ""}
    assert findings["tables"]["text"] == "of this version"
    assert findings["EMAIL"]["text"] == "not configured: messages are kept in the inbox"
    assert findings["server"]["advice"] == "`clerestory serve` starts it."
    assert SECRET not in str(findings)


def test_a_doctor_finds_what_is_wrong(ask: Run) -> None:
    port = free_port()
    ran = ask(
        "doctor", secret="a" * 40, smtp_url=f"smtp://127.0.0.1:{port}", smtp_from="ops@x.org", public_url="http://x.org"
    )
    assert ran.code == 1
    lines = ran.said.splitlines()
    assert "error    secret: CLERESTORY_SECRET can be guessed" in lines
    assert f"error    EMAIL: 127.0.0.1 port {port} does not answer" in lines
    assert "warning  public URL: http://x.org" in lines
    assert "error    its secret: the database was set up with another server secret" in lines
    assert lines[-1] == "3 errors, 1 warning."


def test_a_doctor_warns_of_what_strangers_may_read(ask: Run) -> None:
    warning = "warning  metrics: whoever reaches the server reads /metrics"
    assert warning in ask("doctor", host="0.0.0.0").said.splitlines()
    assert warning not in ask("doctor", host="0.0.0.0", metrics_token="a token of the tests").said
    assert warning not in ask("doctor").said


def test_a_doctor_warns_of_files_that_others_may_read(ask: Run, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    secret.chmod(0o644)
    said = ask("doctor", secret="", data_dir=str(tmp_path)).said
    assert re.search(rf"warning  data folder: .+; others may look into it\n +> chmod 700 {tmp_path}\n", said)
    assert re.search(rf"error    secret: others may read {secret}\n +> chmod 600 {secret}\n", said)
    secret.chmod(0o600)
    tmp_path.chmod(0o700)
    said = ask("doctor", secret="", data_dir=str(tmp_path)).said
    assert "others may" not in said


@pytest.mark.skipif(os.geteuid() != 0, reason="about what root does: run the tests as root to see it")
def test_a_doctor_warns_of_a_user_that_is_not_postgresqls_alone(tmp_path: Path) -> None:
    warning = "warning  PostgreSQL's user: nobody, as whom other services run too: they could enter the database"
    said = run("doctor", data_dir=str(tmp_path / "data"), postgres_user="nobody").said
    assert f"{warning}\n         > Make a user for it alone: useradd --system clerestory\n" in said
    (tmp_path / "data" / "postgres").mkdir(parents=True)
    os.chown(tmp_path / "data" / "postgres", 1, 1)
    assert "ok       PostgreSQL's user: daemon\n" in run("doctor", data_dir=str(tmp_path / "data")).said


def test_a_doctor_tells_what_to_enter_at_providers(ask: Run) -> None:
    port = free_port()
    senders = {
        "twilio_account_sid": "AC1",
        "twilio_auth_token": "t1",
        "twilio_url": f"http://127.0.0.1:{port}",
        "whatsapp_token": "EAA",
        "whatsapp_phone_number_id": "1",
        "whatsapp_url": f"http://127.0.0.1:{port}",
    }
    findings = {
        finding["subject"]: finding["text"]
        for finding in ask("doctor", "--json", public_url="https://c.example.org", **senders).json
    }
    links = CallbackLinks(Vault(VaultSettings(SECRET)), "https://c.example.org")
    assert findings["Twilio calls back"] == links.url("twilio", 0)
    assert findings["Meta calls back"] == f"{links.url('whatsapp', 0)} with the verify token {links.token(0)}"
    assert {"Twilio calls back", "Meta calls back"}.isdisjoint(one["subject"] for one in ask("doctor", "--json").json)


def test_a_job_that_was_given_up_is_run_again_or_thrown_away(ask: Run, database: str) -> None:
    ask("migrate")
    first, second = asyncio.run(given_up(database)), asyncio.run(given_up(database))
    listed = ask("job", "list", "--json").json
    assert [(job["id"], job["task"], job["tenant"]) for job in listed] == [(second, "gone", 0), (first, "gone", 0)]
    assert ask("job", "rerun", str(first)).said == f"Job {first} is queued again.\n"
    assert ask("job", "discard", str(second)).said == f"Job {second} is thrown away.\n"
    assert ask("job", "list", "--json").json == []
    text = f"clerestory: No job number {first} was given up: `clerestory job list` shows all.\n"
    assert ask("job", "rerun", str(first)).complained == text
    assert ask("job", "discard", str(first)).complained == text


async def given_up(database_url: str) -> int:
    """The number of a job whose last attempt has failed."""
    database = await Database.open(DatabaseSettings(database_url, pool_min=1))
    try:
        async with database.begin() as tx:
            await defer(tx, "gone", {})
            job: int = await tx.value(
                """
                UPDATE jobs.pgqueuer
                   SET status = 'failed'
                 WHERE entrypoint = 'gone' AND status = 'queued'
                RETURNING id
                """
            )
            return job
    finally:
        await database.close()


def test_a_worker_runs_jobs_and_tells_its_health(database: str, tmp_path: Path) -> None:
    settings = {"database_url": database, "secret": SECRET, "data_dir": str(tmp_path)}
    port = free_port()
    with started(tmp_path / "log", "worker", "--health-port", str(port), port=port, **settings) as worker:
        worker.ready()
        missing = worker.get("/status")
        assert missing is not None
        assert (missing.status_code, missing.json()["status"]) == (404, "error")
        assert "pool_connections" in worker.http.get("/metrics").text
        assert worker.end(signal.SIGINT) == 0
        assert "Traceback" not in worker.text
