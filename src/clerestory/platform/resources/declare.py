"""The declaration of a resource: its table, its fields, who may do what, and the rules of a write.

Every table has `id`, `created` and `modified`; they are added to each declaration and nobody writes them.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from functools import cached_property

from clerestory.kernel.values import Type, Value
from clerestory.platform.database import Tx
from clerestory.platform.tenancy import Right, Scope

Row = Mapping[str, object]
"""One record as it is shown: values by field name."""

_COMPARED = frozenset({Type.WHOLE, Type.NUMBER, Type.MOMENT, Type.DAY})
_NEVER_FILTERED = frozenset({Type.OBJECT, Type.TEXTS, Type.WHOLES})


@dataclass(frozen=True, slots=True)
class Through:
    """A list of other records' ids, kept in a table between: `own` points to us, `other` to them in `of`."""

    table: str
    own: str
    other: str
    of: str


@dataclass(frozen=True, slots=True)
class Field(Value):
    """One field. It stands in the column of its name unless `column` says another, or in a table `through`."""

    _: KW_ONLY
    column: str = ""
    writable: bool = True
    required: bool = False  # a POST or PUT without it is refused
    secret: bool = False  # written and never shown, searched or filtered
    searchable: bool = False
    filterable: bool = True
    orderable: bool = True
    refers: str = ""  # the table whose id a WHOLE holds
    unique: str = ""  # the constraint that refuses a second record of the same value
    through: Through | None = None

    @property
    def stored(self) -> str:
        """The column's name."""
        return self.column or self.name

    @property
    def filtered(self) -> bool:
        """Whether a list may be filtered by it."""
        return self.filterable and not self.secret and self.type not in _NEVER_FILTERED

    @property
    def compared(self) -> bool:
        """Whether `__gte` and `__lte` make sense of it."""
        return self.filtered and self.type in _COMPARED

    @property
    def ordered(self) -> bool:
        """Whether a list may be ordered by it."""
        return self.orderable and not self.secret and self.type not in _NEVER_FILTERED


@dataclass(frozen=True, slots=True)
class Change:
    """A write: the record's id (None: it is being made), and what is written, by field name (None: it goes)."""

    id: int | None
    values: Mapping[str, object] | None


async def _as_it_is(_scope: Scope, change: Change) -> Mapping[str, object]:  # async: a rule may wait, this one need not
    return change.values or {}


async def _accepted(_scope: Scope, _tx: Tx, _change: Change) -> None:  # async: a rule may wait, this one need not
    """No rule."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a family has to say about a write.

    `prepare` sees the change before its transaction is open, and hands back what is written;
    `settle` sees it inside the transaction, after the row was written. Either refuses by raising a Problem.
    """

    prepare: Callable[[Scope, Change], Awaitable[Mapping[str, object]]] = _as_it_is
    settle: Callable[[Scope, Tx, Change], Awaitable[None]] = _accepted


Deed = Callable[[Scope, int, Mapping[str, object]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Action:
    """What is done with one record beyond writing its fields: `name` is the last part of its path, `doc` its summary.

    `run` gets the record's id and what the body gave of `takes`, opens its own transaction, and refuses by raising a
    Problem. The right is that of writing the resource.
    """

    name: str
    doc: str
    run: Deed
    takes: tuple[Field, ...] = ()


ID = Field("id", Type.WHOLE, writable=False, least=1, doc="Given by the server.")
CREATED = Field("created", Type.MOMENT, writable=False, doc="When the record was made.")
MODIFIED = Field("modified", Type.MOMENT, writable=False, doc="When it was last written.")


# Told apart by identity: each is declared once, and statements are remembered by it.
@dataclass(frozen=True, eq=False)
class Resource:
    """One resource: `name` is its path, `record` what one record is called in documents."""

    name: str
    record: str
    table: str
    own: tuple[Field, ...]
    doc: str = ""
    catalogue: bool = False  # readable in public, without any credential
    read: Right = Right.READ
    write: Right = Right.WRITE
    creatable: bool = True
    removable: bool = True
    rules: Rules = field(default=Rules())
    actions: tuple[Action, ...] = ()

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All fields in the order in which they are shown."""
        return (ID, *self.own, CREATED, MODIFIED)

    @cached_property
    def shown(self) -> tuple[Field, ...]:
        """The fields that an answer has."""
        return tuple(one for one in self.fields if not one.secret)

    @cached_property
    def writable(self) -> tuple[Field, ...]:
        """The fields that a body may set."""
        return tuple(one for one in self.own if one.writable)

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """The shown fields by name."""
        return {one.name: one for one in self.shown}

    def field_of(self, constraint: str) -> Field | None:
        """The field that a unique constraint guards."""
        return next((one for one in self.own if one.unique and one.unique == constraint), None)
