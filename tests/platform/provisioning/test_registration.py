"""The verb of registration: what it refuses, what it makes, how it names; with a spare and without."""

import re
from dataclasses import astuple
from uuid import UUID

import pytest
from inline_snapshot import snapshot

from clerestory.kernel.errors import Invalid, Unavailable
from clerestory.platform import provisioning
from clerestory.platform.database import Database, Schema
from clerestory.platform.identity.passwords import Passwords
from clerestory.platform.provisioning import Registrant, Spares, store
from clerestory.platform.tenancy import Kind, Parts, Right, State
from clerestory.platform.tenancy.name import tenant_name
from clerestory.platform.tokens import Gate, Shown

GOOD = "seven blue lanterns"
JANE = Registrant("Jane.Doe@X.org", GOOD, " Jane ", "Doe")


async def person_of(parts: Parts, schema: Schema) -> tuple[object, ...]:
    """The only person of a new tenant, without what time and chance give it."""
    sql = """
        SELECT id, email, first_name, last_name, phone_number, role, active, administrator
          FROM tenant.person
    """
    found = await parts.find(Database).direct(schema).rows(sql, lambda **row: tuple(row.values()))
    assert len(found) == 1
    return found[0]


async def test_without_a_spare_the_schema_is_built_at_once(parts: Parts) -> None:
    made = await provisioning.register(parts, JANE)
    assert re.fullmatch(r"Jane\.Doe_\d{6}", made.client)
    assert (made.schema, made.state) == ("jane_doe" + made.client[-7:], State.READY)
    assert UUID(made.api_key).version == 4
    assert await person_of(parts, made.schema) == (1, "Jane.Doe@x.org", "Jane", "Doe", None, "", True, True)


async def test_with_a_spare_it_is_the_same(parts: Parts) -> None:
    assert await parts.find(Spares).keep() == 2
    made = await provisioning.register(parts, JANE)
    assert made.state is State.READY
    assert await person_of(parts, made.schema) == (1, "Jane.Doe@x.org", "Jane", "Doe", None, "", True, True)
    left = await parts.find(Database).direct().value("SELECT count(*) FROM platform.spare")
    assert left == 1


@pytest.mark.parametrize("spares", [0, 1])
async def test_the_password_is_the_first_persons_and_is_forgotten_elsewhere(parts: Parts, spares: int) -> None:
    if spares:
        await parts.find(Spares).keep()
    made = await provisioning.register(parts, JANE)
    database = parts.find(Database)
    kept = await database.direct(made.schema).value("SELECT password_hash FROM tenant.person")
    assert await parts.find(Passwords).verify(kept, GOOD)
    assert await database.direct().value("SELECT count(*) FROM platform.registration") == 0


async def test_the_key_opens_the_tenant_with_every_right_and_stands_sealed(parts: Parts) -> None:
    made = await provisioning.register(parts, JANE)
    bearer = await parts.find(Gate).verify(Shown(key=made.api_key), "clerestory.test")
    assert (bearer.tenant.client, bearer.tenant.schema, bearer.tenant.state) == (made.client, made.schema, State.READY)
    assert (bearer.actor.kind, bearer.actor.rights) == (Kind.KEY, frozenset(Right))
    stored = await parts.find(Database).direct().values("SELECT digest || sealed FROM platform.api_key")
    assert all(made.api_key.encode() not in row for row in stored)
    assert made.api_key not in repr(made)


async def test_one_address_may_register_again_and_gets_another_tenant(parts: Parts) -> None:
    first, second = await provisioning.register(parts, JANE), await provisioning.register(parts, JANE)
    assert first.schema != second.schema
    assert first.api_key != second.api_key


async def test_the_new_schema_is_recorded_as_of_this_version(parts: Parts) -> None:
    made = await provisioning.register(parts, JANE)
    versions = "SELECT count(DISTINCT fingerprint) || ' ' || count(*) FROM platform.schema_version WHERE schema IN "
    both = versions + "('public', :schema)"
    assert await parts.find(Database).direct().value(both, schema=made.schema) == "1 2"


@pytest.mark.parametrize(
    ("registrant", "faults"),
    [
        (
            Registrant("", "", "", ""),
            snapshot(
                [
                    ("email", "invalid", "Enter a valid email address."),
                    ("password", "too_short", "This password has less than 8 characters."),
                ]
            ),
        ),
        (
            Registrant("jane@x.org@y", "12345678", "J" * 151, "Doe\n"),
            snapshot(
                [
                    ("email", "invalid", "Enter a valid email address."),
                    ("password", "too_common", "This password is too common."),
                    ("password", "all_digits", "This password is entirely numeric."),
                    ("first_name", "invalid", "A name has at most 150 characters, in one line."),
                    ("last_name", "invalid", "A name has at most 150 characters, in one line."),
                ]
            ),
        ),
        (
            Registrant("jane@x.org\0", "seven blue lanterns"),
            snapshot([("email", "invalid", "Enter a valid email address.")]),
        ),
        (Registrant("@x.org", "seven blue lanterns"), snapshot([("email", "invalid", "Enter a valid email address.")])),
    ],
)
async def test_every_fault_is_named_and_nothing_is_made(
    parts: Parts, registrant: Registrant, faults: list[tuple[str, str, str]]
) -> None:
    with pytest.raises(Invalid) as refused:
        await provisioning.register(parts, registrant)
    assert [astuple(fault) for fault in refused.value.faults] == faults
    assert await parts.find(Database).direct().value("SELECT count(*) FROM platform.tenant") == 0


async def test_an_address_that_the_world_does_not_know_is_good_enough(parts: Parts) -> None:
    made = await provisioning.register(parts, Registrant("jörg@intranet.local", GOOD))
    assert made.client.startswith("jörg_")
    assert made.schema.startswith("jorg_")


async def refuse_names(parts: Parts, times: int) -> None:
    """So many names are taken by others, one after the other, as by a million of the same local part."""
    async with parts.find(Database).begin() as tx:
        await tx.script(
            f"""
            CREATE SEQUENCE platform.tried;
            CREATE FUNCTION platform.taken() RETURNS trigger LANGUAGE plpgsql AS $body$
                BEGIN RETURN CASE WHEN nextval('platform.tried') > {times} THEN NEW END; END $body$;
            CREATE TRIGGER taken BEFORE INSERT ON platform.tenant FOR EACH ROW EXECUTE FUNCTION platform.taken();
            """
        )


async def test_a_taken_name_gets_other_digits(parts: Parts) -> None:
    await refuse_names(parts, 19)
    assert (await provisioning.register(parts, JANE)).state is State.READY


async def test_when_no_name_is_free_after_twenty_tries_nothing_is_made(parts: Parts) -> None:
    await refuse_names(parts, 20)
    with pytest.raises(Unavailable, match="No free name was found"):
        await provisioning.register(parts, JANE)
    assert await parts.find(Database).direct().value("SELECT count(*) FROM platform.api_key") == 0


async def test_a_schema_that_is_there_already_is_a_taken_name(parts: Parts) -> None:
    name = tenant_name("jane@x.org", "000001")
    async with parts.find(Database).begin() as tx:
        await tx.script(f'CREATE SCHEMA "{name.schema}"')
        assert await store.insert_tenant(tx, name, "jane@x.org") is None


async def test_a_name_that_differs_by_letter_case_alone_is_taken(parts: Parts) -> None:
    async with parts.find(Database).begin() as tx:
        assert await store.insert_tenant(tx, tenant_name("JANE@x.org", "000001"), "JANE@x.org") is not None
        assert await store.insert_tenant(tx, tenant_name("jane@x.org", "000001"), "jane@x.org") is None
