"""What the family's declarations of resources have in common: they are for administrators, reading too."""

from functools import partial

from clerestory.kernel.values import Type
from clerestory.platform.resources import Field, Resource
from clerestory.platform.tenancy import Right

UUID = Field("uuid", Type.UUID, writable=False, doc="Its id in the ideas API.")


def shown(name: str, type: Type = Type.TEXT, doc: str = "", *, column: str = "", nullable: bool = False) -> Field:
    """A field that nobody writes."""
    return Field(name, type, column=column, writable=False, doc=doc, nullable=nullable)


administered = partial(Resource, read=Right.ADMINISTER, write=Right.ADMINISTER)
looked_at = partial(administered, creatable=False, removable=False)
