"""Apps written as records: they are as sound as registered ones, and whatever changes holds at once, everywhere."""

from collections.abc import Mapping
from typing import Any

from clerestory.families.ideas.apps import store
from clerestory.families.ideas.apps.register import AppForm, require_sound
from clerestory.families.ideas.oauth.tokens import TOPIC
from clerestory.platform.database import Tx, notify
from clerestory.platform.resources import Change
from clerestory.platform.tenancy import Scope


async def prepare(_scope: Scope, change: Change) -> Mapping[str, object]:  # async: a rule may wait
    """The values as they are written. Raises Invalid with everything that is wrong."""
    values: dict[str, Any] = dict(change.values or {})
    require_sound(
        AppForm(values.get("name", "As it is"), values.get("website", ""), tuple(values.get("redirect_uris", ())))
    )
    return values


async def settle(scope: Scope, tx: Tx, change: Change) -> None:
    """Ends the credentials of an app that goes, and lets every process forget what it knows of one that changes."""
    if change.id is None:
        return
    if change.values is None:
        await store.delete_credentials(tx, scope.tenant.id, change.id)
    await notify(tx, TOPIC, str(change.id))
