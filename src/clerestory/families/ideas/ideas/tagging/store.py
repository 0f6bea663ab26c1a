"""Tags and what they are on, in the tenant's schema: one function, one statement."""

from collections.abc import Sequence

from clerestory.platform.database import Tx


async def create(tx: Tx, names: Sequence[str]) -> None:
    """The tags that there are not yet."""
    await tx.execute(
        """
        INSERT INTO tenant.ideas_tag (name)
        SELECT n.name
          FROM unnest(:names::text[]) AS n (name)
         ORDER BY lower(n.name)
            ON CONFLICT (lower(name)) DO NOTHING
        """,
        names=list(names),
    )


async def numbers(tx: Tx, names: Sequence[str]) -> list[int]:
    """The tags of these names."""
    return await tx.values(
        """
        SELECT t.id
          FROM tenant.ideas_tag AS t
         WHERE lower(t.name) IN (SELECT lower(n.name) FROM unnest(:names::text[]) AS n (name))
         ORDER BY t.id
        """,
        names=list(names),
    )


async def of_idea(tx: Tx, idea: int) -> list[int]:
    """The tags of the idea."""
    return await tx.values("SELECT tag FROM tenant.ideas_idea_tag WHERE idea = :idea ORDER BY tag", idea=idea)


async def put_on(tx: Tx, idea: int, tags: Sequence[int]) -> None:
    """Puts tags on the idea."""
    await tx.execute(
        """
        INSERT INTO tenant.ideas_idea_tag (idea, tag)
        SELECT :idea, n.tag
          FROM unnest(:tags::bigint[]) AS n (tag)
         ORDER BY n.tag
        """,
        idea=idea,
        tags=list(tags),
    )


async def take_off(tx: Tx, idea: int, tags: Sequence[int]) -> None:
    """Takes tags off the idea."""
    await tx.execute(
        "DELETE FROM tenant.ideas_idea_tag WHERE idea = :idea AND tag = ANY (:tags)", idea=idea, tags=list(tags)
    )


async def lock(tx: Tx, tags: Sequence[int]) -> None:
    """Locks tags in the order of their numbers."""
    await tx.execute(
        "SELECT id FROM tenant.ideas_tag WHERE id = ANY (:tags) ORDER BY id FOR NO KEY UPDATE", tags=list(tags)
    )


async def count(tx: Tx, tags: Sequence[int], ideas: int, hidden_ideas: int) -> None:
    """So many ideas more on each of these tags."""
    await tx.execute(
        """
        UPDATE tenant.ideas_tag
           SET ideas = ideas + :ideas, hidden_ideas = hidden_ideas + :hidden_ideas, modified = now()
         WHERE id = ANY (:tags)
        """,
        tags=list(tags),
        ideas=ideas,
        hidden_ideas=hidden_ideas,
    )
