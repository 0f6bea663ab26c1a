"""What a newcomer sees: the start page, registration, log-in, instructions and the OpenAPI pages."""

from collections.abc import Sequence

from clerestory.platform.http import Surface
from clerestory.platform.tenancy import Parts
from clerestory.platform.web import Pages
from clerestory.site.documents import Documents
from clerestory.site.routes import SURFACE
from clerestory.site.settings import Picker, SiteSettings

__all__ = ["SURFACE", "Documents", "Picker", "SiteSettings", "equip"]


def equip(parts: Parts, settings: SiteSettings, documented: Sequence[Surface]) -> None:
    """Adds the site's objects to the process's parts; the pages' renderer must be there."""
    parts.find(Pages).add("site", "clerestory.site")
    parts.add(settings)
    parts.add(Documents(documented))
