"""From the SQL that people write to the SQL that the driver takes."""

import pytest

from clerestory.platform.database import Schema, schema_name
from clerestory.platform.database.sql import compiled, script

ACME = Schema("acme_042917")


def test_the_pseudo_schema_becomes_the_quoted_one_and_names_become_positions() -> None:
    statement = compiled("SELECT id FROM tenant.idea WHERE title = :title AND votes > :votes AND title <> :title", ACME)
    assert statement.text == 'SELECT id FROM "acme_042917".idea WHERE title = $1 AND votes > $2 AND title <> $1'
    assert statement.names == ("title", "votes")


def test_literals_casts_comments_and_quoted_names_are_left_alone() -> None:
    sql = """SELECT ':no', "tenant.x:y", a::text -- tenant.z :no
             /* tenant.z :no */ FROM tenant.t"""
    statement = compiled(sql, ACME)
    assert statement.names == ()
    assert statement.text == sql.replace("FROM tenant.t", 'FROM "acme_042917".t')


def test_a_column_called_tenant_is_no_schema() -> None:
    assert (
        compiled("SELECT k.tenant FROM platform.api_key AS k", ACME).text
        == "SELECT k.tenant FROM platform.api_key AS k"
    )


@pytest.mark.parametrize("text", ["", "Acme", "1a", "a-b", 'a"b', "a b", "ä", "a" * 64, "public; DROP SCHEMA x", "a\n"])
def test_what_is_no_plain_identifier_is_no_schema(text: str) -> None:
    with pytest.raises(ValueError, match="schema name"):
        schema_name(text)


def test_a_script_takes_no_parameters() -> None:
    with pytest.raises(ValueError, match="no parameters"):
        script("UPDATE tenant.t SET a = :a", ACME)
