"""Who follows what and how often they are told, in the tenant's schema: one function, one statement."""

from dataclasses import dataclass
from uuid import UUID

from clerestory.families.ideas.follow.model import Followed, Mail, Of
from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.rights.sight import CAMPAIGNS, ideas_seen, sees
from clerestory.platform.database import Runner, Tx


async def start(tx: Tx, event: int) -> None:
    """Lets who did it follow the idea of an event, unless that was decided before."""
    await tx.execute(
        """
        INSERT INTO tenant.ideas_follow (person, idea)
        SELECT person, idea
          FROM tenant.ideas_activity
         WHERE id = :event
            ON CONFLICT (idea, person) WHERE idea IS NOT NULL DO NOTHING
        """,
        event=event,
    )


async def switch(runner: Runner, followed: Followed, person: int, *, on: bool) -> None:
    """Lets a person follow something, or no more."""
    of = followed.of.value
    await runner.execute(
        f"""
        INSERT INTO tenant.ideas_follow (person, {of}, active)
        VALUES (:person, :number, :on)
            ON CONFLICT ({of}, person) WHERE {of} IS NOT NULL DO UPDATE
           SET active = excluded.active, modified = now()
        """,  # noqa: S608 - the column is one of ours
        number=followed.number,
        person=person,
        on=on,
    )


async def stop(runner: Runner, followed: Followed, person: int) -> None:
    """Ends what there is of a person's following something."""
    await runner.execute(
        f"""
        UPDATE tenant.ideas_follow
           SET active = false, modified = now()
         WHERE {followed.of.value} = :number AND person = :person
        """,  # noqa: S608 - the column is one of ours
        number=followed.number,
        person=person,
    )


async def follows(runner: Runner, followed: Followed, person: int) -> bool:
    """Whether the person follows it."""
    return bool(
        await runner.value(
            f"""
            SELECT active
              FROM tenant.ideas_follow
             WHERE {followed.of.value} = :number AND person = :person
            """,  # noqa: S608 - the column is one of ours
            number=followed.number,
            person=person,
        )
    )


async def carry(tx: Tx, merged: int, into: int) -> None:
    """Lets who follows an idea follow the other one too, unless that was decided before."""
    await tx.execute(
        """
        INSERT INTO tenant.ideas_follow (person, idea)
        SELECT person, :into
          FROM tenant.ideas_follow
         WHERE idea = :merged AND active
         ORDER BY person
            ON CONFLICT (idea, person) WHERE idea IS NOT NULL DO NOTHING
        """,
        merged=merged,
        into=into,
    )


async def number_of(runner: Runner, viewer: Viewer, of: Of, uuid: UUID) -> int | None:
    """The number of something that is seen."""
    number: int | None = await runner.value(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS}),
             things AS (
            SELECT 'idea' AS of, i.id, i.uuid
              FROM tenant.ideas_idea AS i
             WHERE {ideas_seen()}
             UNION ALL
            SELECT 'category', k.id, k.uuid
              FROM tenant.ideas_category AS k
              JOIN seen ON seen.id = k.campaign
             UNION ALL
            SELECT 'campaign', c.id, c.uuid
              FROM tenant.ideas_campaign AS c
              JOIN seen ON seen.id = c.id)
        SELECT id
          FROM things
         WHERE of = :of AND uuid = :uuid
        """,  # noqa: S608 - the fragments are the family's own
        of=of.value,
        uuid=uuid,
        **sees(viewer),
    )
    return number


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that is, or can be, followed: what it is called, and the campaign that it lies in or is."""

    of: str
    uuid: UUID
    name: str
    code: str
    campaign: UUID
    campaign_name: str


async def followed(runner: Runner, viewer: Viewer, limit: int) -> list[Thing]:
    """What the one who asks follows and sees, the latest followed first."""
    return await runner.rows(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS})
        SELECT CASE WHEN f.idea IS NOT NULL THEN 'idea' WHEN f.category IS NOT NULL THEN 'category' ELSE 'campaign' END
                 AS of,
               coalesce(i.uuid, k.uuid, c.uuid) AS uuid, coalesce(i.title, k.name, c.name) AS name,
               coalesce(i.code, '') AS code, c.uuid AS campaign, c.name AS campaign_name
          FROM tenant.ideas_follow AS f
          LEFT JOIN tenant.ideas_idea AS i ON i.id = f.idea
          LEFT JOIN tenant.ideas_category AS k ON k.id = f.category
          JOIN tenant.ideas_campaign AS c ON c.id = coalesce(i.campaign, k.campaign, f.campaign)
         WHERE f.person = :person AND f.active AND c.id IN (SELECT id FROM seen) AND (f.idea IS NULL OR {ideas_seen()})
         ORDER BY f.id DESC
         LIMIT :limit
        """,  # noqa: S608 - the fragments are the family's own
        Thing,
        limit=limit,
        **sees(viewer),
    )


async def places(runner: Runner, viewer: Viewer, limit: int) -> list[Thing]:
    """The campaigns that are seen and take ideas, the newest first, each with its categories after it."""
    return await runner.rows(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS})
        SELECT CASE WHEN k.id IS NULL THEN 'campaign' ELSE 'category' END AS of, coalesce(k.uuid, c.uuid) AS uuid,
               coalesce(k.name, c.name) AS name, '' AS code, c.uuid AS campaign, c.name AS campaign_name
          FROM (SELECT c.id, c.uuid, c.name, c.created
                  FROM seen
                  JOIN tenant.ideas_campaign AS c ON c.id = seen.id AND c.status IN ('Draft', 'Active')
                 ORDER BY c.created DESC, c.id DESC
                 LIMIT :limit) AS c
         CROSS JOIN LATERAL (SELECT NULL::bigint AS id, NULL::uuid AS uuid, NULL AS name, 0 AS place
                              UNION ALL
                             SELECT g.id, g.uuid, g.name, g.place
                               FROM tenant.ideas_category AS g
                              WHERE g.campaign = c.id) AS k
         ORDER BY c.created DESC, c.id DESC, k.id IS NOT NULL, k.place, k.id
        """,  # noqa: S608 - the fragments are the family's own
        Thing,
        limit=limit,
        **sees(viewer),
    )


async def mail_of(runner: Runner, person: int) -> Mail:
    """How often the person is told."""
    found: str | None = await runner.value("SELECT mail FROM tenant.ideas_member WHERE person = :person", person=person)
    return Mail(found or Mail.DAILY)


async def set_mail(runner: Runner, person: int, mail: Mail) -> None:
    """Sets how often the person is told; of somebody who is not there, nothing."""
    await runner.execute(
        """
        INSERT INTO tenant.ideas_member (person, mail)
        SELECT id, :mail
          FROM tenant.person
         WHERE id = :person
            ON CONFLICT (person) DO UPDATE
           SET mail = excluded.mail, modified = now()
        """,
        person=person,
        mail=mail.value,
    )
