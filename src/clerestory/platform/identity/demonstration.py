"""The people and groups that public shows: whoever reads the documentation meets them again in the answers."""

from clerestory.platform.database import Tx


async def demonstrate(tx: Tx) -> None:
    """Adds those that are not there yet, by e-mail address and by group name."""
    await tx.execute(
        """
        INSERT INTO tenant.person (email, first_name, last_name, phone_number, role)
        VALUES ('andy.zane@example.org', 'Andy', 'Zane', '+447772572105', 'Founder'),
               ('becky.yates@example.org', 'Becky', 'Yates', '+447772572105', 'Managing Director'),
               ('charlie.xavier@example.org', 'Charlie', 'Xavier', '+447772572105', 'Head of Marketing')
            ON CONFLICT (lower(email)) DO NOTHING
        """
    )
    await tx.execute(
        """
        INSERT INTO tenant.person_group (name, description)
        VALUES ('Management', 'Who decides'),
               ('On call', 'Who is told first')
            ON CONFLICT (name) DO NOTHING
        """
    )
    await tx.execute(
        """
        INSERT INTO tenant.membership (person, person_group)
        SELECT person.id, person_group.id
          FROM (VALUES ('andy.zane@example.org', 'Management'),
                       ('becky.yates@example.org', 'Management'),
                       ('andy.zane@example.org', 'On call'),
                       ('charlie.xavier@example.org', 'On call')) AS belongs (email, name)
          JOIN tenant.person ON lower(person.email) = belongs.email
          JOIN tenant.person_group ON person_group.name = belongs.name
            ON CONFLICT (person, person_group) DO NOTHING
        """
    )
