"""What a list is filtered by must be seen itself: else it is answered as an object that is not there.

It is asked for lists that come out empty alone; where something was found, what it lies in is seen.
"""

from dataclasses import asdict, dataclass
from uuid import UUID

from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.rights.sight import CAMPAIGNS, MEMBERS, sees
from clerestory.kernel.errors import NotFound
from clerestory.platform.database import Runner


@dataclass(frozen=True, slots=True)
class Named:
    """The objects that a list was filtered by."""

    campaign: UUID | None = None
    idea: UUID | None = None
    member: UUID | None = None


async def require_seen(runner: Runner, viewer: Viewer, named: Named) -> None:
    """Raises NotFound where one of these is not seen, or is not there."""
    if named == Named():
        return
    seen: bool = await runner.value(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS})
        SELECT (:campaign::uuid IS NULL
                OR EXISTS (SELECT FROM tenant.ideas_campaign AS c
                             JOIN seen ON seen.id = c.id
                            WHERE c.uuid = :campaign))
           AND (:idea::uuid IS NULL
                OR EXISTS (SELECT FROM tenant.ideas_idea AS i
                             JOIN seen ON seen.id = i.campaign AND (i.visible OR seen.managed)
                            WHERE i.uuid = :idea))
           AND (:member::uuid IS NULL
                OR EXISTS (SELECT FROM tenant.person AS p
                            WHERE p.uuid = :member AND {MEMBERS}))
        """,  # noqa: S608 - the fragments are the family's own
        known=viewer.known,
        **asdict(named),
        **sees(viewer),
    )
    if not seen:
        raise NotFound
