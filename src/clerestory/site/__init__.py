"""What a newcomer sees: start, registration, log-in, instructions and the OpenAPI pages; then inbox and delivery.

Nothing of a family is shown here: families bring pages of their own.
"""

from collections.abc import Sequence

from clerestory.platform.http import Surface
from clerestory.platform.tenancy import Parts
from clerestory.platform.web import Pages
from clerestory.site.documents import Documents
from clerestory.site.routes import SURFACE
from clerestory.site.settings import Picker, SiteSettings
from clerestory.site.tenant import TENANT_SURFACE

__all__ = ["SURFACE", "TENANT_SURFACE", "Documents", "Picker", "SiteSettings", "equip"]


def equip(parts: Parts, settings: SiteSettings, documented: Sequence[Surface]) -> None:
    """Adds the site's objects to the process's parts; the pages' renderer must be there."""
    parts.find(Pages).add("site", "clerestory.site")
    parts.add(settings)
    parts.add(Documents(documented))
