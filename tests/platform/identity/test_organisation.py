"""Settings of an organisation: typed, stored where they differ, secrets sealed."""

import pytest

from clerestory.kernel.clock import utc_now
from clerestory.kernel.errors import Invalid
from clerestory.kernel.values import Type
from clerestory.platform.database import PUBLIC, Database
from clerestory.platform.identity import organisation
from clerestory.platform.identity.organisation import Catalogue, Setting
from clerestory.platform.tokens import Vault, VaultSettings

HOST = Setting[str]("mail_host", default="localhost")
PORT = Setting[int]("mail_port", Type.WHOLE, default=25, least=1, most=65535)
PASSWORD = Setting[str | None]("mail_password", default=None, nullable=True, secret=True)
CATALOGUE = Catalogue((HOST, PORT, PASSWORD))
VAULT = Vault(VaultSettings("a secret of the tests, long enough to be taken"))


async def change(database: Database, body: dict[str, object]) -> organisation.Organisation:
    async with database.begin(PUBLIC) as tx:
        await organisation.change(tx, organisation.checked(CATALOGUE, body), VAULT.seal, utc_now())
        return await organisation.read(tx)


async def test_what_nobody_set_has_its_default(database: Database) -> None:
    found = await organisation.read(database.direct())
    assert (found.of(HOST), found.of(PORT), found.secret(PASSWORD, VAULT.unseal)) == ("localhost", 25, None)
    assert found.shown(CATALOGUE) == {"mail_host": "localhost", "mail_port": 25, "mail_password": None}


async def test_a_secret_is_sealed_and_shown_as_set(database: Database) -> None:
    found = await change(database, {"mail_password": "Pa$$word", "mail_port": 587})
    assert found.shown(CATALOGUE) == {"mail_host": "localhost", "mail_port": 587, "mail_password": "set"}
    assert found.secret(PASSWORD, VAULT.unseal) == "Pa$$word"
    stored = await database.direct().value("SELECT sealed FROM tenant.setting WHERE name = 'mail_password'")
    assert b"Pa$$word" not in stored
    assert "Pa$$word" not in repr(found)
    again = await change(database, found.shown(CATALOGUE))
    assert again.secret(PASSWORD, VAULT.unseal) == "Pa$$word"
    assert (await change(database, {"mail_password": None})).shown(CATALOGUE)["mail_password"] is None


async def test_the_default_is_not_stored(database: Database) -> None:
    await change(database, {"mail_port": 587, "mail_host": "mail.x.org"})
    await change(database, {"mail_port": 25, "mail_host": None})
    assert await database.direct().value("SELECT count(*) FROM tenant.setting") == 0


def test_every_refused_setting_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        organisation.checked(CATALOGUE, {"mail_port": 0, "mail_password": 5, "mail_colour": "blue"})
    assert [fault.field for fault in refused.value.faults] == ["mail_port", "mail_password", "mail_colour"]


def test_a_name_is_declared_once() -> None:
    with pytest.raises(ValueError, match="two settings are called mail_host"):
        Catalogue((HOST, HOST))
