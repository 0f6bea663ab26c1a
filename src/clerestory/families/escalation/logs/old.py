"""Logs past the time for which they are kept, and issues without any: one function, one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from clerestory.platform.database import Runner, Tx


@dataclass(frozen=True, slots=True)
class OldLog:
    """A log that is to go."""

    id: int
    log_key: str


async def old_logs(tx: Runner, before: datetime, limit: int) -> list[OldLog]:
    """The first logs, as far as they are from before a moment; numbers grow with time, so no index is needed."""
    return await tx.rows(
        """
        SELECT id, log_key
          FROM (SELECT id, log_key, created
                  FROM tenant.escalation_log
                 ORDER BY id
                 LIMIT :limit) AS first
         WHERE created < :before
         ORDER BY id
        """,
        OldLog,
        before=before,
        limit=limit,
    )


async def delete_logs(tx: Tx, logs: Sequence[int]) -> int:
    """Deletes logs with their jobs and recipients; how many logs."""
    return await tx.execute("DELETE FROM tenant.escalation_log WHERE id = ANY(:logs)", logs=logs)


async def delete_keys(tx: Tx, tenant: int, log_keys: Sequence[str]) -> int:
    """Deletes the keys of a tenant's logs; a copied log bears the key of the one that it was copied from."""
    return await tx.execute(
        "DELETE FROM platform.escalation_log_key WHERE log_key = ANY(:log_keys) AND tenant = :tenant",
        log_keys=log_keys,
        tenant=tenant,
    )


async def delete_issues(tx: Tx, before: datetime, limit: int) -> int:
    """Deletes issues that were not seen since a moment and have no log left; how many."""
    return await tx.execute(
        """
        DELETE FROM tenant.escalation_issue
         WHERE id IN (
               SELECT i.id
                 FROM tenant.escalation_issue AS i
                WHERE i.last_seen < :before
                  AND NOT EXISTS (SELECT 1 FROM tenant.escalation_log AS l WHERE l.issue = i.id)
                ORDER BY i.id
                LIMIT :limit
                  FOR UPDATE SKIP LOCKED
               )
        """,
        before=before,
        limit=limit,
    )
