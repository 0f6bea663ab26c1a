"""The workspace: everything that a tenant owns, in one uniform REST API below /api/v1.

It knows no other family; what they declare of their tables and settings is handed to it by the composition root.
"""

from collections.abc import Sequence

from clerestory.families.workspace.dialect import SPOKEN, WorkspaceDialect
from clerestory.families.workspace.draw import routes_of
from clerestory.families.workspace.jobs import CRON, TASKS
from clerestory.families.workspace.people import RESOURCES
from clerestory.families.workspace.routes import routes_with
from clerestory.platform.database.migration import Owner
from clerestory.platform.http import Family, Surface
from clerestory.platform.identity.organisation import SETTINGS, Catalogue

DESCRIPTION = (
    "Everything that a tenant owns. Send the tenant's key as `Api-Key`; without one, open lists show the public "
    "data, which is read-only."
)


def family(others: Sequence[Family], *platform: Catalogue) -> Family:
    """The workspace over its own records and those of the other families; the platform brings settings of its own."""
    resources = (*RESOURCES, *(resource for other in others for resource in other.resources))
    catalogue = _catalogue((Catalogue(SETTINGS), *platform, *(Catalogue(one.settings, one.rules) for one in others)))
    drawn = [route for resource in resources for route in routes_of(resource)]
    surface = Surface(
        name="workspace",
        prefixes=("/api",),
        dialect=WorkspaceDialect(),
        routes=(*routes_with(catalogue), *drawn),
        title="Workspace",
        description=DESCRIPTION,
        spoken=SPOKEN,
    )
    return Family(
        name="workspace",
        surfaces=(surface,),
        owner=Owner("workspace"),
        tasks=TASKS,
        cron=CRON,
        resources=RESOURCES,
        settings=SETTINGS,
        equip=lambda parts: parts.add(catalogue),
    )


def _catalogue(parts: Sequence[Catalogue]) -> Catalogue:
    settings = (setting for part in parts for setting in part.settings.values())
    return Catalogue(settings, (rule for part in parts for rule in part.rules))
