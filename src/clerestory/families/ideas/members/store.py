"""Members in the tenant's schema: one function, one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from clerestory.families.ideas.conventions.naming import named
from clerestory.families.ideas.members.model import Group, Member, Wanted
from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.rights.sight import MEMBERS
from clerestory.platform.database import Runner

_NAMED = named("m")
_COLUMNS = f"""
       p.id, p.uuid, p.email, {_NAMED} AS screen_name, p.first_name, p.last_name, p.role AS job_title,
       coalesce(m.address, '') AS address, coalesce(m.phone, '') AS phone,
       coalesce(nullif(m.mobile_phone, ''), p.phone_number, '') AS mobile_phone,
       coalesce(m.external_user_id, '') AS external_user_id, coalesce(m.skills, '') AS skills,
       coalesce(m.work_history, '') AS work_history, coalesce(m.department, '') AS department,
       f.uuid AS photo, p.active, m.last_login, p.created, m.changed"""
_TABLES = """
  FROM tenant.person AS p
  LEFT JOIN tenant.ideas_member AS m ON m.person = p.id
  LEFT JOIN tenant.ideas_file AS f ON f.profile = p.id"""
_FILTERS = """
       (:last_name::text IS NULL OR lower(p.last_name) = lower(:last_name))
   AND (:first_name::text IS NULL OR lower(p.first_name) = lower(:first_name))
   AND (:email::text IS NULL OR lower(p.email) = lower(:email))
   AND (:external_user_id::text IS NULL OR m.external_user_id = :external_user_id)
   AND (:active::boolean IS NULL OR p.active = :active)
   AND (:group::uuid IS NULL OR EXISTS (SELECT FROM tenant.membership AS s
                                          JOIN tenant.person_group AS g ON g.id = s.person_group
                                         WHERE s.person = p.id AND g.uuid = :group))
   AND (:created_from::timestamptz IS NULL OR p.created >= :created_from AND p.created < :created_until)
   AND (:changed_from::timestamptz IS NULL OR m.changed >= :changed_from AND m.changed < :changed_until)"""
_WHERE = f"{MEMBERS} AND (:screen_name::text IS NULL OR lower({_NAMED}) = lower(:screen_name)) AND {_FILTERS}"

SORTABLE = {
    "date_created": "p.created",
    "date_modified": "m.changed",
    "screen_name": f"lower({_NAMED})",
    "first_name": "lower(p.first_name)",
    "last_name": "lower(p.last_name)",
}
DEFAULT_ORDER = "p.created DESC, p.id DESC"
TIE = "p.id"

TEXTS = (
    "screen_name",
    "address",
    "phone",
    "mobile_phone",
    "external_user_id",
    "skills",
    "work_history",
    "department",
)
"""What a member has beyond the person."""


@dataclass(frozen=True, slots=True)
class GroupOf:
    """A group, and the member it is shown with; `count` is how many groups that one has."""

    person: int
    uuid: UUID
    name: str
    created: datetime
    count: int

    @property
    def group(self) -> Group:
        """The group itself."""
        return Group(self.uuid, self.name, self.created)


async def members(runner: Runner, people: Sequence[int]) -> list[Member]:
    """These members, whoever asks: they are part of an object that is seen."""
    return await runner.rows(
        f"""
        SELECT {_COLUMNS}
        {_TABLES}
         WHERE p.id = ANY (:people)
         ORDER BY p.id
        """,
        Member,
        people=list(people),
    )


async def one_member(runner: Runner, viewer: Viewer, uuid: UUID) -> Member | None:
    """One member, if it is seen."""
    return await runner.row(
        f"""
        SELECT {_COLUMNS}
        {_TABLES}
         WHERE p.uuid = :uuid AND {MEMBERS}
        """,
        Member,
        uuid=uuid,
        known=viewer.known,
    )


async def page(runner: Runner, viewer: Viewer, wanted: Wanted, order: str, part: tuple[int, int]) -> list[Member]:
    """A part, (limit, offset), of the members that are wanted and seen, in an order made of SORTABLE."""
    return await runner.rows(
        f"""
        SELECT {_COLUMNS}
        {_TABLES}
         WHERE {_WHERE}
         ORDER BY {order}
         LIMIT :limit OFFSET :offset
        """,
        Member,
        known=viewer.known,
        limit=part[0],
        offset=part[1],
        **asdict(wanted),
    )


async def count(runner: Runner, viewer: Viewer, wanted: Wanted) -> int:
    """How many members are wanted and seen."""
    total: int = await runner.value(
        f"""
        SELECT count(*)
          FROM tenant.person AS p
          LEFT JOIN tenant.ideas_member AS m ON m.person = p.id
         WHERE {_WHERE}
        """,  # noqa: S608 - the fragments are the family's own
        known=viewer.known,
        **asdict(wanted),
    )
    return total


async def groups(runner: Runner, people: Sequence[int], most: int) -> list[GroupOf]:
    """The first groups of each of these members, by name, and how many each has."""
    return await runner.rows(
        """
        SELECT person, uuid, name, created, count
          FROM (SELECT s.person, g.uuid, g.name, g.created, count(*) OVER (PARTITION BY s.person) AS count,
                       row_number() OVER (PARTITION BY s.person ORDER BY g.name, g.id) AS place
                  FROM tenant.membership AS s
                  JOIN tenant.person_group AS g ON g.id = s.person_group
                 WHERE s.person = ANY (:people)) AS of_each
         WHERE place <= :most
         ORDER BY person, place
        """,
        GroupOf,
        people=list(people),
        most=most,
    )


async def put_member(
    runner: Runner, person: int, texts: Mapping[str, str], changed: datetime | None, now: datetime
) -> None:
    """Writes what a person has as a member; texts that are not given stay. `changed` is when it was last written."""
    await runner.execute(
        """
        INSERT INTO tenant.ideas_member AS m (person, screen_name, address, phone, mobile_phone, external_user_id,
                                              skills, work_history, department, changed, created, modified)
        VALUES (:person, coalesce(:screen_name, ''), coalesce(:address, ''), coalesce(:phone, ''),
                coalesce(:mobile_phone, ''), coalesce(:external_user_id, ''), coalesce(:skills, ''),
                coalesce(:work_history, ''), coalesce(:department, ''), :changed, :now, :now)
            ON CONFLICT (person) DO UPDATE
           SET screen_name = coalesce(:screen_name, m.screen_name), address = coalesce(:address, m.address),
               phone = coalesce(:phone, m.phone), mobile_phone = coalesce(:mobile_phone, m.mobile_phone),
               external_user_id = coalesce(:external_user_id, m.external_user_id),
               skills = coalesce(:skills, m.skills), work_history = coalesce(:work_history, m.work_history),
               department = coalesce(:department, m.department), changed = :changed, modified = :now
        """,
        person=person,
        changed=changed,
        now=now,
        **{name: texts.get(name) for name in TEXTS},
    )


async def uuid_of(runner: Runner, person: int) -> UUID:
    """The id that a person has as a member."""
    uuid: UUID = await runner.value("SELECT uuid FROM tenant.person WHERE id = :person", person=person)
    return uuid
