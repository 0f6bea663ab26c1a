"""The house's own rules on the whole tree, and each of them seen to refuse what it is there for."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache

import pytest

from tests.house import graph, shape, sql, words
from tests.house.examples import ACCEPTED, REFUSED, Example
from tests.house.source import Finding, Source, read_tree

Rule = Callable[[Sequence[Source]], Iterator[Finding]]


def each(rule: Callable[[Source], Iterator[Finding]]) -> Rule:
    """A rule on one source, as a rule on many."""

    def on_all(sources: Sequence[Source]) -> Iterator[Finding]:
        for source in sources:
            yield from rule(source)

    return on_all


ON_ONE = [
    shape.a_file_is_at_most_300_lines,
    shape.a_function_is_at_most_50_lines,
    shape.a_function_has_at_most_5_parameters,
    shape.a_module_opens_with_what_it_is,
    shape.a_module_is_named_by_what_it_does,
    shape.a_coroutine_waits,
    words.nothing_is_left_unfinished,
    words.a_silenced_check_says_why,
    words.no_test_is_switched_off,
    words.everything_is_caught_only_where_it_can_be_answered,
    words.nothing_names_this_machine,
    words.a_template_escapes,
    sql.a_table_is_named_with_its_schema,
    sql.columns_are_named,
    sql.a_search_path_ends_with_its_transaction,
]
ON_ALL = [
    graph.no_module_imports_itself_through_others,
    graph.routes_are_imported_by_their_package_alone,
    graph.a_model_imports_models_and_the_kernel,
    graph.structs_stand_in_wire,
]
RULES = {rule.__name__: each(rule) for rule in ON_ONE} | {rule.__name__: rule for rule in ON_ALL}


@cache
def tree() -> tuple[Source, ...]:
    return tuple(read_tree())


@pytest.mark.parametrize("rule", RULES)
def test_the_tree_keeps(rule: str) -> None:
    assert [str(finding) for finding in RULES[rule](tree())] == []


@pytest.mark.parametrize("example", REFUSED, ids=Example.title)
def test_a_planted_breach_is_found(example: Example) -> None:
    findings = list(RULES[example.rule](example.sources))
    assert [finding.line for finding in findings] == example.lines, [str(finding) for finding in findings]


@pytest.mark.parametrize("example", ACCEPTED, ids=Example.title)
def test_what_is_allowed_is_not_found(example: Example) -> None:
    assert [str(finding) for finding in RULES[example.rule](example.sources)] == []


def test_every_rule_has_its_breach() -> None:
    assert {example.rule for example in REFUSED} == set(RULES)


def test_the_tree_is_read_whole() -> None:
    paths = {source.path for source in tree()}
    assert {"pyproject.toml", "src/clerestory/__init__.py", "tests/test_house.py", ".ci/run", "Makefile"} <= paths
    assert not any(path.startswith((".venv", ".git/")) for path in paths)
