"""Apps are registered and removed by administrators. A secret is found by its digest, and shown again unsealed."""

import secrets
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from clerestory.families.ideas.apps import store
from clerestory.families.ideas.apps.model import as_picture
from clerestory.families.ideas.oauth.tokens import TOPIC
from clerestory.kernel.errors import Fault, Invalid, Kind, NotFound
from clerestory.kernel.values import MOST
from clerestory.platform.database import notify
from clerestory.platform.tenancy import Right, Scope
from clerestory.platform.tokens import Vault
from clerestory.platform.tokens.vault import digest

_LONGEST = 2000
_MOST_URIS = 20
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class AppForm:
    """What an administrator says of an app. `per_hour` None: as the organisation has it."""

    name: str
    website: str = ""
    redirect_uris: tuple[str, ...] = ()
    logo: bytes = b""
    master: bool = False
    per_hour: int | None = None


@dataclass(frozen=True, slots=True)
class AppShown:
    """An app with its secret in clear and its latest requests."""

    row: store.AppRow
    secret: str = field(repr=False)
    requests: list[store.RequestRow]


async def register(scope: Scope, form: AppForm) -> int:
    """A new app; its id. Raises Invalid with everything that is wrong."""
    scope.require(Right.ADMINISTER)
    require_sound(form)
    client_id, secret = secrets.token_hex(16), secrets.token_hex(16)
    new = store.NewApp(
        form.name,
        form.website,
        client_id,
        digest(secret),
        scope.part(Vault).seal(secret),
        list(form.redirect_uris),
        form.master,
    )
    async with scope.begin() as tx:
        app = await store.insert_app(tx, replace(new, per_hour=form.per_hour, logo=as_picture(form.logo)), scope.now)
        await store.insert_client(tx, client_id, scope.tenant.id, app)
    return app


async def show(scope: Scope, app: int) -> AppShown:
    """One app, for its administrators. Raises NotFound."""
    scope.require(Right.ADMINISTER)
    row = await store.one_app(scope.direct(), app) if 0 < app <= MOST else None
    if row is None:
        raise NotFound
    secret = scope.part(Vault).unseal(row.secret_sealed)
    return AppShown(row, secret, await store.requests(scope.direct(), app, _SHOWN))


async def listed(scope: Scope) -> list[store.AppRow]:
    """All apps of the tenant."""
    scope.require(Right.ADMINISTER)
    return await store.apps(scope.direct())


async def remove(scope: Scope, app: int) -> None:
    """Removes an app; its tokens are refused at once, everywhere. Raises NotFound."""
    scope.require(Right.ADMINISTER)
    async with scope.begin() as tx:
        if not (0 < app <= MOST and await store.delete_app(tx, app)):
            raise NotFound
        await store.delete_credentials(tx, scope.tenant.id, app)
        await notify(tx, TOPIC, str(app))


def require_sound(form: AppForm) -> None:
    """Raises Invalid with everything that is wrong."""
    found: list[Fault] = []
    if not 0 < len(form.name) <= 200:
        found.append(Fault("name", Kind.MISSING, "A name of at most 200 characters is needed."))
    if form.website and not _is_web(form.website):
        found.append(Fault("website", Kind.INVALID, "Enter an address that begins with https:// or http://."))
    if form.logo and as_picture(form.logo) is None:
        found.append(Fault("logo", Kind.INVALID, "A PNG, JPEG or GIF of at most 48 KiB is needed."))
    if len(form.redirect_uris) > _MOST_URIS or not all(map(_is_redirect, form.redirect_uris)):
        text = f"At most {_MOST_URIS} whole addresses without a fragment, one a line."
        found.append(Fault("redirect_uris", Kind.INVALID, text))
    if found:
        raise Invalid(*found)


def _is_web(address: str) -> bool:
    return len(address) <= _LONGEST and _scheme(address) in ("http", "https")


def _is_redirect(address: str) -> bool:
    """An absolute URI; a mobile app has a scheme of its own. Scripts are no address."""
    scheme = _scheme(address)
    return len(address) <= _LONGEST and bool(scheme) and "#" not in address and scheme not in ("javascript", "data")


def _scheme(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return parts.scheme if parts.netloc and not any(character.isspace() for character in address) else ""
