"""The shell round a family: finds the route, makes the Scope, turns problems into the family's own words."""

from clerestory.platform.http.dialect import Dialect, headers_of, said
from clerestory.platform.http.family import Family
from clerestory.platform.http.route import Access, Endpoint, Instead, Route
from clerestory.platform.http.surface import Spoken, Surface
from clerestory.platform.http.uploads import Uploads

__all__ = [
    "Access",
    "Dialect",
    "Endpoint",
    "Family",
    "Instead",
    "Route",
    "Spoken",
    "Surface",
    "Uploads",
    "headers_of",
    "said",
]
