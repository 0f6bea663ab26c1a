"""The closed set of problems."""

from clerestory.kernel import errors
from clerestory.kernel.errors import PROBLEMS, Problem


def _below(kind: type[Problem]) -> set[type[Problem]]:
    return {kind}.union(*map(_below, kind.__subclasses__()))


def test_the_set_names_every_problem_of_the_kernel() -> None:
    defined = {kind for kind in _below(Problem) if kind.__module__ == errors.__name__ and kind is not Problem}
    assert set(PROBLEMS) == defined
