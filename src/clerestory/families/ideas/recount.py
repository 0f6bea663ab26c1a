"""Every counter of the family made anew from the rows it counts. What is kept up with each write equals this.

Statement by statement in one transaction of its own: for a new tenant, and for whoever doubts a number.
"""

from clerestory.platform.database import Tx

_STANDING = """
    INSERT INTO tenant.ideas_standing (idea, campaign, visible, score, promotes, demotes, chips, comments,
                                       hidden_comments)
    SELECT i.id, i.campaign, i.visible,
           v.promotes * c.promote_points + v.demotes * c.demote_points + m.comments * c.comment_points
             + h.chips * c.chip_points,
           v.promotes, v.demotes, h.chips, m.comments, m.hidden_comments
      FROM tenant.ideas_idea AS i
      JOIN tenant.ideas_campaign AS c ON c.id = i.campaign
     CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE type = 'promote') AS promotes,
                                count(*) FILTER (WHERE type = 'demote') AS demotes
                           FROM tenant.ideas_vote
                          WHERE idea = i.id) AS v
     CROSS JOIN LATERAL (SELECT coalesce(sum(chips), 0)::bigint AS chips
                           FROM tenant.ideas_chip_vote
                          WHERE idea = i.id) AS h
     CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE visible) AS comments,
                                count(*) FILTER (WHERE NOT visible) AS hidden_comments
                           FROM tenant.ideas_comment
                          WHERE idea = i.id) AS m
"""

_TALLY = """
    INSERT INTO tenant.ideas_tally (campaign, category, status, visible, ideas, comments, hidden_comments, votes)
    SELECT i.campaign, i.category, i.status, i.visible, count(*), sum(s.comments), sum(s.hidden_comments),
           sum(s.promotes + s.demotes)
      FROM tenant.ideas_idea AS i
      JOIN tenant.ideas_standing AS s ON s.idea = i.id
     GROUP BY i.campaign, i.category, i.status, i.visible
     ORDER BY i.campaign, i.category, i.status, i.visible
"""

_TAGS = """
    UPDATE tenant.ideas_tag AS t
       SET ideas = n.ideas, hidden_ideas = n.hidden_ideas
      FROM (SELECT g.id, count(i.id) FILTER (WHERE i.visible) AS ideas,
                   count(i.id) FILTER (WHERE NOT i.visible) AS hidden_ideas
              FROM tenant.ideas_tag AS g
              LEFT JOIN tenant.ideas_idea_tag AS x ON x.tag = g.id
              LEFT JOIN tenant.ideas_idea AS i ON i.id = x.idea
             GROUP BY g.id) AS n
     WHERE n.id = t.id
"""

_COMMENTS = """
    UPDATE tenant.ideas_comment AS m
       SET promotes = n.promotes, demotes = n.demotes
      FROM (SELECT c.id, count(v.id) FILTER (WHERE v.type = 'promote') AS promotes,
                   count(v.id) FILTER (WHERE v.type = 'demote') AS demotes
              FROM tenant.ideas_comment AS c
              LEFT JOIN tenant.ideas_comment_vote AS v ON v.comment = c.id
             GROUP BY c.id) AS n
     WHERE n.id = m.id AND (m.promotes, m.demotes) IS DISTINCT FROM (n.promotes, n.demotes)
"""

_CAMPAIGNS = """
    UPDATE tenant.ideas_campaign AS c
       SET members = (SELECT count(*)
                        FROM tenant.ideas_entrant AS e
                       WHERE e.campaign = c.id)
"""

_BUDGETS = """
    UPDATE tenant.ideas_chip_budget AS b
       SET spent = coalesce((SELECT sum(v.chips)
                               FROM tenant.ideas_chip_vote AS v
                               JOIN tenant.ideas_idea AS i ON i.id = v.idea
                              WHERE v.person = b.person AND i.campaign = b.campaign), 0)
"""

_UPDATES = """
    UPDATE tenant.ideas_update AS u
       SET comments = (SELECT count(*)
                         FROM tenant.ideas_update_comment AS c
                        WHERE c.about = u.id)
"""


async def recount(tx: Tx) -> None:
    """Counts everything anew."""
    await tx.execute("DELETE FROM tenant.ideas_tally")
    await tx.execute("DELETE FROM tenant.ideas_standing")
    for statement in (_STANDING, _TALLY, _TAGS, _COMMENTS, _CAMPAIGNS, _BUDGETS, _UPDATES):
        await tx.execute(statement)


async def rescore(tx: Tx, campaign: int) -> None:
    """Scores the ideas of one campaign anew, by the points that it gives now."""
    await tx.execute(
        """
        UPDATE tenant.ideas_standing AS s
           SET score = s.promotes * c.promote_points + s.demotes * c.demote_points + s.comments * c.comment_points
                       + s.chips * c.chip_points,
               modified = now()
          FROM tenant.ideas_campaign AS c
         WHERE c.id = :campaign AND s.campaign = c.id
           AND s.score <> s.promotes * c.promote_points + s.demotes * c.demote_points + s.comments * c.comment_points
                          + s.chips * c.chip_points
        """,
        campaign=campaign,
    )
