"""Of every route: a tenant sees nothing of its neighbour, changes nothing there, and does not even read its tables."""

import asyncio
import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from urllib.parse import urlencode

import httpx
import pytest

from clerestory.app import Application, demonstrate
from clerestory.platform.database import PUBLIC, Database, DatabaseSettings
from clerestory.platform.delivery.links import CallbackLinks
from clerestory.platform.http import Route, Surface
from clerestory.platform.tokens import store
from clerestory.platform.web import HtmlDialect
from tests.conformance.neighbourhood import FAR, House, facebook_of, furnish, numbers_of, rows_of, touched
from tests.conformance.speech import WORKSPACE
from tests.conformance.surfaces import filled, named, surfaces_of
from tests.families.bots.tower import tower_app
from tests.fixtures.database import create_database, drop_database, of
from tests.fixtures.tenants import tenant_of
from tests.standins.facebook import Facebook

OURS, THEIRS = "zanzibar", "quixote"
WRITES = ("POST", "PUT", "PATCH", "DELETE")
CONTENT = {
    "code": "ANOTHER",
    "application": "another",
    "message": "another",
    "severity": "LOW",
    "email": "another@x.org",
    "password": "seven blue lanterns",
    "first_name": "Another",
    "last_name": "One",
    "name": "another",
    "members": [],
    "person": 1,
    "consents": {"EMAIL": False, "SMS": False, "WHATSAPP": False},
    "preferences": [],
    "refresh": "none",
    "ids": ["another"],
    "update": {"another": "another"},
    "token": "none",
}
FORM = {name: str(value) for name, value in CONTENT.items()}
FORM |= {"consents": "SMS", "preferences": "LOW", "active": "no"}


class Street:
    """Two furnished neighbours in one application."""

    def __init__(self, application: Application, ours: House, theirs: House) -> None:
        self.application = application
        self.ours = ours
        self.theirs = theirs
        self.database = application.parts.find(Database)
        self.anyone = httpx.AsyncClient(
            transport=httpx.ASGITransport(application.asgi), base_url="http://clerestory.test"
        )

    def routes(self) -> Iterator[tuple[Surface, Route]]:
        """Those that are about a tenant's rows."""
        for surface in surfaces_of(self.application):
            if surface.name not in ("operations", "callbacks"):
                for route in surface.routes:
                    yield surface, route

    async def ask(self, surface: Surface, route: Route, path: str, house: House | None) -> list[httpx.Response]:
        """The request by each credential that the surface takes from this house; by none."""
        page = isinstance(surface.dialect, HtmlDialect)
        shown: list[dict[str, str]] = [{}]
        if house is not None:
            shown = [house.by_session] if page else [house.by_session, house.by_key]
        if surface.name == "bots":
            by_facebook = (house or self.theirs).by_facebook
            shown.append({name: by_facebook[name] for name in by_facebook if house or name != "Api-Key"})
        answers = []
        for headers in shown:
            if page and route.method == "POST":
                form = {**FORM, "csrf": house.csrf if house else ""}
                answers.append(await self.anyone.post(path, data=form, headers=headers))
            else:
                body = {"organisation_name": "another"} if "settings" in path else CONTENT
                sent = None if route.method == "GET" else body
                answers.append(await self.anyone.request(route.method, path, json=sent, headers=headers))
        return answers


async def furnished(application: Application) -> Street:
    one, other = await tenant_of(application, "one@x.org"), await tenant_of(application, "other@x.org")
    async with one.http, other.http:
        return Street(application, await furnish(one, OURS), await furnish(other, THEIRS))


@pytest.fixture(scope="module")
def graph() -> Iterator[Facebook]:
    with facebook_of(OURS, THEIRS) as standin:
        yield standin


@pytest.fixture(scope="module")
async def street(server_url: str, template: str, graph: Facebook) -> AsyncIterator[Street]:
    name = f"street_{secrets.token_hex(4)}"
    await create_database(server_url, name, template)
    async with tower_app(of(server_url, name), graph) as application:
        await demonstrate(application.parts.find(Database))
        street = await furnished(application)
        async with street.anyone:
            yield street
    await drop_database(server_url, name)


async def test_both_have_rows_of_their_own_in_every_table(street: Street) -> None:
    for house in (street.ours, street.theirs):
        rows = await rows_of(street.database, house.tenant.schema)
        assert [table for table, (count, _) in rows.items() if not count] == []
    assert street.ours.ids
    # The same numbers in both would prove nothing: each is looked for where the other's are not.
    assert min(street.ours.ids | street.theirs.ids) > FAR
    assert not street.ours.ids & street.theirs.ids


async def test_a_list_shows_nothing_of_the_neighbour(street: Street) -> None:
    for surface, route in street.routes():
        if route.method != "GET" or "{" in route.path:
            continue
        for query in ("", f"?search={OURS}", f"?q={OURS}", f"?application={OURS}"):
            for answer in await street.ask(surface, route, filled(route.path) + query, street.theirs):
                text = answer.text.replace(query.partition("=")[2], "") if query else answer.text
                for hidden in street.ours.secrets:
                    assert hidden not in text, f"{named(surface, route)}{query} shows {hidden}"


async def test_a_record_of_the_neighbour_is_none(street: Street) -> None:
    before = await everything_of(street, street.ours)
    keys = [key.id for key in await store.keys_of(street.database.direct(), street.ours.tenant.tenant.id)]
    for surface, route in street.routes():
        if "{id:int}" not in route.path:
            continue
        # Keys are numbered for all tenants together, so theirs are not far from anybody's.
        for number in keys if "/keys/" in route.path else sorted(street.ours.ids):
            path = route.path.replace("{id:int}", str(number)).replace("{chat:int}", str(number))
            for answer in await street.ask(surface, route, path, street.theirs):
                assert answer.status_code == 404, f"{named(surface, route)} {number}: {answer.text[:200]}"
                assert not any(hidden in answer.text for hidden in street.ours.secrets)
    assert await everything_of(street, street.ours) == before


async def test_what_the_neighbours_bots_are_called_is_nobody_here(street: Street) -> None:
    ours, before = street.ours, await everything_of(street, street.ours)
    for surface, route in street.routes():
        if surface.name == "bots":
            path = route.path.format(customerId=ours.customer, botId=ours.bot, userId=ours.user)
            for answer in await street.ask(surface, route, f"{path}?botId={ours.bot}", street.theirs):
                at = f"{named(surface, route)}: {answer.text[:200]}"
                assert not any(hidden in answer.text for hidden in ours.secrets), at
                # What names nobody makes one's own customer and one's own new bot.
                assert is_nobody(answer) or answer.status_code == 201, at
    assert await everything_of(street, ours) == before


def is_nobody(answer: httpx.Response) -> bool:
    if answer.status_code == 200:
        return answer.text in ("", '{"Items":[],"Count":0,"ScannedCount":0}')
    unknown = ("unknownCustomerIdError", "unknownBotIdError", "noAuthorizationHeaderError")
    return answer.status_code == 500 and answer.json()["error"]["name"] in unknown


async def test_whatever_a_tenant_writes_its_neighbour_and_public_stay_as_they_are(street: Street) -> None:
    before = await everything_of(street, street.ours)
    public = (await rows_of(street.database, PUBLIC), await numbers_of(street.database, PUBLIC))
    for house in (None, street.theirs):
        for surface, route in street.routes():
            if route.method in WRITES and not route.path.startswith(("/register", "/api/v1/clients")):
                for path in (filled(route.path), route.path.replace("{id:int}", "1")):
                    await street.ask(surface, route, path, house)
    assert await everything_of(street, street.ours) == before
    assert (await rows_of(street.database, PUBLIC), await numbers_of(street.database, PUBLIC)) == public


async def everything_of(street: Street, house: House) -> object:
    """All rows of the tenant, and of the control tables what is the tenant's."""
    runner, tenant = street.database.direct(), house.tenant.tenant.id
    sessions = await runner.values("SELECT digest FROM platform.session WHERE tenant = :tenant", tenant=tenant)
    return (
        await rows_of(street.database, house.tenant.schema),
        await numbers_of(street.database, house.tenant.schema),
        [(key.id, key.revoked) for key in await store.keys_of(runner, tenant)],
        sorted(sessions),
    )


async def test_the_key_decides_whatever_else_is_shown(street: Street) -> None:
    ours, theirs = street.ours, street.theirs
    answer = await street.anyone.get("/api/v1/clients/current/", headers={**ours.by_session, **theirs.by_key})
    assert answer.json()["client"] == theirs.tenant.client
    members = await street.anyone.get("/members", headers={**ours.by_session, **theirs.by_key})
    assert THEIRS in members.text
    assert OURS not in members.text


async def test_a_token_is_good_in_its_own_tenant_alone(street: Street) -> None:
    ours, theirs = street.ours, street.theirs
    credentials = {"email": ours.tenant.email, "password": ours.tenant.password}
    pair = (await street.anyone.post("/api/v1/auth/login/", json=credentials, headers=ours.by_key)).json()
    bearer = {"Authorization": f"Bearer {pair['access']}"}
    assert (await street.anyone.get("/api/v1/users/profile/", headers={**bearer, **ours.by_key})).status_code == 200
    expected = (401, WORKSPACE_EXPIRED)
    for path in ("/api/v1/users/profile/", "/api/v1/people/", "/api/v1/keys/"):
        for headers in (theirs.by_key, {}, {"Host": f"{theirs.tenant.schema}.example.org"}):
            answer = await street.anyone.get(path, headers={**headers, **bearer})
            assert (answer.status_code, answer.json()) == expected, path
    for path, name in (("token/refresh", "refresh"), ("token/verify", "token")):
        body = {name: pair["refresh"]}
        answer = await street.anyone.post(f"/api/v1/auth/{path}/", json=body, headers=theirs.by_key)
        assert (answer.status_code, answer.json()) == expected, path


WORKSPACE_EXPIRED = next(body for kind, (_, body) in WORKSPACE.items() if kind.__name__ == "Expired")


async def test_a_log_in_goes_to_one_tenant(street: Street) -> None:
    credentials = {"email": street.ours.tenant.email, "password": street.ours.tenant.password}
    answer = await street.anyone.post("/api/v1/auth/login/", json=credentials, headers=street.theirs.by_key)
    assert answer.status_code == 401
    form = {**credentials, "client": street.theirs.tenant.client}
    assert (await street.anyone.post("/login/", data=form)).status_code == 401


async def test_the_link_to_a_log_shows_that_log_alone_whoever_opens_it(street: Street) -> None:
    ours, theirs = street.ours, street.theirs
    pages = []
    for headers in ({}, theirs.by_key, theirs.by_session, ours.by_key):
        for method, path in (("GET", f"/log/{ours.log_key}"), ("POST", f"/escalate?log_key={ours.log_key}")):
            answer = await street.anyone.request(method, path, headers=headers)
            assert answer.status_code == 200
            pages.append(answer.text)
    assert len(set(pages)) == 1
    assert f"{OURS} CRITICAL" in pages[0]
    for hidden in (f"{OURS} MAJOR", f"{OURS}@x.org", ours.other_log_key, ours.tenant.api_key, THEIRS):
        assert hidden not in pages[0]


async def test_a_callback_that_a_tenant_signs_reaches_its_own_messages_alone(street: Street) -> None:
    ours, theirs = street.ours, street.theirs
    account = {"delivery_twilio_account_sid": "AC1", "delivery_twilio_auth_token": "their own token"}
    assert (await street.anyone.patch("/api/v1/settings/", json=account, headers=theirs.by_key)).status_code == 200
    await street.database.direct(ours.tenant.schema).execute(
        "UPDATE tenant.delivery_message SET state = 'sent', provider_id = 'SM1', transport = 'Twilio'"
    )
    before = await everything_of(street, ours)
    links = street.application.parts.find(CallbackLinks)
    form = {"MessageSid": "SM1", "MessageStatus": "failed", "To": "+447772572105", "ErrorCode": "30004"}
    for tenant, status in ((theirs.tenant.tenant.id, 200), (ours.tenant.tenant.id, 403), (0, 403)):
        url = links.url("twilio", tenant)
        signed = url + "".join(name + form[name] for name in sorted(form))
        signature = base64.b64encode(hmac.digest(b"their own token", signed.encode(), hashlib.sha1)).decode()
        headers = {"X-Twilio-Signature": signature, "content-type": "application/x-www-form-urlencoded"}
        path = f"/callbacks/twilio/{links.token(tenant)}"
        answer = await street.anyone.post(path, content=urlencode(form), headers=headers)
        assert answer.status_code == status
    assert await everything_of(street, ours) == before


async def test_no_statement_of_a_tenants_requests_touches_a_table_of_its_neighbour(
    database_url: str, graph: Facebook
) -> None:
    async with tower_app(database_url, graph) as application:
        street = await furnished(application)
        await street.anyone.aclose()
    ours, theirs = street.ours, street.theirs
    before = await counted(database_url, ours)
    assert sum(before.values()) > 0
    async with tower_app(database_url, graph) as application:
        again = Street(application, ours, theirs)
        async with again.anyone:
            for surface, route in again.routes():
                if not route.path.startswith(("/register", "/api/v1/clients")):
                    await again.ask(surface, route, filled(route.path), theirs)
    assert await counted(database_url, ours) == before
    assert await counted(database_url, theirs) != before


async def counted(url: str, house: House) -> Mapping[str, int]:
    """How often each table of the tenant was touched, told by connections that are closed."""
    database = await Database.open(DatabaseSettings(url, pool_min=1))
    try:
        deadline = time.monotonic() + 20
        alone = "SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE datname = current_database()"
        while await database.direct().value(f"{alone} AND pid <> pg_backend_pid()"):
            assert time.monotonic() < deadline, "connections stay open"
            await asyncio.sleep(0.02)
        return await touched(database, house.tenant.schema)
    finally:
        await database.close()
