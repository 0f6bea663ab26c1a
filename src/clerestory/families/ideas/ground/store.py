"""Campaigns and ideas as the ground of a write: one function, one statement."""

from typing import Any
from uuid import UUID

from clerestory.families.ideas.ground.model import Ground, Plot
from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.rights.sight import ADMINISTERED, ENTERED, MANAGED, sees
from clerestory.platform.database import Runner

_GROUND = f"""
       c.id AS campaign, c.status, c.scheduled, c.starts, c.ends, c.public, c.voting, c.demoting, c.commenting,
       c.tagging, c.anonymous, c.revealing, c.category_required, c.chips, c.language,
       {ADMINISTERED} AS administers, {MANAGED} AS manages, {ENTERED} AS enters"""


async def campaign(runner: Runner, viewer: Viewer, uuid: UUID) -> Ground | None:
    """A campaign, whether it may be entered or not."""
    return await runner.row(
        f"""
        SELECT {_GROUND}
          FROM tenant.ideas_campaign AS c
         WHERE c.uuid = :uuid
        """,  # noqa: S608 - the fragments are the family's own
        Ground,
        uuid=uuid,
        **sees(viewer),
    )


async def idea(runner: Runner, viewer: Viewer, number: int) -> Plot | None:
    """An idea, whether it is seen or not."""
    return await runner.row(
        f"""
        SELECT i.id AS idea, i.uuid, i.person AS submitter, i.visible, i.anonymous AS concealed, i.category,
               i.status AS step, {_GROUND}
          FROM tenant.ideas_idea AS i
          JOIN tenant.ideas_campaign AS c ON c.id = i.campaign
         WHERE i.id = :number
        """,  # noqa: S608 - the fragments are the family's own
        _plot,
        number=number,
        **sees(viewer),
    )


def _plot(**columns: Any) -> Plot:
    own = ("idea", "uuid", "submitter", "visible", "concealed", "category", "step")
    idea, uuid, person, visible, anonymous, category, status = (columns.pop(name) for name in own)
    return Plot(idea, uuid, person, visible, anonymous, category, status, Ground(**columns))
