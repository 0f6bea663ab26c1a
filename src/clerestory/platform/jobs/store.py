"""Schedules in the control schema: one function, one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from clerestory.platform.database import Runner, Tx


@dataclass(frozen=True, slots=True)
class NewSchedule:
    """A schedule to store. `tenant` None: the installation's own. `arguments` is JSON text."""

    name: str
    tenant: int | None
    task: str
    arguments: str
    expression: str
    zone: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """A stored schedule."""

    id: int
    name: str
    tenant: int | None
    task: str
    arguments: str
    expression: str
    zone: str
    due: datetime


async def put_schedule(tx: Tx, new: NewSchedule) -> None:
    """Inserts it, or replaces the one of its name. An unchanged expression keeps its due time."""
    await tx.execute(
        """
        INSERT INTO platform.schedule AS old (name, tenant, task, arguments, expression, zone, due)
        VALUES (:name, :tenant, :task, :arguments, :expression, :zone, :due)
            ON CONFLICT (tenant, name) DO UPDATE
           SET task = excluded.task,
               arguments = excluded.arguments,
               expression = excluded.expression,
               zone = excluded.zone,
               active = true,
               due = CASE WHEN old.expression = excluded.expression AND old.zone = excluded.zone AND old.active
                          THEN old.due ELSE excluded.due END,
               modified = now()
        """,
        name=new.name,
        tenant=new.tenant,
        task=new.task,
        arguments=new.arguments,
        expression=new.expression,
        zone=new.zone,
        due=new.due,
    )


async def due_schedules(tx: Tx, now: datetime, limit: int) -> list[Due]:
    """What is due, locked; what another worker has locked is left to it."""
    return await tx.rows(
        """
        SELECT id, name, tenant, task, arguments, expression, zone, due
          FROM platform.schedule
         WHERE active AND due <= :now
         ORDER BY due, id
         LIMIT :limit
           FOR UPDATE SKIP LOCKED
        """,
        Due,
        now=now,
        limit=limit,
    )


async def move_on(tx: Tx, schedule: int, due: datetime) -> None:
    """Sets the next due time."""
    await tx.execute(
        "UPDATE platform.schedule SET due = :due, modified = now() WHERE id = :schedule", schedule=schedule, due=due
    )


async def switch_off(tx: Tx, schedule: int) -> None:
    """The schedule fires no more."""
    await tx.execute(
        "UPDATE platform.schedule SET active = false, modified = now() WHERE id = :schedule", schedule=schedule
    )


async def schedules_of(tx: Runner, tenant: int) -> list[Due]:
    """A tenant's schedules by name."""
    return await tx.rows(
        """
        SELECT id, name, tenant, task, arguments, expression, zone, due
          FROM platform.schedule
         WHERE tenant = :tenant
         ORDER BY name
        """,
        Due,
        tenant=tenant,
    )


async def delete_schedule(tx: Tx, tenant: int, name: str) -> int:
    """Deletes a tenant's schedule; how many there were."""
    return await tx.execute(
        "DELETE FROM platform.schedule WHERE tenant = :tenant AND name = :name", tenant=tenant, name=name
    )


async def keep_only(tx: Tx, names: Sequence[str]) -> int:
    """Deletes the installation's own schedules of other names; how many."""
    return await tx.execute(
        "DELETE FROM platform.schedule WHERE tenant IS NULL AND NOT (name = ANY(:names::text[]))", names=list(names)
    )
