"""Groups in the tenant's schema: one function, one statement."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from clerestory.families.ideas.groups.model import Group, Wanted
from clerestory.platform.database import Runner

_COLUMNS = """
       g.id, g.uuid, g.name, g.created,
       (SELECT count(*) FROM tenant.membership AS s WHERE s.person_group = g.id) AS members"""
_FILTERS = """
       (:name::text IS NULL OR strpos(lower(g.name), lower(:name)) > 0)
   AND (:created_from::timestamptz IS NULL OR g.created >= :created_from AND g.created < :created_until)"""

SORTABLE = {"date_created": "g.created", "group_name": "lower(g.name)"}
DEFAULT_ORDER = "g.created DESC, g.id DESC"
TIE = "g.id"
NAME_TAKEN = "person_group_name_key"


@dataclass(frozen=True, slots=True)
class Belongs:
    """A member, and a group that it is in."""

    person_group: int
    person: int


async def one_group(runner: Runner, uuid: UUID) -> Group | None:
    """One group."""
    return await runner.row(
        f"""
        SELECT {_COLUMNS}
          FROM tenant.person_group AS g
         WHERE g.uuid = :uuid
        """,  # noqa: S608 - the fragment is the family's own
        Group,
        uuid=uuid,
    )


async def page(runner: Runner, wanted: Wanted, order: str, part: tuple[int, int]) -> list[Group]:
    """A part, (limit, offset), of the groups that are wanted, in an order made of SORTABLE."""
    return await runner.rows(
        f"""
        SELECT {_COLUMNS}
          FROM tenant.person_group AS g
         WHERE {_FILTERS}
         ORDER BY {order}
         LIMIT :limit OFFSET :offset
        """,  # noqa: S608 - the fragments are the family's own, the order is made of SORTABLE
        Group,
        limit=part[0],
        offset=part[1],
        **asdict(wanted),
    )


async def count(runner: Runner, wanted: Wanted) -> int:
    """How many groups are wanted."""
    total: int = await runner.value(
        f"SELECT count(*) FROM tenant.person_group AS g WHERE {_FILTERS}",  # noqa: S608 - the fragment is our own
        **asdict(wanted),
    )
    return total


async def members(runner: Runner, groups: Sequence[int], most: int) -> list[Belongs]:
    """The first members of each of these groups, the newest first."""
    return await runner.rows(
        """
        SELECT person_group, person
          FROM (SELECT s.person_group, s.person,
                       row_number() OVER (PARTITION BY s.person_group ORDER BY p.created DESC, p.id DESC) AS place
                  FROM tenant.membership AS s
                  JOIN tenant.person AS p ON p.id = s.person
                 WHERE s.person_group = ANY (:groups)) AS of_each
         WHERE place <= :most
         ORDER BY person_group, place
        """,
        Belongs,
        groups=list(groups),
        most=most,
    )


async def locked(runner: Runner, uuid: UUID) -> int | None:
    """The id of a group, whose row nobody else changes until the transaction ends."""
    found: int | None = await runner.value(
        "SELECT id FROM tenant.person_group WHERE uuid = :uuid FOR NO KEY UPDATE", uuid=uuid
    )
    return found


async def insert(runner: Runner, name: str, now: datetime) -> UUID:
    """A new group; its UUID. Raises Duplicate where the name is taken."""
    uuid: UUID = await runner.value(
        """
        INSERT INTO tenant.person_group (name, created, modified)
        VALUES (:name, :now, :now)
        RETURNING uuid
        """,
        name=name,
        now=now,
    )
    return uuid


async def rename(runner: Runner, group: int, name: str, now: datetime) -> None:
    """Gives a group another name. Raises Duplicate where it is taken."""
    await runner.execute(
        "UPDATE tenant.person_group SET name = :name, modified = :now WHERE id = :group",
        group=group,
        name=name,
        now=now,
    )


async def people(runner: Runner, uuids: Sequence[UUID]) -> list[int]:
    """The people of these UUIDs, kept from going until the transaction ends."""
    return await runner.values(
        "SELECT id FROM tenant.person WHERE uuid = ANY (:uuids) ORDER BY id FOR KEY SHARE", uuids=list(uuids)
    )


async def join(runner: Runner, group: int, people: Sequence[int], now: datetime) -> None:
    """Lets people into a group; who is in it stays."""
    await runner.execute(
        """
        INSERT INTO tenant.membership (person, person_group, created, modified)
        SELECT person, :group, :now, :now
          FROM unnest(:people::bigint[]) AS given (person)
            ON CONFLICT (person, person_group) DO NOTHING
        """,
        group=group,
        people=list(people),
        now=now,
    )


async def leave(runner: Runner, group: int, people: Sequence[int]) -> None:
    """Takes people out of a group; who is not in it is passed over."""
    await runner.execute(
        "DELETE FROM tenant.membership WHERE person_group = :group AND person = ANY (:people)",
        group=group,
        people=list(people),
    )
