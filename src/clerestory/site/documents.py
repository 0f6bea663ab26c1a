"""The OpenAPI documents of this installation: derived from the surfaces' routes, once."""

from collections.abc import Sequence

import msgspec

from clerestory.kernel.errors import NotFound
from clerestory.platform.http import Surface, openapi


class Documents:
    """One document for each surface that has one."""

    def __init__(self, surfaces: Sequence[Surface]) -> None:
        self.surfaces = [surface for surface in surfaces if surface.documented]
        self._made: dict[str, bytes] = {}

    def find(self, name: str) -> Surface:
        """The surface of this name. Raises NotFound."""
        for surface in self.surfaces:
            if surface.name == name:
                return surface
        raise NotFound("There is no such document.")

    def json(self, name: str) -> bytes:
        """The document as JSON. Raises NotFound."""
        surface = self.find(name)
        if name not in self._made:
            # Whatever name the visitor came by, requests go back to it: another would be another origin to the browser.
            self._made[name] = msgspec.json.encode(openapi.document(surface, "/"))
        return self._made[name]
