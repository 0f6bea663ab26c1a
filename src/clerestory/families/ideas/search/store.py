"""Search in the tenant's schema. The best come first, whatever they are; of the equal, the newest."""

from collections.abc import Collection

from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.rights.sight import CAMPAIGNS, MEMBERS, ideas_seen, sees
from clerestory.families.ideas.search.model import Found, Hit, Sought
from clerestory.platform.database import Runner

# Quoted when the accents are gone: one may have been a quote.
_TERMS = """
           (SELECT (SELECT string_agg(quote_literal(platform.ideas_plain(term)) || ':*', ' & ')
                      FROM unnest(:terms::text[]) AS given (term)) AS terms,
                   (SELECT array_agg(lower(platform.ideas_plain(word)))
                      FROM unnest(:words::text[]) AS given (word)) AS words)"""
# Of each language that any campaign has: its stems, or the words as they were typed.
_QUERIES = """
           (SELECT s.language, to_tsquery(('pg_catalog.' || s.language)::regconfig, asked.terms)
                               || to_tsquery('pg_catalog.simple', asked.terms) AS query
              FROM asked
             CROSS JOIN (SELECT DISTINCT language FROM tenant.ideas_campaign) AS s)"""
_CAMPAIGNS = f"""
           (SELECT '{Found.WEBSTORM}' AS type, c.uuid, c.name, c.description, c.uuid AS campaign, c.created,
                   NULL::text AS code, NULL::text AS status, c.id, ts_rank(v.vector, q.query) AS rank
              FROM seen
              JOIN tenant.ideas_campaign AS c ON c.id = seen.id
              JOIN queries AS q ON q.language = c.language
             CROSS JOIN LATERAL platform.ideas_vector(c.language, c.name, c.description) AS v (vector)
             WHERE v.vector @@ q.query)"""  # noqa: S608 - the fragments are the family's own
_IDEAS = f"""
           (SELECT '{Found.IDEA}' AS type, i.uuid, i.title AS name, i.description, c.uuid AS campaign, i.created,
                   i.code, s.name AS status, i.id, ts_rank(i.search, q.query) AS rank
              FROM queries AS q
              JOIN tenant.ideas_idea AS i ON i.search @@ q.query AND i.language = q.language
              JOIN tenant.ideas_campaign AS c ON c.id = i.campaign
              JOIN tenant.ideas_status AS s ON s.id = i.status
             WHERE {ideas_seen()})"""  # noqa: S608 - the fragments are the family's own
_COMMENTS = f"""
           (SELECT '{Found.COMMENT}' AS type, m.uuid, i.title AS name, m.text AS description, c.uuid AS campaign,
                   m.created, NULL::text AS code, NULL::text AS status, m.id, ts_rank(m.search, q.query) AS rank
              FROM (SELECT to_tsquery('pg_catalog.simple', asked.terms) AS query FROM asked) AS q
              JOIN tenant.ideas_comment AS m ON m.search @@ q.query
              JOIN tenant.ideas_idea AS i ON i.id = m.idea
              JOIN tenant.ideas_campaign AS c ON c.id = i.campaign
             WHERE {ideas_seen()} AND (m.visible OR i.campaign IN (SELECT id FROM seen WHERE managed)))"""  # noqa: S608 - the fragments are the family's own
# Every word begins one of a member's names; found so, all are as good.
_MEMBERS = f"""
           (SELECT '{Found.MEMBER}' AS type, p.uuid, n.name, p.role AS description, NULL::uuid AS campaign, p.created,
                   NULL::text AS code, NULL::text AS status, p.id, 0.5::real AS rank
              FROM asked
             CROSS JOIN tenant.person AS p
              LEFT JOIN tenant.ideas_member AS b ON b.person = p.id
             CROSS JOIN LATERAL (
                   SELECT coalesce(nullif(b.screen_name, ''), btrim(p.first_name || ' ' || p.last_name)) AS name,
                          ' ' || lower(platform.ideas_plain(translate(
                              concat_ws(' ', p.first_name, p.last_name, b.screen_name), '-.,_''"', '      '))) AS names
                   ) AS n
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
             hits AS ({" UNION ALL ".join(found)})
        SELECT h.type, h.uuid, h.name, h.description, h.campaign, h.created, h.code, h.status, count(*) OVER () AS total
          FROM hits AS h
         ORDER BY h.rank DESC, h.created DESC, h.type, h.id DESC
         LIMIT :limit OFFSET :offset
        """,  # noqa: S608 - the fragments are the family's own
        Hit,
        terms=sought.terms,
        words=sought.words,
        limit=part[0],
        offset=part[1],
        **known,
        **sees(viewer),
    )
