"""Names of tenants: the rule's edges by example, its promises for every address by property."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerestory.platform.database import Schema
from clerestory.platform.tenancy.name import TenantName, tenant_name

SIX_DIGITS = st.text("0123456789", min_size=6, max_size=6)
LOCAL_PARTS = st.text(min_size=0, max_size=80)


@pytest.mark.parametrize(
    ("local", "schema"),
    [
        ("jane.doe", "jane_doe_042917"),
        ("Jane.DOE", "jane_doe_042917"),
        ("jane+errors", "jane_errors_042917"),
        ("jane...doe", "jane_doe_042917"),
        ("jane__doe", "jane__doe_042917"),
        ("_jane_", "jane_042917"),
        ("Jörg.Åström", "jorg_astrom_042917"),
        ("ﬁona", "fiona_042917"),
        ("Ⅷ", "viii_042917"),
        ("жанна", "client_042917"),
        ("жanna", "anna_042917"),
        ("+", "client_042917"),
        ("", "client_042917"),
        ("1st", "t_1st_042917"),
        ("²", "t_2_042917"),
        ("pg_dump", "t_pg_dump_042917"),
        ("pg", "t_pg_042917"),
        ("PG.Dump", "t_pg_dump_042917"),
        ("pgbouncer", "pgbouncer_042917"),
        ("public", "public_042917"),
        ("information_schema", "information_schema_042917"),
        ("a" * 56, "a" * 56 + "_042917"),
        ("a" * 64, "a" * 56 + "_042917"),
        ("a" * 55 + ".bc", "a" * 55 + "_042917"),
        ("7" * 60, "t_" + "7" * 54 + "_042917"),
    ],
)
def test_the_schema_name_follows_from_the_local_part(local: str, schema: str) -> None:
    assert tenant_name(f"{local}@x.org", "042917") == TenantName(f"{local}_042917", Schema(schema))


def test_an_at_sign_in_the_local_part_stays_in_it() -> None:
    assert tenant_name('"jane@home"@x.org', "000000") == TenantName('"jane@home"_000000', Schema("jane_home_000000"))


@pytest.mark.parametrize("digits", ["", "12345", "1234567", "12345a", "１２３４５６", "-12345"])
def test_other_than_six_digits_are_refused(digits: str) -> None:
    with pytest.raises(ValueError, match="are not 6 digits"):
        tenant_name("jane@x.org", digits)


@given(LOCAL_PARTS, SIX_DIGITS)
def test_every_schema_name_is_one_that_needs_no_quotes_and_is_not_postgresqls(local: str, digits: str) -> None:
    schema = tenant_name(f"{local}@x.org", digits).schema
    assert re.fullmatch(r"[a-z][a-z0-9_]{0,55}_[0-9]{6}", schema)
    assert len(schema.encode()) <= 63
    assert not schema.startswith("pg_")
    assert schema not in {"public", "information_schema", "platform", "jobs"}


@given(LOCAL_PARTS, SIX_DIGITS)
def test_the_client_name_keeps_the_local_part_as_typed(local: str, digits: str) -> None:
    assert tenant_name(f"{local}@x.org", digits).client == f"{local}_{digits}"


@given(st.text("abcXYZ.-+_019", max_size=60), SIX_DIGITS)
def test_letter_case_makes_no_difference(local: str, digits: str) -> None:
    assert tenant_name(f"{local.upper()}@x.org", digits).schema == tenant_name(f"{local.lower()}@x.org", digits).schema


@given(LOCAL_PARTS, SIX_DIGITS)
def test_a_client_that_is_named_like_a_schema_gets_that_schema(local: str, digits: str) -> None:
    """So no client's name can be mistaken for another tenant's schema: the schema is taken, and names are unique."""
    schema = tenant_name(f"{local}@x.org", digits).schema
    assert tenant_name(f"{schema.removesuffix('_' + digits)}@y.org", digits) == TenantName(schema, schema)
