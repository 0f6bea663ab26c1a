"""Two tenants with rows of their own in every table, and what can be counted of them from outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from clerestory.families.ideas.recount import recount
from clerestory.platform.database import Database, Schema
from clerestory.platform.tokens import sessions
from tests.fixtures.tenants import TestTenant
from tests.standins.facebook import Facebook

# What a tenant's own rows are numbered from, each table from another multiple: no other tenant has such ids.
FAR = 1_000_000

TABLES = """
SELECT relname
  FROM pg_catalog.pg_class
 WHERE relnamespace = to_regnamespace(:schema) AND relkind IN ('r', 'p')
 ORDER BY relname
"""

_TOUCHED = """
SELECT relname, coalesce(seq_scan, 0) + coalesce(idx_scan, 0) + n_tup_ins + n_tup_upd + n_tup_del AS times
  FROM pg_catalog.pg_stat_user_tables
 WHERE schemaname = :schema
 ORDER BY relname
"""

# Tables that no request of these tests writes.
_BY_HAND = """
INSERT INTO tenant.delivery_attempt (message, code, note, raw)
SELECT id, 'PROVIDER_ERROR', :word, :word
  FROM tenant.delivery_message
 LIMIT 1;
INSERT INTO tenant.delivery_block (channel, sender, address, reason) VALUES ('SMS', :word, :word, :word);
INSERT INTO tenant.delivery_alarm (transport, raised) VALUES (:word, now());
INSERT INTO tenant.bots_chat (bot, channel, address)
SELECT id, 'web', :word
  FROM tenant.bots_bot
 ORDER BY id
 LIMIT 1;
INSERT INTO tenant.bots_message (chat, kind, author, text, state)
SELECT id, :word, 'person', :word, 'handled'
  FROM tenant.bots_chat;
"""

# Ideas: a row in each table, each pointing to the newest of those that it needs.
_IDEAS = """
INSERT INTO tenant.ideas_campaign (name, description, sponsor) SELECT :word, :word, max(id) FROM tenant.person;
INSERT INTO tenant.ideas_category (campaign, name) SELECT max(id), :word FROM tenant.ideas_campaign;
INSERT INTO tenant.ideas_status (campaign, name) SELECT max(id), :word FROM tenant.ideas_campaign;
INSERT INTO tenant.ideas_access (campaign, person_group)
SELECT max(c.id), max(g.id) FROM tenant.ideas_campaign AS c, tenant.person_group AS g;
INSERT INTO tenant.ideas_role (campaign, person, role)
SELECT max(c.id), max(p.id), 'moderator' FROM tenant.ideas_campaign AS c, tenant.person AS p;
INSERT INTO tenant.ideas_entrant (campaign, person)
SELECT max(c.id), max(p.id) FROM tenant.ideas_campaign AS c, tenant.person AS p;
INSERT INTO tenant.ideas_question (campaign, type, description)
SELECT max(id), 'select', :word FROM tenant.ideas_campaign;
INSERT INTO tenant.ideas_question_option (question, description) SELECT max(id), :word FROM tenant.ideas_question;
INSERT INTO tenant.ideas_member (person, screen_name) SELECT max(id), :word FROM tenant.person;
INSERT INTO tenant.ideas_idea (campaign, category, status, person, title)
SELECT max(c.id), max(k.id), max(s.id), max(p.id), :word
  FROM tenant.ideas_campaign AS c, tenant.ideas_category AS k, tenant.ideas_status AS s, tenant.person AS p;
INSERT INTO tenant.ideas_answer (idea, question, text)
SELECT max(i.id), max(q.id), :word FROM tenant.ideas_idea AS i, tenant.ideas_question AS q;
INSERT INTO tenant.ideas_comment (idea, person, text)
SELECT max(i.id), max(p.id), :word FROM tenant.ideas_idea AS i, tenant.person AS p;
INSERT INTO tenant.ideas_vote (idea, person, type)
SELECT max(i.id), max(p.id), 'promote' FROM tenant.ideas_idea AS i, tenant.person AS p;
INSERT INTO tenant.ideas_comment_vote (comment, person, type)
SELECT max(c.id), max(p.id), 'promote' FROM tenant.ideas_comment AS c, tenant.person AS p;
INSERT INTO tenant.ideas_chip_vote (idea, person, chips)
SELECT max(i.id), max(p.id), 7 FROM tenant.ideas_idea AS i, tenant.person AS p;
INSERT INTO tenant.ideas_chip_budget (campaign, person, budget)
SELECT max(c.id), max(p.id), 50 FROM tenant.ideas_campaign AS c, tenant.person AS p;
INSERT INTO tenant.ideas_tag (name) VALUES (:word);
INSERT INTO tenant.ideas_idea_tag (idea, tag)
SELECT max(i.id), max(t.id) FROM tenant.ideas_idea AS i, tenant.ideas_tag AS t;
INSERT INTO tenant.ideas_file (idea, stored, name, extension, media_type, size_bytes)
SELECT max(id), :word, :word, 'jpg', 'image/jpeg', 1 FROM tenant.ideas_idea;
INSERT INTO tenant.ideas_update (person, message) SELECT max(id), :word FROM tenant.person;
INSERT INTO tenant.ideas_update_comment (about, person, text)
SELECT max(u.id), max(p.id), :word FROM tenant.ideas_update AS u, tenant.person AS p;
INSERT INTO tenant.ideas_activity (type, person, campaign, idea)
SELECT 'POST_IDEA', max(p.id), max(c.id), max(i.id)
  FROM tenant.person AS p, tenant.ideas_campaign AS c, tenant.ideas_idea AS i;
INSERT INTO tenant.ideas_report (type) VALUES (:word);
INSERT INTO tenant.ideas_app (name, client_id, secret_digest, secret_sealed) VALUES (:word, :word, '', '');
INSERT INTO tenant.ideas_request (app, method, route, status, took_ms)
SELECT max(id), 'GET', :word, 200, 1 FROM tenant.ideas_app;
INSERT INTO tenant.ideas_follow (person, idea)
SELECT max(p.id), max(i.id) FROM tenant.person AS p, tenant.ideas_idea AS i;
INSERT INTO tenant.ideas_tiding (person, activity)
SELECT max(p.id), max(a.id) FROM tenant.person AS p, tenant.ideas_activity AS a;
"""


@dataclass(frozen=True, slots=True)
class House:
    """A tenant that is furnished. `word` stands in all of its own rows, `ids` are theirs and nobody else's."""

    tenant: TestTenant
    word: str
    ids: frozenset[int]
    log_key: str
    other_log_key: str
    customer: str
    bot: str
    user: str
    cookie: str = field(repr=False)
    csrf: str = field(repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What a neighbour must never be shown."""
        shown = (self.word, self.log_key, self.other_log_key, self.customer, self.bot, self.user)
        return (*shown, self.tenant.api_key, self.cookie, self.csrf)

    @property
    def by_key(self) -> dict[str, str]:
        return {"Api-Key": self.tenant.api_key}

    @property
    def by_facebook(self) -> dict[str, str]:
        return {**self.by_key, "Authorization": f"Bearer {token_of(self.word)}"}

    @property
    def by_session(self) -> dict[str, str]:
        return {"Cookie": f"sessionid={self.cookie}", "X-CSRFToken": self.csrf}


def token_of(word: str) -> str:
    """The Facebook token of the house's customer."""
    return f"EAA{word}"


def facebook_of(*words: str) -> Facebook:
    """A Facebook that knows the customers of these houses."""
    standin = Facebook()
    for place, word in enumerate(words):
        standin.join(token_of(word), f"1015{place}", word, f"{word}@facebook.org")
    return standin


async def furnish(tenant: TestTenant, word: str) -> House:
    """Rows in every table of the tenant."""
    database = tenant.scope.database
    await _number_from_afar(database, tenant.schema, tenant.tenant.id)
    person = await _made(tenant, "people", email=f"{word}@x.org", first_name=word, phone_number="+447772572105")
    await _made(tenant, "groups", name=word, members=[person])
    consents = {"EMAIL": True, "SMS": True, "WHATSAPP": True}
    severities = ["LOW", "MINOR", "MAJOR", "CRITICAL"]
    await _made(tenant, "escalation/contacts", person=person, consents=consents, preferences=severities)
    settings = {"organisation_name": word, "escalation_repeat_minutes": 5}
    assert (await tenant.http.patch("/api/v1/settings/", json=settings)).status_code == 200
    for severity in ("MAJOR", "CRITICAL"):
        log = {"code": word, "application": word, "message": f"{word} {severity}", "severity": severity}
        answer = await tenant.http.post("/escalate", json={**log, "user_ref": word, "trace": word})
        assert answer.status_code == 201, answer.text
    customer, bot, user = await _bots(tenant, word)
    for statement in filter(str.strip, (_BY_HAND + _IDEAS).split(";")):
        named = {"word": word} if ":word" in statement else {}
        await database.direct(tenant.schema).execute(statement, **named)
    async with database.begin(tenant.schema) as tx:
        await recount(tx)
    keys = await database.direct(tenant.schema).values("SELECT log_key FROM tenant.escalation_log ORDER BY id DESC")
    person_uuid = await database.direct(tenant.schema).value(
        "SELECT uuid FROM tenant.person WHERE email = :email", email=tenant.email
    )
    opened = await sessions.begin(tenant.scope, tenant.tenant.id, person_uuid)
    ids = await _own_ids(database, tenant.schema)
    own = (customer, bot, user)
    return House(tenant, word, frozenset(ids), keys[0], keys[1], *own, opened.text, opened.csrf)


async def _bots(tenant: TestTenant, word: str) -> tuple[str, str, str]:
    """A customer with a bot, which has a user whose status was set; their ids."""
    token = {"Authorization": f"Bearer {token_of(word)}"}
    made = await tenant.http.post("/v1/customers", headers=token)
    assert made.status_code == 201, made.text
    customer, [bot] = made.json()["id"], made.json()["bots"]
    changes = {
        f"/v1/customers/{customer}": {"note": word},
        f"/v1/bots/{bot}": {"facebook": {"pageId": word, "pageName": word}},
        f"/v1/users/user-of-{word}?botId={bot}": {"name": word, "botStatus": "muted"},
    }
    for path, body in changes.items():
        assert (await tenant.http.put(path, json=body, headers=token)).status_code == 200
    return customer, bot, f"user-of-{word}"


async def _made(tenant: TestTenant, resource: str, **body: object) -> int:
    answer = await tenant.http.post(f"/api/v1/{resource}/", json=body)
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["id"]
    return number


async def _number_from_afar(database: Database, schema: Schema, tenant: int) -> None:
    sql = "SELECT quote_ident(sequencename) FROM pg_catalog.pg_sequences WHERE schemaname = :schema"
    for place, name in enumerate(sorted(await database.direct().values(sql, schema=schema)), 1):
        await database.direct().value(
            "SELECT setval(:name::text::regclass, :last)", name=f'"{schema}".{name}', last=FAR * (place + 1000 * tenant)
        )


async def _own_ids(database: Database, schema: Schema) -> list[int]:
    found: list[int] = []
    having_ids = """
        SELECT relname
          FROM pg_catalog.pg_class
          JOIN pg_catalog.pg_attribute ON attrelid = pg_class.oid AND attname = 'id'
         WHERE relnamespace = to_regnamespace(:schema) AND relkind = 'r'
    """
    for table in await database.direct().values(having_ids, schema=schema):
        sql = f'SELECT id FROM tenant."{table}" WHERE id > {FAR}'
        found += await database.direct(schema).values(sql)
    return found


async def rows_of(database: Database, schema: Schema) -> dict[str, tuple[int, str]]:
    """{table: how many rows, and a digest of them} of one schema."""
    found = {}
    for table in await database.direct().values(TABLES, schema=schema):
        sql = f"""
            SELECT count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))
              FROM tenant."{table}" AS t
        """
        count, _, digest = (await database.direct(schema).value(sql)).partition(" ")
        found[table] = (int(count), digest)
    return found


async def numbers_of(database: Database, schema: Schema) -> Mapping[str, int | None]:
    """{sequence: the last number drawn}."""
    sql = "SELECT sequencename, last_value FROM pg_catalog.pg_sequences WHERE schemaname = :schema"
    return dict(
        await database.direct().rows(sql, lambda sequencename, last_value: (sequencename, last_value), schema=schema)
    )


async def touched(database: Database, schema: Schema) -> Mapping[str, int]:
    """{table: how often any statement read or wrote it}. True only of connections that are closed."""
    return dict(await database.direct().rows(_TOUCHED, lambda relname, times: (relname, times), schema=schema))
