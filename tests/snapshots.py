"""The cast is made once in a process; each test that asks for it begins there, and is rolled back to there.

The cast of `tests.cast` is a line of steps: a unit, its evidence, its claims, up to the countersignature. Each step is
made in a transaction of its own inside of the one before. A test that asks for a step stands on it; what the test does
itself is a further transaction, that of pytest-django. A test that asks for none of them finds an empty database, and
one that commits (`transaction=True`) takes down what stands.

The tests of a file are put in the order of the steps, so that a step is made about once a file.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction

from standards.published import forget_published
from tests import cast
from tests.cast import STEPS, Cast


@dataclass(frozen=True)
class Standing:
    """A step that stands: what the fixtures gave when it was made, and the transaction that holds it."""

    cast: Cast
    transaction: transaction.Atomic


class Snapshots:
    """The steps that stand in this process, and what the fixtures give the test that runs: copies of its own."""

    def __init__(self) -> None:
        self.standing: list[Standing] = []
        self.given: Cast = {}

    def stand_on(self, wanted: int) -> None:
        """Take down what stands beyond so many steps, and make what is missing of them."""
        if self.standing and connection.connection is None:
            raise RuntimeError("A test closed the connection that the cast stands in: mark it transaction=True.")
        forget_published()  # by primary keys, which SQLite gives again once a row was rolled back
        while len(self.standing) > wanted:
            self._take_down()
        while len(self.standing) < wanted:
            made = copy.deepcopy(self.standing[-1].cast) if self.standing else {}
            step = transaction.atomic()
            step._from_testcase = True  # type: ignore[attr-defined]  # as TestCase's own: services may be durable
            step.__enter__()
            self.standing.append(Standing(made, step))
            try:
                made |= STEPS[len(self.standing) - 1].make(made)
            except BaseException:
                self._take_down()
                raise
            connection.check_constraints()  # what is deferred is looked at here, and not again after each test
            connection.run_on_commit.clear()
        self.given = copy.deepcopy(self.standing[-1].cast) if self.standing else {}

    def _take_down(self) -> None:
        transaction.set_rollback(True)
        self.standing.pop().transaction.__exit__(None, None, None)


SNAPSHOTS = Snapshots()


def commits(item: pytest.Item) -> bool:
    """Whether what a test writes is committed."""
    marker = item.get_closest_marker("django_db")
    fixtures = getattr(item, "fixturenames", ())
    return bool(marker and marker.kwargs.get("transaction")) or bool({"transactional_db", "live_server"} & {*fixtures})


def steps_wanted(item: pytest.Item) -> int:
    """How many steps a test asks for: none where it commits, wants to make them itself, or has one of that name."""
    fixtures = getattr(item, "fixturenames", ())
    if commits(item) or not fixtures or item.get_closest_marker("own_cast"):
        return 0
    found = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined]
    wanted = {*fixtures, *_named_in_parameters(item)}
    asked_for = [place for place, step in enumerate(STEPS, 1) if step.name in wanted]
    names = (STEPS[place - 1].name for place in asked_for)
    if any(one.func.__module__ != cast.__name__ for name in names for one in found.get(name, ())):
        return 0
    return max(asked_for, default=0)


def _named_in_parameters(item: pytest.Item) -> Iterator[str]:
    """The words among a test's parameters: many a test gets the unit in the state that a parameter names."""
    callspec = getattr(item, "callspec", None)
    for value in callspec.params.values() if callspec else ():
        yield from (one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, str))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of each file in the order of what they stand on, those that commit last."""
    files = {item.path: place for place, item in reversed([*enumerate(items)])}
    items.sort(key=lambda item: (files[item.path], commits(item), steps_wanted(item)))


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: Any, request: pytest.FixtureRequest) -> object | None:
    """Before a test's own transaction begins, let it stand on what it asks for, and give it its fixtures."""
    if fixturedef.argname == "_django_db_helper":
        with request.getfixturevalue("django_db_blocker").unblock():
            SNAPSHOTS.stand_on(steps_wanted(request.node))
    if fixturedef.argname not in SNAPSHOTS.given or fixturedef.func.__module__ != cast.__name__:
        return None
    given = SNAPSHOTS.given[fixturedef.argname]
    fixturedef.cached_result = (given, fixturedef.cache_key(request), None)
    return given
