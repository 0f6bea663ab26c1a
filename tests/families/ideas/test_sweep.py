"""Files that no row names are removed when they are a day old; nothing else is, here or at the neighbour's."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from clerestory.app import Application
from clerestory.families.ideas import jobs as ideas_jobs
from clerestory.families.ideas.files.sweep import PATIENCE, sweep
from clerestory.families.ideas.founding import found
from clerestory.platform.database import Database
from clerestory.platform.jobs import queue
from clerestory.platform.storage import Files
from clerestory.platform.tenancy import PUBLIC_TENANT, Scope
from tests.families.ideas.ground import Ground
from tests.families.ideas.land import put
from tests.families.ideas.uploads import CONTENTS, named, part, post, stored
from tests.fixtures.tenants import MakeTenant, TestTenant
from tests.platform.storage.places import content


def later(tenant: TestTenant, time: timedelta) -> Scope:
    scope = tenant.scope
    return replace(scope, clock=lambda: scope.now + time)


async def test_what_no_row_names_is_removed_and_nothing_else(ground: Ground, make_tenant: MakeTenant) -> None:
    idea = (await ground.post())["id"]
    await post(ground.client, ground.ann, idea, part("attachment", "fan.jpg", CONTENTS["jpg"]))
    await put(ground.tenant, "ideas_report", type="ideadetails", stored="a-report")
    neighbour = await make_tenant("neighbour@x.org")
    files = ground.tenant.scope.part(Files)
    ours, other = files.shelf(ground.tenant.tenant.id, "ideas"), files.shelf(ground.tenant.tenant.id, "reports")
    theirs = files.shelf(neighbour.tenant.id, "ideas")
    kept = [*await named(ground.tenant), "a-report"]
    for shelf, name in ((ours, "a-report"), (ours, "orphan"), (other, "other"), (theirs, "theirs")):
        await shelf.put(name, content(b"x"), most=10)
    assert await sweep(later(ground.tenant, PATIENCE - timedelta(minutes=5))) == 0
    assert await stored(ground.tenant) == sorted([*kept, "orphan"])
    assert await sweep(later(ground.tenant, PATIENCE + timedelta(minutes=5))) == 1
    assert await stored(ground.tenant) == sorted(kept)
    assert [one.name async for one in other.names()] == ["other"]
    assert await stored(neighbour) == ["theirs"]


KILLED = """
import asyncio, os, signal, sys
from starlette.datastructures import UploadFile
from clerestory.families.ideas.files.attach import kept
from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.conventions.parameters import Parameters
from clerestory.families.ideas.rights.model import Viewer
from clerestory.kernel.clock import utc_now
from clerestory.platform.database import Schema
from clerestory.platform.storage import Files, StorageSettings
from clerestory.platform.tenancy import SYSTEM, Parts, Scope, State, Tenant, TenantId
import io

url, tenant = sys.argv[1], TenantId(int(sys.argv[2]))
scope = Scope(Tenant(tenant, "x", Schema("x"), State.READY), SYSTEM, utc_now, Parts(Files.of(StorageSettings(url))))
file = UploadFile(io.BytesIO(b"%PDF-1.7"), filename="a.pdf", size=8)

async def main():
    async with kept(Asked(scope, Viewer(1), Parameters({}, [("attachment", file)]))):
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def test_a_process_killed_between_storing_and_committing_leaves_what_the_sweep_removes(ground: Ground) -> None:
    place = ground.tenant.scope.part(Files).place
    command = [sys.executable, "-c", KILLED, f"file://{place}", str(ground.tenant.tenant.id)]
    ended = subprocess.run(command, env=dict(os.environ), check=False, capture_output=True, text=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert (len(await stored(ground.tenant)), await named(ground.tenant)) == (1, [])
    assert await sweep(later(ground.tenant, PATIENCE + timedelta(minutes=5))) == 1
    assert await stored(ground.tenant) == []


async def test_what_broke_off_while_it_arrived_is_removed_too(ground: Ground) -> None:
    shelf = ground.tenant.scope.part(Files).shelf(ground.tenant.tenant.id, "ideas")
    await shelf.put("half~0a1b2c3d", content(b"x"), most=10)
    assert await sweep(later(ground.tenant, PATIENCE + timedelta(minutes=5))) == 1


async def test_every_tenant_is_seen_to(application: Application, tenant: TestTenant) -> None:
    database = application.parts.find(Database)
    scope = Scope(PUBLIC_TENANT, tenant.scope.actor, tenant.scope.clock, application.parts)
    before = (await queue.depths(database.direct())).get("queued", 0)
    await ideas_jobs.tidy_all_files(scope, {})
    count = await database.direct().value("SELECT count(*) FROM platform.tenant WHERE state = 'READY'")
    assert (await queue.depths(database.direct()))["queued"] - before == count


@pytest.mark.parametrize("table", ["ideas_file", "ideas_report"])
async def test_rows_that_were_copied_name_no_files_here(ground: Ground, table: str) -> None:
    idea = (await ground.post())["id"]
    await post(ground.client, ground.ann, idea, part("attachment", "fan.jpg", CONTENTS["jpg"]))
    await put(ground.tenant, "ideas_report", type="ideadetails", stored="a-report")
    async with ground.tenant.scope.begin() as tx:
        await found(tx, 1)
    assert await ground.tenant.scope.direct().value(f"SELECT count(*) FROM tenant.{table}") == 0
