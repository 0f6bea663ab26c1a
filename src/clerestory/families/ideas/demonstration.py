"""What public shows of ideas: two campaigns of the people of the documentation, a dozen ideas and what came of them.

A campaign is added whole, or was there before and is left as it is.
"""

from clerestory.families.ideas.recount import recount
from clerestory.platform.database import Tx

# The same ids in every installation, so that a second time finds what the first one made.
_UUID = "md5('ideas demonstration ' || {name})::uuid"
_CAMPAIGNS = f"""
        INSERT INTO tenant.ideas_campaign (uuid, name, description, public, sponsor, anonymous, comment_points,
                                           chip_points, chips, language, starts, created)
        SELECT {_UUID.format(name="g.name")}, g.name, g.description, g.public, p.id, NOT g.public, 1, 1, 20, 'english',
               now() - interval '60 days', now() - interval '60 days'
          FROM (VALUES
                ('A better place to work', 'What would make your day easier?', true, 'becky.yates@example.org'),
                ('Our next product', 'What should we build, and for whom?', false, 'andy.zane@example.org')
               ) AS g (name, description, public, sponsor)
          LEFT JOIN tenant.person AS p ON lower(p.email) = g.sponsor
         ORDER BY g.name
            ON CONFLICT (uuid) DO NOTHING
        RETURNING id
"""  # noqa: S608 - the fragment stands above
_STATUSES = """
        INSERT INTO tenant.ideas_status (name, place)
        VALUES ('New', 1), ('Under Review', 2), ('Planned', 3), ('Released', 4), ('Not Planned', 5)
            ON CONFLICT (coalesce(campaign, 0), name) DO NOTHING
"""
_CATEGORIES = """
        INSERT INTO tenant.ideas_category (campaign, name, place)
        SELECT c.id, g.category, g.place
          FROM (VALUES
                ('A better place to work', 'Office', 1),
                ('A better place to work', 'Tools', 2),
                ('A better place to work', 'Travel', 3),
                ('Our next product', 'For customers', 1),
                ('Our next product', 'For partners', 2)
               ) AS g (campaign, category, place)
          JOIN tenant.ideas_campaign AS c ON c.name = g.campaign AND c.id = ANY (:campaigns)
         ORDER BY c.id, g.place
"""
_QUESTION = """
        WITH question AS (
            INSERT INTO tenant.ideas_question (campaign, type, description)
            SELECT id, 'radio', 'How soon would it help?'
              FROM tenant.ideas_campaign
             WHERE id = ANY (:campaigns)
             ORDER BY id
            RETURNING id
        )
        INSERT INTO tenant.ideas_question_option (question, description, place)
        SELECT q.id, g.description, g.place
          FROM question AS q
         CROSS JOIN (VALUES ('At once', 1), ('Within a year', 2), ('Some day', 3)) AS g (description, place)
         ORDER BY q.id, g.place
"""
_IDEAS = f"""
        INSERT INTO tenant.ideas_idea (uuid, campaign, category, status, person, title, description, anonymous,
                                       language, created)
        SELECT {_UUID.format(name="g.title")}, c.id, k.id, s.id, p.id, g.title, g.description, g.anonymous, c.language,
               now() - g.age
          FROM (VALUES
                ('Office', 'Released', 'andy.zane', 'Plants in every room', 'They clean the air, and look well.',
                 false, interval '50 days'),
                ('Office', 'Planned', 'charlie.xavier', 'A quiet room', 'For calls, and for reading in peace.',
                 false, interval '44 days'),
                ('Office', 'New', 'becky.yates', 'Better light at the desks', 'The lamps flicker from four on.',
                 false, interval '3 days'),
                ('Tools', 'Under Review', 'andy.zane', 'One calendar for all meetings', 'Three of them never agree.',
                 false, interval '30 days'),
                ('Tools', 'Not Planned', 'charlie.xavier', 'Phones instead of headsets', 'Headsets get lost.',
                 false, interval '25 days'),
                ('Travel', 'Planned', 'becky.yates', 'Bicycles for short ways', 'The station is a mile away.',
                 false, interval '20 days'),
                ('Travel', 'New', 'charlie.xavier', 'Meet by video first', 'Every second journey could be spared.',
                 false, interval '2 days'),
                ('For customers', 'Under Review', 'becky.yates', 'An app that works offline', 'They work in cellars.',
                 false, interval '40 days'),
                ('For customers', 'Planned', 'andy.zane', 'Prices that one can calculate', 'Three sliders are enough.',
                 false, interval '35 days'),
                ('For customers', 'New', 'charlie.xavier', 'Support by chat', 'Nobody likes to wait on the phone.',
                 true, interval '6 days'),
                ('For partners', 'New', 'andy.zane', 'A shared list of leads', 'So that nobody is called twice.',
                 false, interval '5 days'),
                ('For partners', 'Under Review', 'becky.yates', 'Training once a month', 'An hour by video, recorded.',
                 false, interval '15 days')
               ) AS g (category, status, person, title, description, anonymous, age)
          JOIN tenant.ideas_category AS k ON k.name = g.category AND k.campaign = ANY (:campaigns)
          JOIN tenant.ideas_campaign AS c ON c.id = k.campaign
          JOIN tenant.ideas_status AS s ON s.name = g.status AND s.campaign IS NULL
          JOIN tenant.person AS p ON lower(p.email) = g.person || '@example.org'
         ORDER BY g.age DESC
"""  # noqa: S608 - the fragment stands above
_COMMENTS = """
        INSERT INTO tenant.ideas_comment (idea, person, text, created)
        SELECT i.id, p.id, g.text, i.created + g.later
          FROM (VALUES
                ('Plants in every room', 'becky.yates', 'The ones in the hall are thriving.', interval '1 day'),
                ('Plants in every room', 'charlie.xavier', 'Who waters them?', interval '2 days'),
                ('A quiet room', 'andy.zane', 'The small one next to the stairs is free.', interval '3 hours'),
                ('One calendar for all meetings', 'becky.yates', 'The new one reads the old ones.', interval '1 day'),
                ('Bicycles for short ways', 'andy.zane', 'With a shed, please.', interval '5 hours'),
                ('An app that works offline', 'charlie.xavier', 'They ask for it at every fair.', interval '1 day'),
                ('Support by chat', 'andy.zane', 'From nine to five at first.', interval '1 day')
               ) AS g (title, person, text, later)
          JOIN tenant.ideas_idea AS i ON i.title = g.title AND i.campaign = ANY (:campaigns)
          JOIN tenant.person AS p ON lower(p.email) = g.person || '@example.org'
         ORDER BY i.id, g.later
"""
_VOTES = """
        INSERT INTO tenant.ideas_vote (idea, person, type, created)
        SELECT i.id, p.id, CASE WHEN g.against = split_part(lower(p.email), '@', 1) THEN 'demote' ELSE 'promote' END,
               i.created + interval '4 hours'
          FROM (VALUES
                ('Plants in every room', 'andy.zane becky.yates charlie.xavier', ''),
                ('A quiet room', 'andy.zane becky.yates', ''),
                ('Better light at the desks', 'charlie.xavier', ''),
                ('One calendar for all meetings', 'becky.yates charlie.xavier', ''),
                ('Phones instead of headsets', 'andy.zane becky.yates', 'becky.yates'),
                ('Bicycles for short ways', 'andy.zane charlie.xavier', ''),
                ('An app that works offline', 'andy.zane charlie.xavier', ''),
                ('Prices that one can calculate', 'becky.yates charlie.xavier', ''),
                ('Training once a month', 'andy.zane', 'andy.zane')
               ) AS g (title, people, against)
          JOIN tenant.ideas_idea AS i ON i.title = g.title AND i.campaign = ANY (:campaigns)
          JOIN tenant.person AS p ON split_part(lower(p.email), '@', 1) = ANY (string_to_array(g.people, ' '))
                                 AND lower(p.email) LIKE '%@example.org'
         ORDER BY i.id, p.id
"""
_CHIPS = """
        WITH laid AS (
            INSERT INTO tenant.ideas_chip_vote (idea, person, chips, created)
            SELECT i.id, p.id, g.chips, i.created + interval '6 hours'
              FROM (VALUES
                    ('An app that works offline', 'andy.zane', 8),
                    ('An app that works offline', 'charlie.xavier', 12),
                    ('Prices that one can calculate', 'becky.yates', 5),
                    ('A quiet room', 'becky.yates', 10)
                   ) AS g (title, person, chips)
              JOIN tenant.ideas_idea AS i ON i.title = g.title AND i.campaign = ANY (:campaigns)
              JOIN tenant.person AS p ON lower(p.email) = g.person || '@example.org'
             ORDER BY i.id, p.id
            RETURNING idea, person, chips
        )
        INSERT INTO tenant.ideas_chip_budget (campaign, person, spent)
        SELECT i.campaign, laid.person, sum(laid.chips)
          FROM laid
          JOIN tenant.ideas_idea AS i ON i.id = laid.idea
         GROUP BY i.campaign, laid.person
         ORDER BY i.campaign, laid.person
"""
_TAGS = """
        INSERT INTO tenant.ideas_tag (name)
        VALUES ('green'), ('quiet'), ('mobile')
            ON CONFLICT (lower(name)) DO NOTHING
"""
_TAGGED = """
        INSERT INTO tenant.ideas_idea_tag (idea, tag)
        SELECT i.id, t.id
          FROM (VALUES
                ('Plants in every room', 'green'),
                ('Bicycles for short ways', 'green'),
                ('A quiet room', 'quiet'),
                ('An app that works offline', 'mobile')
               ) AS g (title, tag)
          JOIN tenant.ideas_idea AS i ON i.title = g.title AND i.campaign = ANY (:campaigns)
          JOIN tenant.ideas_tag AS t ON lower(t.name) = g.tag
         ORDER BY i.id, t.id
"""
_ENTRANTS = """
        INSERT INTO tenant.ideas_entrant (campaign, person)
        SELECT DISTINCT i.campaign, w.person
          FROM tenant.ideas_idea AS i
         CROSS JOIN LATERAL (SELECT i.person
                              UNION
                             SELECT v.person FROM tenant.ideas_vote AS v WHERE v.idea = i.id
                              UNION
                             SELECT m.person FROM tenant.ideas_comment AS m WHERE m.idea = i.id) AS w
         WHERE i.campaign = ANY (:campaigns)
         ORDER BY i.campaign, w.person
"""
_ACTIVITY = """
        INSERT INTO tenant.ideas_activity (type, person, campaign, idea, comment, created)
        SELECT e.type, e.person, i.campaign, i.id, e.comment, e.created
          FROM tenant.ideas_idea AS i
         CROSS JOIN LATERAL (
               SELECT 'POST_IDEA' AS type, i.person, NULL::bigint AS comment, i.created
                UNION ALL
               SELECT upper(v.type) || '_IDEA', v.person, NULL, v.created
                 FROM tenant.ideas_vote AS v
                WHERE v.idea = i.id
                UNION ALL
               SELECT 'POST_COMMENT', m.person, m.id, m.created FROM tenant.ideas_comment AS m WHERE m.idea = i.id
                UNION ALL
               SELECT 'CHIP_VOTE', h.person, NULL, h.created FROM tenant.ideas_chip_vote AS h WHERE h.idea = i.id
               ) AS e
         WHERE i.campaign = ANY (:campaigns)
         ORDER BY e.created, i.id
"""
_SHARED = (_STATUSES, _TAGS)
_OF_CAMPAIGNS = (_CATEGORIES, _QUESTION, _IDEAS, _COMMENTS, _VOTES, _CHIPS, _TAGGED, _ENTRANTS, _ACTIVITY)


async def demonstrate(tx: Tx) -> None:
    """Adds the campaigns that are not there yet; a second time nothing."""
    campaigns = await tx.values(_CAMPAIGNS)
    if not campaigns:
        return
    for statement in _SHARED:
        await tx.execute(statement)
    for statement in _OF_CAMPAIGNS:
        await tx.execute(statement, campaigns=campaigns)
    await recount(tx)
