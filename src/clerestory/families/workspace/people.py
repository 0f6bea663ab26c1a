"""The workspace's own resources: people and groups as everybody sees them, and one's own record."""

from clerestory.kernel.values import Type
from clerestory.platform.identity.person import (
    ACTIVE,
    ADMINISTRATOR,
    AVATAR,
    EMAIL,
    FIRST_NAME,
    LAST_NAME,
    PEOPLE,
    PHONE,
    ROLE,
    UUID_FIELD,
)
from clerestory.platform.resources import Field, Resource, Through
from clerestory.platform.tenancy import Right

GROUPS = Resource(
    "groups",
    "Group",
    "person_group",
    (
        UUID_FIELD,
        Field("name", required=True, blank=False, searchable=True, unique="person_group_name_key"),
        Field("description", longest=2000, searchable=True),
        Field(
            "members",
            Type.WHOLES,
            least=1,
            through=Through("membership", own="person_group", other="person", of="person"),
            doc="The ids of its people.",
        ),
    ),
    doc="A group of people.",
    catalogue=True,
    write=Right.ADMINISTER,
)


def _read_only(field: Field) -> Field:
    return Field(field.name, field.type, nullable=field.nullable, writable=False, doc=field.doc)


PROFILE = Resource(
    "users/profile",
    "Person",
    "person",
    (
        UUID_FIELD,
        EMAIL,
        FIRST_NAME,
        LAST_NAME,
        PHONE,
        _read_only(ROLE),
        AVATAR,
        _read_only(ACTIVE),
        _read_only(ADMINISTRATOR),
    ),
    doc=PEOPLE.doc,
    # Whoever may read may write this one: the record is the reader's own.
    write=Right.READ,
)

RESOURCES = (PEOPLE, GROUPS)
