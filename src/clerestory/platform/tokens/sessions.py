"""Sessions of browsers: opened by a log-in to a client, bound to its tenant on the server's side, ended at once."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from clerestory.kernel import ids
from clerestory.platform.database import Runner
from clerestory.platform.tenancy import Scope, TenantId
from clerestory.platform.tokens import store
from clerestory.platform.tokens.vault import digest

COOKIE = "sessionid"
SESSION_LIFE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was just opened; `text` goes into the cookie, `csrf` into forms."""

    text: str = field(repr=False)
    csrf: str = field(repr=False)
    expires: datetime
    person_uuid: UUID


async def begin(scope: Scope, tenant: TenantId, person_uuid: UUID) -> Opened:
    """A session for a person who has shown who they are: at log-in, or right after registration."""
    opened = Opened(secrets.token_urlsafe(32), ids.new_secret(), scope.now + SESSION_LIFE, person_uuid)
    row = store.SessionRow(tenant, person_uuid, opened.csrf, opened.expires)
    await store.insert_session(scope.database.direct(), digest(opened.text), row)
    return opened


async def log_out(runner: Runner, text: str) -> None:
    """Ends one session, whose cookie's text this is; an unknown one is ended already."""
    await store.delete_session(runner, digest(text))


async def log_out_everywhere(runner: Runner, tenant: TenantId, person_uuid: UUID) -> None:
    """Ends all sessions of a person, and the refresh tokens; access tokens end by themselves in five minutes."""
    await store.delete_sessions_of(runner, tenant, person_uuid)
    await store.delete_refresh_of(runner, tenant, person_uuid)
