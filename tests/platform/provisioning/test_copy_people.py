"""People are not copied: what becomes of the rows that pointed to them, and of those that pointed to these."""

import pytest

from clerestory.platform.database import Database, Schema
from clerestory.platform.provisioning.fate import NotCopyable
from tests.platform.provisioning.planted import COPY, plant


async def test_of_the_people_only_the_registrant_is_there(database: Database) -> None:
    planted = await plant(database, "CREATE TABLE tenant.thing (id bigint PRIMARY KEY);")
    await planted.copy()
    people = "SELECT id, email, administrator FROM tenant.person"
    found = await database.direct(COPY).rows(people, lambda **row: tuple(row.values()))
    assert found == [(1, "nobody@invalid", True)]


async def test_what_pointed_to_people_points_to_the_registrant_and_nothing_stays_nothing(database: Database) -> None:
    planted = await plant(
        database,
        """
        CREATE TABLE tenant.thing (
            id bigint PRIMARY KEY,
            owner bigint NOT NULL REFERENCES tenant.person,
            helper bigint REFERENCES tenant.person
        );
        """,
    )
    await planted.fill("INSERT INTO tenant.thing VALUES (1, 1, NULL), (2, 2, 3), (3, 3, 2)")
    await planted.copy()
    assert await planted.rows("thing") == [(1, 1, None), (2, 1, 1), (3, 1, 1)]


async def test_of_rows_that_differ_by_their_person_alone_the_first_stays(database: Database) -> None:
    planted = await plant(
        database,
        """
        CREATE TABLE tenant.vote (
            id bigint PRIMARY KEY, idea bigint, person bigint NOT NULL REFERENCES tenant.person, UNIQUE (idea, person)
        );
        CREATE TABLE tenant.alias (id bigint PRIMARY KEY, person bigint REFERENCES tenant.person, name text NOT NULL);
        CREATE UNIQUE INDEX alias_name ON tenant.alias (person, lower(name)) WHERE name <> '';
        """,
    )
    await planted.fill(
        """
        INSERT INTO tenant.vote VALUES (4, 10, 3), (5, 10, 1), (6, 20, 2), (2, 10, 2);
        INSERT INTO tenant.alias VALUES (1, 1, 'Al'), (2, 2, 'AL'), (3, 3, ''), (4, 2, ''), (5, NULL, 'al');
        """
    )
    await planted.copy()
    assert await planted.rows("vote") == [(2, 10, 1), (6, 20, 1)]
    assert await planted.rows("alias") == [(1, 1, "Al"), (3, 1, ""), (4, 1, ""), (5, None, "al")]


async def test_a_familys_own_face_of_a_person_is_followed(database: Database) -> None:
    planted = await plant(
        database,
        """
        CREATE TABLE tenant.face (person bigint PRIMARY KEY REFERENCES tenant.person, nick text);
        CREATE TABLE tenant.post (id bigint PRIMARY KEY, author bigint NOT NULL REFERENCES tenant.face);
        CREATE TABLE tenant.reply (id bigint PRIMARY KEY, post bigint NOT NULL REFERENCES tenant.post,
                                   author bigint REFERENCES tenant.face);
        """,
    )
    await planted.fill(
        """
        INSERT INTO tenant.face VALUES (2, 'two'), (3, 'three');
        INSERT INTO tenant.post VALUES (1, 3), (2, 2);
        INSERT INTO tenant.reply VALUES (1, 2, 3), (2, 1, NULL);
        """
    )
    await planted.copy()
    assert await planted.rows("face") == [(1, "two")]
    assert await planted.rows("post") == [(1, 1), (2, 1)]
    assert await planted.rows("reply") == [(1, 2, 1), (2, 1, None)]


async def test_rows_that_pointed_to_one_that_went_point_to_the_one_that_stayed(database: Database) -> None:
    planted = await plant(
        database,
        """
        CREATE TABLE tenant.member (
            id bigint PRIMARY KEY, person bigint UNIQUE REFERENCES tenant.person, leader bigint REFERENCES tenant.member
        );
        CREATE TABLE tenant.remark (id bigint PRIMARY KEY, member bigint NOT NULL REFERENCES tenant.member);
        CREATE TABLE tenant.seen (
            id uuid PRIMARY KEY DEFAULT gen_random_uuid(), remark bigint NOT NULL REFERENCES tenant.remark,
            member bigint NOT NULL REFERENCES tenant.member, UNIQUE (remark, member)
        );
        """,
    )
    await planted.fill(
        """
        INSERT INTO tenant.member VALUES (11, 1, NULL), (12, 2, 11), (13, 3, 12), (14, NULL, 13);
        INSERT INTO tenant.remark VALUES (1, 12), (2, 13), (3, 14), (4, 11);
        INSERT INTO tenant.seen (remark, member) VALUES (1, 11), (1, 12), (2, 13);
        """
    )
    await planted.copy()
    assert await planted.rows("member") == [(11, 1, None), (14, None, 11)]
    assert await planted.rows("remark") == [(1, 11), (2, 11), (3, 14), (4, 11)]
    seen = await planted.rows("seen")
    assert sorted(row[1:] for row in seen) == [(1, 11), (2, 11)]


async def test_a_row_that_a_check_forbids_once_all_are_one_person_goes_with_what_hangs_on_it(
    database: Database,
) -> None:
    planted = await plant(
        database,
        """
        CREATE TABLE tenant.follow (
            id bigint PRIMARY KEY, follower bigint REFERENCES tenant.person, followed bigint REFERENCES tenant.person,
            CHECK (follower <> followed)
        );
        CREATE TABLE tenant.ping (id bigint PRIMARY KEY, follow bigint REFERENCES tenant.follow);
        """,
    )
    await planted.fill(
        """
        INSERT INTO tenant.follow VALUES (1, 1, 2), (2, 1, NULL);
        INSERT INTO tenant.ping VALUES (1, 1), (2, 2), (3, NULL);
        """
    )
    await planted.copy()
    assert await planted.rows("follow") == [(2, 1, None)]
    assert await planted.rows("ping") == [(2, 2), (3, None)]


async def test_tables_may_point_to_themselves_and_to_each_other_in_a_circle(database: Database) -> None:
    planted = await plant(
        database,
        """
        CREATE TABLE tenant.node (id bigint PRIMARY KEY, parent bigint REFERENCES tenant.node);
        CREATE TABLE tenant.topic (id bigint PRIMARY KEY, best bigint);
        CREATE TABLE tenant.answer (id bigint PRIMARY KEY, topic bigint NOT NULL REFERENCES tenant.topic);
        ALTER TABLE tenant.topic ADD FOREIGN KEY (best) REFERENCES tenant.answer;
        """,
    )
    await planted.fill(
        """
        INSERT INTO tenant.node VALUES (1, 2), (2, NULL), (3, 1);
        INSERT INTO tenant.topic VALUES (1, NULL), (2, NULL);
        INSERT INTO tenant.answer VALUES (1, 2), (2, 1);
        UPDATE tenant.topic SET best = 2 WHERE id = 1;
        """
    )
    await planted.copy()
    assert await planted.rows("node") == [(1, 2), (2, None), (3, 1)]
    assert await planted.rows("topic") == [(1, 2), (2, None)]
    assert await planted.rows("answer") == [(1, 2), (2, 1)]


async def test_a_circle_that_no_row_can_enter_is_refused_by_name(database: Database) -> None:
    planted = await plant(
        database,
        """
        CREATE TABLE tenant.hen (id bigint PRIMARY KEY, egg bigint NOT NULL);
        CREATE TABLE tenant.egg (id bigint PRIMARY KEY, hen bigint NOT NULL REFERENCES tenant.hen);
        ALTER TABLE tenant.hen ADD FOREIGN KEY (egg) REFERENCES tenant.egg DEFERRABLE;
        """,
    )
    with pytest.raises(NotCopyable, match="egg, hen point to each other"):
        await planted.copy()


async def test_people_are_named_by_their_id_alone(database: Database) -> None:
    planted = await plant(database, "CREATE TABLE tenant.card (holder uuid REFERENCES tenant.person (uuid));")
    with pytest.raises(NotCopyable, match="card must name people by their id"):
        await planted.copy()


async def test_a_rule_that_calls_a_familys_own_function_is_asked_of_each_schemas_own(database: Database) -> None:
    planted = await plant(
        database,
        """
        CREATE FUNCTION tenant.differ(a bigint, b bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT a <> b $$;
        CREATE TABLE tenant.pair (
            id bigint PRIMARY KEY, a bigint REFERENCES tenant.person, b bigint REFERENCES tenant.person,
            CHECK (tenant.differ(a, b))
        );
        """,
    )
    await planted.fill("INSERT INTO tenant.pair VALUES (1, 1, 2), (2, 3, NULL)")
    await planted.copy()
    async with database.begin() as tx:
        await tx.script(f"DROP SCHEMA {COPY} CASCADE")
    await planted.copy(Schema("another_111111"))
    assert await planted.rows("pair", Schema("another_111111")) == [(2, 1, None)]
