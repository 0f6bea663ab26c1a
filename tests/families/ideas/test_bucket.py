"""The whole way of a file with a bucket behind it: attached, read whole and in part, removed."""

from dataclasses import replace

from clerestory.app import running
from clerestory.platform.storage import StorageSettings
from tests.families.ideas.land import make_campaign, put, uuid_of
from tests.families.ideas.uploads import CONTENTS, part, post
from tests.fixtures.application import settings_for
from tests.fixtures.tenants import tenant_of
from tests.standins.s3 import BUCKET, S3


async def test_files_lie_in_a_bucket_where_one_is_set(database_url: str) -> None:
    with S3() as s3:
        place = StorageSettings(f"s3://{BUCKET}/here", s3.url, None, "key", "secret")
        async with running(replace(settings_for(database_url), storage=place)) as application:
            tenant = await tenant_of(application)
            async with tenant.http as client:
                campaign, status = await make_campaign(tenant), await put(tenant, "ideas_status", name="New")
                person = await tenant.scope.direct().value("SELECT max(id) FROM tenant.person")
                row = {"campaign": campaign, "status": status, "person": person, "title": "Fans"}
                idea = await uuid_of(tenant, "ideas_idea", await put(tenant, "ideas_idea", **row))
                long = CONTENTS["pdf"].ljust(6 * 1024 * 1024, b"x")
                answer = await post(client, {}, idea, part("attachment", "a.pdf", long))
                [body] = answer.json()["attachments"]
                [key] = s3.objects
                assert key.startswith(f"here/{tenant.tenant.id}/ideas/")
                path = f"/api3/file/{body['id']}?format=binary"
                assert (await client.get(path)).content == long
                assert (await client.get(path, headers={"Range": "bytes=0-7"})).content == b"%PDF-1.7"
                assert (await client.delete(f"/api3/ideaAttachment/{body['id']}")).json() == {"success": True}
                assert (s3.objects, s3.begun) == ({}, {})
