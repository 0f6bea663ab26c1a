"""Notices changes of public: every statement that changes a table there bumps one number, the stamp.

A copy carries the stamp it was made under, in the same snapshot; unequal means that public has moved on.
"""

from clerestory.platform.database import Database
from clerestory.platform.provisioning import spare_store


async def watch_public(database: Database) -> int:
    """Puts the trigger on every table of public that has none yet; how many that were. For the end of a migration."""
    async with database.begin() as tx:
        tables = await spare_store.unwatched_tables(tx)
        if not tables:
            return 0
        # Somebody may hold a table for long; then it is for the next time, and nobody queues behind us.
        await tx.script("SET LOCAL lock_timeout = '5s'")
        for table in tables:
            await tx.script(
                f"CREATE TRIGGER touch_template AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON public.{table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION platform.touch_template()"
            )
        # Rows may have come in before the trigger did.
        await spare_store.bump_stamp(tx)
        return len(tables)
