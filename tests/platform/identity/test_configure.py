"""Settings that have a rule together: whoever sets one of them is held to it."""

from collections.abc import Callable, Sequence

import pytest

from clerestory.kernel.errors import Fault, Forbidden, Invalid, Kind
from clerestory.platform.identity.configure import configure, configured
from clerestory.platform.identity.organisation import Catalogue, Organisation, Setting, Together
from clerestory.platform.tenancy import ANYONE
from tests.fixtures.tenants import TestTenant

USER = Setting[str]("mail_user", default="")
PASSWORD = Setting[str]("mail_password", default="", secret=True)
COLOUR = Setting[str]("site_colour", default="")


def _both(stored: Organisation, unseal: Callable[[bytes], str]) -> Sequence[Fault]:
    if stored.of(USER) and not stored.secret(PASSWORD, unseal):
        return (Fault("mail_password", Kind.MISSING, "mail_password is needed."),)
    return ()


CATALOGUE = Catalogue((USER, PASSWORD, COLOUR), (Together((USER, PASSWORD), _both),))
LOOSE = Catalogue((USER, PASSWORD, COLOUR))


async def test_what_cannot_work_together_is_refused_and_nothing_stored(tenant: TestTenant) -> None:
    with pytest.raises(Invalid) as refused:
        await configure(tenant.scope, CATALOGUE, {"mail_user": "ann", "site_colour": "blue"})
    assert refused.value.faults == (Fault("mail_password", Kind.MISSING, "mail_password is needed."),)
    assert (await configured(tenant.scope)).stored == {}
    both = await configure(tenant.scope, CATALOGUE, {"mail_user": "ann", "mail_password": "Pa$$word"})
    assert both.shown(CATALOGUE) == {"mail_user": "ann", "mail_password": "set", "site_colour": ""}
    with pytest.raises(Invalid):
        await configure(tenant.scope, CATALOGUE, {"mail_password": None})


async def test_a_rule_is_not_asked_by_who_touches_none_of_its_settings(tenant: TestTenant) -> None:
    await configure(tenant.scope, LOOSE, {"mail_user": "ann"})
    stored = await configure(tenant.scope, CATALOGUE, {"site_colour": "blue"})
    assert stored.stored == {"mail_user": "ann", "site_colour": "blue"}
    await configure(tenant.scope, CATALOGUE, {"mail_user": None})


async def test_settings_are_for_administrators(tenant: TestTenant) -> None:
    stranger = tenant.scope.by(ANYONE)
    with pytest.raises(Forbidden):
        await configured(stranger)
    with pytest.raises(Forbidden):
        await configure(stranger, CATALOGUE, {})
