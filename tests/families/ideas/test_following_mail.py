"""The whole way of a mail to followers: from a comment by a worker to a mail server, and back by its own end."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from email.message import EmailMessage

import pytest

from clerestory.app import Application, running
from clerestory.families.ideas.follow.model import Mail as Setting
from clerestory.families.ideas.jobs import DIGEST_ALL
from clerestory.platform.database import Database
from clerestory.platform.delivery.settings import DeliverySettings
from clerestory.platform.jobs import defer
from tests.families.ideas.following import choose, comment
from tests.families.ideas.ground import Ground, make_ground
from tests.families.ideas.land import make_app
from tests.fixtures.application import settings_for
from tests.fixtures.clocks import visitor
from tests.fixtures.tenants import tenant_of
from tests.platform.jobs.crew import until
from tests.standins.mail import Mail

PUBLIC_URL = "https://clerestory.test"


@pytest.fixture
def mail() -> Iterator[Mail]:
    with Mail() as standin:
        yield standin


@dataclass(frozen=True)
class Post:
    """A ground whose application sends mail and does its jobs."""

    ground: Ground
    application: Application
    mail: Mail

    async def arrived(self, count: int) -> list[EmailMessage]:
        """So many mails, once they are there."""

        async def there() -> bool:
            return len(self.mail.taken) >= count

        await until(there)
        return [taken.mail for taken in self.mail.taken]


@pytest.fixture
async def post(database_url: str, mail: Mail) -> AsyncIterator[Post]:
    delivery = DeliverySettings(
        smtp_url=mail.url + "?security=none", smtp_from="Clerestory <ops@example.org>", outbound_allow_private=True
    )
    settings = replace(settings_for(database_url), delivery=delivery, public_url=PUBLIC_URL, jobs=True)
    async with AsyncExitStack() as stack:
        application = await stack.enter_async_context(running(settings))
        tenant = await tenant_of(application)
        await stack.enter_async_context(tenant.http)
        client = await stack.enter_async_context(visitor(application))
        yield Post(await make_ground(tenant, client, await make_app(tenant)), application, mail)


async def test_a_comment_arrives_at_once_where_that_is_wanted(post: Post) -> None:
    idea = await post.ground.post()
    await choose(post.ground, "ann", Setting.AT_ONCE)
    await comment(post.ground, idea["id"], post.ground.bo, "Which <i>bearings</i>?\n\n.\nTwo")
    [mail] = await post.arrived(1)
    assert (mail["To"], mail["Subject"], mail.get_content_type()) == (
        "ann@x.org",
        "New comment: Quieter fans",
        "text/plain",
    )
    text = mail.get_content().replace("\r\n", "\n")
    assert "  Bo Lee commented:\n    Which bearings ?\n\n    .\n    Two\n" in text
    [end] = re.findall(r"End all of these mails: (\S+)", text)
    assert mail["List-Unsubscribe"] == f"<{end}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_the_cron_has_every_tenant_told_once(post: Post) -> None:
    idea = await post.ground.post()
    await comment(post.ground, idea["id"], post.ground.bo)
    await comment(post.ground, idea["id"], post.ground.ann)
    database = post.application.parts.find(Database)
    for _ in range(2):
        async with database.begin() as tx:
            await defer(tx, DIGEST_ALL, {})
    mails = await post.arrived(2)
    assert sorted(mail["To"] for mail in mails) == ["ann@x.org", "bo@x.org"]

    async def done() -> bool:
        return not await database.direct().value("SELECT count(*) FROM jobs.pgqueuer")

    await until(done)
    assert len(post.mail.taken) == 2


async def test_the_mail_programs_own_button_ends_all_mails(post: Post) -> None:
    idea = await post.ground.post()
    await choose(post.ground, "ann", Setting.AT_ONCE)
    await comment(post.ground, idea["id"], post.ground.bo)
    [mail] = await post.arrived(1)
    address = mail["List-Unsubscribe"].strip("<>")
    # RFC 8058, 3.2: a POST of this one pair, with no cookie, and nothing else.
    async with visitor(post.application) as program:
        answer = await program.post(address, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    mails = "SELECT mail FROM tenant.ideas_member WHERE person = :person"
    assert await post.ground.tenant.scope.direct().value(mails, person=post.ground.people["ann"]) == "never"
