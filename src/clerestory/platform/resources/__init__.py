"""What a family declares of its tables, and the uniform reading and writing that is made from it.

From one declaration the workspace draws its API and documents, and the admin panel its forms.
"""

from clerestory.kernel.values import Type
from clerestory.platform.resources.bodies import read_body
from clerestory.platform.resources.declare import Action, Change, Field, Resource, Row, Rules, Through
from clerestory.platform.resources.filters import PAGING, Asked, Listing, asked, suffixes
from clerestory.platform.resources.read import Slice, one, page, slice_of
from clerestory.platform.resources.write import Draft, act, create, draft, put, remove, update

__all__ = [
    "PAGING",
    "Action",
    "Asked",
    "Change",
    "Draft",
    "Field",
    "Listing",
    "Resource",
    "Row",
    "Rules",
    "Slice",
    "Through",
    "Type",
    "act",
    "asked",
    "create",
    "draft",
    "one",
    "page",
    "put",
    "read_body",
    "remove",
    "slice_of",
    "suffixes",
    "update",
]
