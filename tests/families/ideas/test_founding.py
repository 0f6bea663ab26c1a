"""A new tenant gets what public shows of ideas, with its ids and uuids, as the registrant's; and its counts are true."""

# ruff: noqa: E501 - one statement a line

from dataclasses import dataclass
from uuid import UUID

from clerestory.families.ideas.recount import recount
from clerestory.platform.database import PUBLIC, Database, Runner, Tx
from tests.fixtures.clocks import own_application
from tests.fixtures.tenants import tenant_of

_ROWS = """
INSERT INTO tenant.person (email) VALUES ('ann@x.org'), ('bo@x.org');
INSERT INTO tenant.person_group (name) VALUES ('Plant 2');
INSERT INTO tenant.ideas_campaign (name, sponsor, comment_points) SELECT 'Safer plant', max(id), 2 FROM tenant.person;
INSERT INTO tenant.ideas_category (campaign, name) SELECT id, 'Noise' FROM tenant.ideas_campaign;
INSERT INTO tenant.ideas_status (name) VALUES ('New');
INSERT INTO tenant.ideas_access (campaign, person_group) SELECT c.id, g.id FROM tenant.ideas_campaign AS c, tenant.person_group AS g;
INSERT INTO tenant.ideas_role (campaign, person, role) SELECT c.id, p.id, 'moderator' FROM tenant.ideas_campaign AS c, tenant.person AS p;
INSERT INTO tenant.ideas_entrant (campaign, person) SELECT c.id, p.id FROM tenant.ideas_campaign AS c, tenant.person AS p;
INSERT INTO tenant.ideas_member (person, screen_name) SELECT id, email FROM tenant.person;
INSERT INTO tenant.ideas_idea (campaign, category, status, person, title, description, language)
SELECT c.id, k.id, s.id, p.id, 'Quieter fans', '<p>Swap the bearings.</p>', 'english'
  FROM tenant.ideas_campaign AS c, tenant.ideas_category AS k, tenant.ideas_status AS s, tenant.person AS p
 ORDER BY p.id;
UPDATE tenant.ideas_idea SET merged_into = (SELECT min(id) FROM tenant.ideas_idea), visible = false
 WHERE id = (SELECT max(id) FROM tenant.ideas_idea);
INSERT INTO tenant.ideas_vote (idea, person, type) SELECT i.id, p.id, 'promote' FROM tenant.ideas_idea AS i, tenant.person AS p;
INSERT INTO tenant.ideas_chip_vote (idea, person, chips) SELECT i.id, p.id, 5 FROM tenant.ideas_idea AS i, tenant.person AS p;
INSERT INTO tenant.ideas_chip_budget (campaign, person) SELECT c.id, p.id FROM tenant.ideas_campaign AS c, tenant.person AS p;
INSERT INTO tenant.ideas_comment (idea, person, text) SELECT i.id, p.id, 'Yes' FROM tenant.ideas_idea AS i, tenant.person AS p;
INSERT INTO tenant.ideas_comment (idea, person, text, answers) SELECT idea, person, 'No', id FROM tenant.ideas_comment;
INSERT INTO tenant.ideas_comment_vote (comment, person, type) SELECT c.id, p.id, 'demote' FROM tenant.ideas_comment AS c, tenant.person AS p;
INSERT INTO tenant.ideas_tag (name) VALUES ('fan');
INSERT INTO tenant.ideas_idea_tag (idea, tag) SELECT i.id, t.id FROM tenant.ideas_idea AS i, tenant.ideas_tag AS t;
INSERT INTO tenant.ideas_file (profile, stored, name, extension, media_type, size_bytes)
SELECT id, 'x', 'x', 'png', 'image/png', 1 FROM tenant.person;
INSERT INTO tenant.ideas_follow (person, idea) SELECT p.id, i.id FROM tenant.person AS p, tenant.ideas_idea AS i;
INSERT INTO tenant.ideas_update (person, message) SELECT id, 'Pilot' FROM tenant.person;
INSERT INTO tenant.ideas_update_comment (about, person, text) SELECT u.id, p.id, 'Great' FROM tenant.ideas_update AS u, tenant.person AS p;
INSERT INTO tenant.ideas_activity (type, person, campaign, idea) SELECT 'POST_IDEA', person, campaign, id FROM tenant.ideas_idea;
"""


@dataclass(frozen=True, slots=True)
class Idea:
    id: int
    uuid: UUID
    code: str
    promotes: int
    chips: int
    comments: int
    score: int


async def ideas_of(runner: Runner) -> list[Idea]:
    return await runner.rows(
        """
        SELECT i.id, i.uuid, i.code, s.promotes, s.chips, s.comments, s.score
          FROM tenant.ideas_idea AS i
          JOIN tenant.ideas_standing AS s ON s.idea = i.id
         ORDER BY i.id
        """,
        Idea,
    )


async def filled(tx: Tx) -> None:
    for statement in filter(str.strip, _ROWS.split(";")):
        await tx.execute(statement)
    await recount(tx)


async def test_what_public_shows_is_copied_and_counted_anew(database_url: str) -> None:
    async with own_application(database_url) as application:
        database = application.parts.find(Database)
        async with database.begin(PUBLIC) as tx:
            await filled(tx)
        theirs = await ideas_of(database.direct(PUBLIC))
        tenant = await tenant_of(application)
        direct = tenant.scope.direct()
        ours = await ideas_of(direct)
        await tenant.http.aclose()
        assert [(idea.id, idea.uuid, idea.code) for idea in ours] == [
            (idea.id, idea.uuid, idea.code) for idea in theirs
        ]
        assert [(idea.promotes, idea.chips, idea.comments, idea.score) for idea in theirs] == [(2, 10, 4, 10)] * 2
        # Both people became the registrant, who votes once.
        assert [(idea.promotes, idea.chips, idea.comments, idea.score) for idea in ours] == [(1, 5, 4, 9)] * 2
        tally = "SELECT ideas || ' ' || votes || ' ' || comments FROM tenant.ideas_tally ORDER BY visible"
        assert await direct.values(tally) == ["1 1 4", "1 1 4"]
        assert await direct.values("SELECT ideas || ' ' || hidden_ideas FROM tenant.ideas_tag") == ["1 1"]
        assert await direct.values("SELECT spent FROM tenant.ideas_chip_budget") == [10]
        assert await direct.values("SELECT members FROM tenant.ideas_campaign") == [1]
        found = (
            "SELECT count(*) FROM tenant.ideas_idea WHERE search @@ to_tsquery('pg_catalog.english', 'bearing & fan')"
        )
        assert await direct.value(found) == 2
