"""What a newcomer sees: the start page, registration, log-in, instructions and the OpenAPI pages."""

from clerestory.site.documents import Documents
from clerestory.site.routes import SURFACE
from clerestory.site.settings import Picker, SiteSettings

__all__ = ["SURFACE", "Documents", "Picker", "SiteSettings"]
