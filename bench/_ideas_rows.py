"""A tenant's campaigns, ideas, votes and comments, made by SQL: ten votes, three comments and two tags an idea."""

from clerestory.families.ideas.recount import recount
from clerestory.platform.tenancy import Scope

MEMBERS = 20_000

_ROWS = """
INSERT INTO tenant.person (email, first_name, last_name)
SELECT 'm' || n || '@example.org', 'Member', 'No ' || n FROM generate_series(1, :members::int) AS n;
INSERT INTO tenant.ideas_campaign (name, description, public, starts)
SELECT 'Campaign ' || n, 'Ideas for the shop floor', n % 2 = 0, now() FROM generate_series(1, 50) AS n;
INSERT INTO tenant.ideas_category (campaign, name, place)
SELECT c.id, 'Category ' || n, n FROM tenant.ideas_campaign AS c, generate_series(1, 6) AS n;
INSERT INTO tenant.ideas_status (name, place) SELECT 'Status ' || n, n FROM generate_series(1, 6) AS n;
INSERT INTO tenant.ideas_question (campaign, type, description)
SELECT c.id, 'text', 'Question ' || n FROM tenant.ideas_campaign AS c, generate_series(1, 3) AS n;
INSERT INTO tenant.ideas_tag (name) SELECT 'tag ' || n FROM generate_series(1, 500) AS n;
INSERT INTO tenant.ideas_idea (campaign, category, status, person, title, description, visible, created)
SELECT c.id, k.id, t.id, p.id, 'Quieter fans in hall ' || n,
       '<p>Swap the bearings of the fans in hall ' || n || ', and measure again.</p>', n % 20 <> 0,
       now() - make_interval(secs => 300 * (:ideas::int - n))
  FROM generate_series(1, :ideas::int) AS n
  JOIN tenant.ideas_campaign AS c ON c.id = (SELECT min(id) FROM tenant.ideas_campaign) + n % 50
  JOIN tenant.ideas_category AS k ON k.campaign = c.id AND k.place = n % 6 + 1
  JOIN tenant.ideas_status AS t ON t.place = n % 6 + 1
  JOIN tenant.person AS p ON p.email = 'm' || (n * 7 % :members::int + 1) || '@example.org'
 ORDER BY n;
INSERT INTO tenant.ideas_vote (idea, person, type, created)
SELECT i.id, f.first + (i.id * 7919 + k * 2003) % :members::int,
       CASE WHEN (i.id + k) % 5 = 0 THEN 'demote' ELSE 'promote' END, i.created + make_interval(mins => k::int)
  FROM (SELECT min(id) AS first FROM tenant.person WHERE email LIKE 'm%@example.org') AS f, tenant.ideas_idea AS i,
       generate_series(0, 9) AS k
 WHERE k < :votes::int
 ORDER BY i.id, k;
INSERT INTO tenant.ideas_comment (idea, person, text, visible, created)
SELECT i.id, f.first + (i.id * 104729 + k * 17) % :members::int, 'Tried it in hall ' || k || ', it works.',
       (i.id + k) % 30 <> 0, i.created + make_interval(hours => k::int)
  FROM (SELECT min(id) AS first FROM tenant.person WHERE email LIKE 'm%@example.org') AS f, tenant.ideas_idea AS i,
       generate_series(1, 3) AS k
 ORDER BY i.id, k;
INSERT INTO tenant.ideas_idea_tag (idea, tag)
SELECT i.id, f.first + (i.id * 13 + k * 101) % 500
  FROM (SELECT min(id) AS first FROM tenant.ideas_tag) AS f, tenant.ideas_idea AS i, generate_series(0, 1) AS k;
INSERT INTO tenant.ideas_answer (idea, question, text)
SELECT i.id, q.id, 'An answer of hall ' || i.id
  FROM tenant.ideas_idea AS i
  JOIN tenant.ideas_question AS q ON q.campaign = i.campaign;
INSERT INTO tenant.ideas_chip_vote (idea, person, chips)
SELECT i.id, f.first + (i.id * 31) % :members::int, 1 + i.id % 9
  FROM (SELECT min(id) AS first FROM tenant.person WHERE email LIKE 'm%@example.org') AS f, tenant.ideas_idea AS i
"""


async def fill(scope: Scope, ideas: int) -> None:
    """So many ideas with all that belongs to them; counted and analysed, as a tenant that grew would be."""
    given = {"ideas": ideas, "members": MEMBERS, "votes": 10}
    async with scope.begin() as tx:
        await tx.execute("SET LOCAL statement_timeout = 0")
        for statement in filter(str.strip, _ROWS.split(";")):
            await tx.execute(statement, **{name: value for name, value in given.items() if f":{name}:" in statement})
        await recount(tx)
    async with scope.database.connection() as connection:
        for table in await scope.direct().values(
            "SELECT relname FROM pg_catalog.pg_class WHERE relnamespace = to_regnamespace(:schema) AND relkind = 'r'",
            schema=scope.tenant.schema,
        ):
            await connection.execute(f'VACUUM ANALYZE "{scope.tenant.schema}"."{table}"')
