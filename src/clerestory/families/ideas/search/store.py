"""Search in the tenant's schema. The best come first, whatever they are; of the equal, the newest."""

from collections.abc import Collection

from clerestory.families.ideas.conventions.naming import named
from clerestory.families.ideas.conventions.queries import query_of, terms_of
from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.rights.sight import CAMPAIGNS, MEMBERS, ideas_seen, sees
from clerestory.families.ideas.search.model import Found, Hit, Sought
from clerestory.platform.database import Runner

_TERMS = f"""
           (SELECT {terms_of(":terms")} AS terms,
                   (SELECT array_agg(lower(platform.ideas_plain(word)))
                      FROM unnest(:words::text[]) AS given (word)) AS words)"""  # noqa: S608 - the fragments are the family's own
# Of each language that any campaign has.
_QUERIES = f"""
           (SELECT s.language, {query_of("s.language", "asked.terms")} AS query
              FROM asked
             CROSS JOIN (SELECT DISTINCT language FROM tenant.ideas_campaign) AS s)"""  # noqa: S608 - the fragments are the family's own
_CAMPAIGNS = f"""
           (SELECT '{Found.WEBSTORM}' AS type, c.id, c.created, ts_rank(v.vector, q.query) AS rank
              FROM seen
              JOIN tenant.ideas_campaign AS c ON c.id = seen.id
              JOIN queries AS q ON q.language = c.language
             CROSS JOIN LATERAL platform.ideas_vector(c.language, c.name, c.description) AS v (vector)
             WHERE v.vector @@ q.query)"""  # noqa: S608 - the fragments are the family's own
_IDEAS = f"""
           (SELECT '{Found.IDEA}' AS type, i.id, i.created, ts_rank(i.search, q.query) AS rank
              FROM queries AS q
              JOIN tenant.ideas_idea AS i ON i.search @@ q.query AND i.language = q.language
             WHERE {ideas_seen()})"""  # noqa: S608 - the fragments are the family's own
_COMMENTS = f"""
           (SELECT '{Found.COMMENT}' AS type, m.id, m.created, ts_rank(m.search, q.query) AS rank
              FROM (SELECT to_tsquery('pg_catalog.simple', asked.terms) AS query FROM asked) AS q
              JOIN tenant.ideas_comment AS m ON m.search @@ q.query
              JOIN tenant.ideas_idea AS i ON i.id = m.idea
             WHERE {ideas_seen()} AND (m.visible OR i.campaign IN (SELECT id FROM seen WHERE managed)))"""  # noqa: S608 - the fragments are the family's own
# Every word begins one of a member's names; found so, all are as good. The indexes say who that may be: either the
# person's own names have all of the words, or the screen name has one of them.
_MEMBERS = f"""
           (SELECT '{Found.MEMBER}' AS type, p.id, p.created, 0.5::real AS rank
              FROM asked
             CROSS JOIN (SELECT to_tsquery('pg_catalog.simple', string_agg(w.term, ' & ')) AS every,
                                to_tsquery('pg_catalog.simple', string_agg(w.term, ' | ')) AS some
                           FROM (SELECT quote_literal(word) || ':*' FROM asked, unnest(asked.words) AS u (word))
                             AS w (term)) AS q
             CROSS JOIN LATERAL (
                   SELECT h.id
                     FROM tenant.person AS h
                    WHERE platform.ideas_names(h.first_name || ' ' || h.last_name) @@ q.every
                    UNION
                   SELECT h.person
                     FROM tenant.ideas_member AS h
                    WHERE platform.ideas_names(h.screen_name) @@ q.some) AS having_it
              JOIN tenant.person AS p ON p.id = having_it.id
              LEFT JOIN tenant.ideas_member AS b ON b.person = p.id
             CROSS JOIN LATERAL (
                   SELECT ' ' || lower(platform.ideas_plain(platform.ideas_apart(
                              concat_ws(' ', p.first_name, p.last_name, b.screen_name)))) AS names) AS n
             WHERE NOT EXISTS (SELECT FROM unnest(asked.words) AS w (word) WHERE strpos(n.names, ' ' || w.word) = 0)
               AND {MEMBERS})"""  # noqa: S608 - the fragments are the family's own
_BY_TYPE = {
    Found.WEBSTORM: _CAMPAIGNS,
    Found.IDEA: _IDEAS,
    Found.COMMENT: _COMMENTS,
    Found.MEMBER: _MEMBERS,
}


async def find(
    runner: Runner, viewer: Viewer, sought: Sought, types: Collection[Found], part: tuple[int, int]
) -> list[Hit]:
    """A part, (limit, offset), of what is seen and has all of the query. Of blogs there are none."""
    found = [_BY_TYPE[one] for one in Found if one in types and one in _BY_TYPE]
    if not found or not sought.words:
        return []
    known = {"known": viewer.known} if Found.MEMBER in types else {}
    return await runner.rows(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS}),
             asked AS MATERIALIZED {_TERMS},
             queries AS MATERIALIZED {_QUERIES},
             hits AS ({" UNION ALL ".join(found)}),
             -- What is shown of them is read of this page alone: there may be a hundred thousand hits.
             page AS MATERIALIZED (
                SELECT type, id, created, rank, count(*) OVER () AS total
                  FROM hits
                 ORDER BY rank DESC, created DESC, type, id DESC
                 LIMIT :limit OFFSET :offset)
        SELECT g.type, coalesce(m.uuid, i.uuid, c.uuid, p.uuid) AS uuid,
               coalesce(i.title, c.name, {named("b")}) AS name,
               coalesce(m.text, i.description, c.description, p.role) AS description,
               c.uuid AS campaign, g.created, CASE WHEN m.id IS NULL THEN i.code END AS code, s.name AS status, g.total
          FROM page AS g
          LEFT JOIN tenant.ideas_comment AS m ON g.type = '{Found.COMMENT}' AND m.id = g.id
          LEFT JOIN tenant.ideas_idea AS i ON i.id = CASE g.type WHEN '{Found.IDEA}' THEN g.id ELSE m.idea END
          LEFT JOIN tenant.ideas_campaign AS c
            ON c.id = CASE g.type WHEN '{Found.WEBSTORM}' THEN g.id ELSE i.campaign END
          LEFT JOIN tenant.ideas_status AS s ON g.type = '{Found.IDEA}' AND s.id = i.status
          LEFT JOIN tenant.person AS p ON g.type = '{Found.MEMBER}' AND p.id = g.id
          LEFT JOIN tenant.ideas_member AS b ON b.person = p.id
         ORDER BY g.rank DESC, g.created DESC, g.type, g.id DESC
        """,  # noqa: S608 - the fragments are the family's own
        Hit,
        terms=sought.terms,
        words=sought.words,
        limit=part[0],
        offset=part[1],
        **known,
        **sees(viewer),
    )
