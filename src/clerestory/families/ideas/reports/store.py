"""Reports in the tenant's schema: one function, one statement."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from clerestory.families.ideas.reports.model import Order, Report, Type, Wanted
from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.rights.sight import ADMINISTERED, sees
from clerestory.platform.database import Runner

_COLUMNS = """
       t.id, t.uuid, t.type, c.uuid AS campaign, t.person, p.uuid AS member, t.started, t.completed, t.stored,
       t.failure"""
# Of one campaign: whoever administers it. Of all: the tenant's administrators.
_SEEN = f"""
          FROM tenant.ideas_report AS t
          LEFT JOIN tenant.ideas_campaign AS c ON c.id = t.campaign
          LEFT JOIN tenant.person AS p ON p.id = t.person
         WHERE (:admin OR t.campaign IS NOT NULL AND {ADMINISTERED})"""
_WANTED = """
   AND (:id::bigint IS NULL OR t.id = :id)
   AND (:type::text IS NULL OR t.type = :type)
   AND (:wanted_campaign::uuid IS NULL OR c.uuid = :wanted_campaign)
   AND (:member::uuid IS NULL OR p.uuid = :member)
   AND (:started_from::timestamptz IS NULL OR t.started >= :started_from AND t.started < :started_until)
   AND (:completed_from::timestamptz IS NULL OR t.completed >= :completed_from AND t.completed < :completed_until)"""

SORTABLE = {
    "id": "t.id",
    "date_started": "t.started",
    "date_completed": "t.completed",
    "report_type": "t.type",
}
DEFAULT_ORDER = "t.started DESC, t.id DESC"
TIE = "t.id"


async def administers(runner: Runner, viewer: Viewer) -> bool:
    """Whether there is a campaign that who asks administers."""
    return bool(
        await runner.value(
            f"SELECT EXISTS (SELECT FROM tenant.ideas_campaign AS c WHERE {ADMINISTERED})",  # noqa: S608 - our own
            **sees(viewer),
        )
    )


async def campaign_administered(runner: Runner, viewer: Viewer, uuid: UUID) -> int | None:
    """The number of a campaign that who asks administers."""
    number: int | None = await runner.value(
        f"SELECT c.id FROM tenant.ideas_campaign AS c WHERE c.uuid = :uuid AND {ADMINISTERED}",  # noqa: S608 - our own
        uuid=uuid,
        **sees(viewer),
    )
    return number


async def one_report(runner: Runner, viewer: Viewer, number: int) -> Report | None:
    """One report, if it is seen."""
    return await runner.row(
        f"SELECT {_COLUMNS} {_SEEN} AND t.id = :number",
        Report,
        number=number,
        **sees(viewer),
    )


async def page(runner: Runner, viewer: Viewer, wanted: Wanted, order: str, part: tuple[int, int]) -> list[Report]:
    """A part, (limit, offset), of the reports that are wanted and seen, in an order made of SORTABLE."""
    return await runner.rows(
        f"""
        SELECT {_COLUMNS}
        {_SEEN}
        {_WANTED}
         ORDER BY {order}
         LIMIT :limit OFFSET :offset
        """,
        Report,
        limit=part[0],
        offset=part[1],
        **_given(wanted),
        **sees(viewer),
    )


async def count(runner: Runner, viewer: Viewer, wanted: Wanted) -> int:
    """How many reports are wanted and seen."""
    total: int = await runner.value(
        f"SELECT count(*) {_SEEN} {_WANTED}",
        **_given(wanted),
        **sees(viewer),
    )
    return total


async def insert(runner: Runner, order: Order, person: int | None, now: datetime) -> int:
    """Adds a report that is to be made; its number."""
    number: int = await runner.value(
        """
        INSERT INTO tenant.ideas_report (type, campaign, person, started, created, modified)
        VALUES (:type, :campaign, :person, :now, :now, :now)
        RETURNING id
        """,
        type=order.type.value,
        campaign=order.campaign,
        person=person,
        now=now,
    )
    return number


async def order_of(runner: Runner, number: int) -> Order | None:
    """What is to be made by this number; None when it was made, or is gone."""
    return await runner.row(
        "SELECT type, campaign FROM tenant.ideas_report WHERE id = :number AND completed IS NULL",
        lambda type, campaign: Order(Type(type), campaign),
        number=number,
    )


async def complete(runner: Runner, number: int, stored: str | None, failure: str | None, now: datetime) -> int:
    """Notes that a report was made or cannot be; 0 when that was noted before, or it is gone."""
    return await runner.execute(
        """
        UPDATE tenant.ideas_report
           SET completed = :now, stored = :stored, failure = :failure, modified = :now
         WHERE id = :number AND completed IS NULL
        """,
        number=number,
        stored=stored,
        failure=failure,
        now=now,
    )


async def delete_started_before(runner: Runner, before: datetime) -> Sequence[str | None]:
    """Removes reports of another time; where their bytes lie."""
    return await runner.values(
        "DELETE FROM tenant.ideas_report WHERE started < :before RETURNING stored", before=before
    )


async def forget(runner: Runner) -> None:
    """Removes every row: of a new tenant, whose rows were copied and whose files were not."""
    await runner.execute("DELETE FROM tenant.ideas_report")


def _given(wanted: Wanted) -> dict[str, object]:
    values = asdict(wanted)
    values["wanted_campaign"] = values.pop("campaign")
    return values
