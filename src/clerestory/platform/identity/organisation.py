"""What an organisation has set: declared by each package, stored only where it differs from the default.

A secret stands sealed and leaves only through `Organisation.secret`; nothing here knows what a setting is for.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar, cast

import msgspec

from clerestory.kernel.errors import Fault, Invalid, Kind
from clerestory.kernel.values import Type, Value
from clerestory.kernel.values import read as read_value
from clerestory.platform.database import Runner
from clerestory.platform.identity import store

T = TypeVar("T")

SET = "set"
"""What stands in an answer for a secret that is stored; sent back, it leaves the secret as it is."""


# Without slots: Python 3.11 cannot make a frozen slotted one as `Setting[bool](…)`.
@dataclass(frozen=True)
class Setting(Value, Generic[T]):
    """One setting. Its name begins with its package's; `default` holds while the organisation has set nothing."""

    _: KW_ONLY
    default: T
    secret: bool = False
    # A rule beyond the type; it raises Invalid. It sees what is going to be stored.
    check: Callable[[Any], None] | None = None


NAME: Setting[str] = Setting("organisation_name", default="", doc="The organisation's name, as people read it.")
OWNER: Setting[int | None] = Setting(
    "organisation_owner",
    Type.WHOLE,
    default=None,
    nullable=True,
    least=1,
    doc="The id of the person who owns the account.",
)
REPRESENTATIVE: Setting[int | None] = Setting(
    "organisation_representative",
    Type.WHOLE,
    default=None,
    nullable=True,
    least=1,
    doc="The id of the person who represents the service towards the organisation.",
)
SETTINGS: tuple[Setting[Any], ...] = (NAME, OWNER, REPRESENTATIVE)


@dataclass(frozen=True, slots=True)
class Together:
    """A rule over several settings: the faults of what cannot work together. It holds whoever sets one of them."""

    settings: tuple[Setting[Any], ...]
    faults: Callable[["Organisation", Callable[[bytes], str]], Sequence[Fault]]


class Catalogue:
    """Every setting that the packages declare, by name, and their rules. One of the process's parts."""

    def __init__(self, settings: Iterable[Setting[Any]], rules: Iterable[Together] = ()) -> None:
        self.rules = tuple(rules)
        self.settings: dict[str, Setting[Any]] = {}
        for setting in settings:
            if setting.name in self.settings:
                raise ValueError(f"two settings are called {setting.name}")
            self.settings[setting.name] = setting


@dataclass(frozen=True, slots=True)
class Organisation:
    """What one organisation has set."""

    stored: Mapping[str, object]
    sealed: Mapping[str, bytes]

    def of(self, setting: Setting[T]) -> T:
        """The value in force. A secret is not among them."""
        return cast(T, self.stored.get(setting.name, setting.default))

    def sets(self, setting: Setting[Any]) -> bool:
        """Whether it differs from the default."""
        return setting.name in self.stored or setting.name in self.sealed

    def secret(self, setting: Setting[T], unseal: Callable[[bytes], str]) -> str | None:
        """The secret in clear, or None when there is none."""
        sealed = self.sealed.get(setting.name)
        return None if sealed is None else unseal(sealed)

    def shown(self, catalogue: Catalogue) -> dict[str, object]:
        """Every setting by name; a secret is null or `"set"`."""
        return {
            name: (SET if name in self.sealed else None) if setting.secret else self.of(setting)
            for name, setting in catalogue.settings.items()
        }


async def read(runner: Runner) -> Organisation:
    """What the runner's tenant has set."""
    rows = await store.settings(runner)
    return Organisation(
        {row.name: msgspec.json.decode(row.value) for row in rows if row.value is not None},
        {row.name: row.sealed for row in rows if row.sealed is not None},
    )


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes of settings that were read and found good: what is stored, sealed, and set back to its default."""

    values: Mapping[str, object]
    secrets: Mapping[str, str]
    cleared: frozenset[str]

    @property
    def names(self) -> frozenset[str]:
        """The settings that are touched."""
        return self.cleared.union(self.values, self.secrets)


def checked(catalogue: Catalogue, body: Mapping[str, object]) -> Changes:
    """The changes that a body asks for. Raises Invalid with a fault for each unknown name and refused value."""
    faults: list[Fault] = []
    values: dict[str, object] = {}
    secrets: dict[str, str] = {}
    cleared: set[str] = set()
    for name, raw in body.items():
        setting = catalogue.settings.get(name)
        try:
            if setting is None:
                raise Invalid(Fault(name, Kind.INVALID, "There is no such setting."))
            if raw is None or raw == setting.default:
                cleared.add(name)
            elif not (setting.secret and raw == SET):
                value = read_value(setting, raw)
                if setting.check is not None:
                    setting.check(value)
                if setting.secret:
                    secrets[name] = str(value)
                else:
                    values[name] = value
        except Invalid as invalid:
            faults += invalid.faults
    if faults:
        raise Invalid(*faults)
    return Changes(values, secrets, frozenset(cleared))


async def change(runner: Runner, changes: Changes, seal: Callable[[str], bytes], now: datetime) -> None:
    """Stores the changes."""
    for name, value in changes.values.items():
        await store.put_setting(runner, store.SettingRow(name, msgspec.json.encode(value).decode(), None), now)
    for name, text in changes.secrets.items():
        await store.put_setting(runner, store.SettingRow(name, None, seal(text)), now)
    await store.delete_settings(runner, sorted(changes.cleared))
