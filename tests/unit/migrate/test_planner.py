"""The planner and the reconciliation, as tables of cases."""

from __future__ import annotations

import pytest

from shiplift.errors import DirtyError, MissingMigrationError, OutOfOrderError, RefusedError
from shiplift.migrate.goal import Down, Goal, Goto, Redo, TakeBack, Up
from shiplift.migrate.options import Missing, Options, OutOfOrder
from shiplift.migrate.planner import plan
from shiplift.migrate.reconcile import account
from shiplift.model.entry import Outcome
from shiplift.model.migration import Folder, Migration
from shiplift.model.state import Mark, State, Unfinished


def folder(*versions: int) -> Folder:
    return Folder(tuple(Migration(v, f"t{v}", f"{v}_t{v}.up.sql", f"{v}_t{v}.down.sql") for v in versions))


def at(*applied: int, row: int | None = None) -> State:
    head = applied[-1] if applied else None
    return State(Mark(head if row is None else row), applied, has_version_table=True, has_history=True)


def shown(files: Folder, state: State, goal: Goal, options: Options | None = None) -> list[tuple[object, ...]]:
    steps = plan(files, state, goal, options or Options()).steps
    return [(s.migration.version, str(s.direction), s.before, s.after) for s in steps]


@pytest.mark.parametrize(
    ("state", "goal", "expected"),
    [
        (at(), Up(), [(1, "up", None, 1), (2, "up", 1, 2), (3, "up", 2, 3)]),
        (at(1), Up(1), [(2, "up", 1, 2)]),
        (at(1, 2, 3), Up(), []),
        (at(1, 2, 3), Down(1), [(3, "down", 3, 2)]),
        (at(1, 2, 3), Down(None), [(3, "down", 3, 2), (2, "down", 2, 1), (1, "down", 1, None)]),
        (at(), Down(1), []),
        (at(1, 2, 3), Goto(1), [(3, "down", 3, 2), (2, "down", 2, 1)]),
        (at(1), Goto(2), [(2, "up", 1, 2)]),
        (at(1, 2), Goto(2), []),
        (at(1, 2), Redo(), [(2, "down", 2, 1), (2, "up", 1, 2)]),
        (at(1, 2, 3), TakeBack((2, 3)), [(3, "down", 3, 2), (2, "down", 2, 1)]),
    ],
)
def test_steps(state: State, goal: Goal, expected: list[tuple[object, ...]]) -> None:
    assert shown(folder(1, 2, 3), state, goal) == expected


def test_short_is_counted() -> None:
    assert plan(folder(1, 2), at(1), Up(5)).short == 4
    assert plan(folder(1, 2), at(1), Down(3)).short == 2


def test_an_older_file_is_refused_by_name_applied_or_passed_over() -> None:
    files, state = folder(1, 2, 3), at(1, 3)
    with pytest.raises(OutOfOrderError) as caught:
        plan(files, state, Up())
    assert caught.value.details == ("2_t2.up.sql",)
    assert shown(files, state, Up(), Options(out_of_order=OutOfOrder.APPLY)) == [(2, "up", 3, 3)]
    ignored = plan(files, state, Up(), Options(out_of_order=OutOfOrder.IGNORE))
    assert ignored.steps == ()
    assert [m.version for m in ignored.skipped] == [2]


def test_a_newer_database_is_told_and_reverted_from_history() -> None:
    files, state = folder(1, 2), at(1, 2, 7, 8)
    told = plan(files, state, Up())
    assert (told.steps, told.newer) == ((), (7, 8))
    steps = plan(files, state, TakeBack(told.newer, stored=True)).steps
    assert [(s.migration.version, s.after, s.stored) for s in steps] == [(8, 7, True), (7, 2, True)]


def test_only_the_newest_can_be_taken_back() -> None:
    with pytest.raises(RefusedError, match="not the newest"):
        plan(folder(1, 2, 3), at(1, 2, 3), TakeBack((2,)))


def test_a_missing_file_is_refused_or_counts_as_empty() -> None:
    files = Folder((Migration(1, "a", "1_a.up.sql"),))
    with pytest.raises(MissingMigrationError) as caught:
        plan(files, at(1), Down())
    assert caught.value.hint.startswith("add 1_a.down.sql")
    assert shown(files, at(1), Down(), Options(missing=Missing.EMPTY)) == [(1, "down", 1, None)]


def test_a_goal_that_is_not_there_names_the_nearest() -> None:
    with pytest.raises(MissingMigrationError) as caught:
        plan(folder(1, 2, 30), at(1), Goto(29))
    assert caught.value.hint == "nearest: 30_t30"


def test_a_dirty_row_of_another_tool_is_explained() -> None:
    with pytest.raises(DirtyError) as caught:
        plan(folder(1, 2), State(Mark(2, dirty=True), None, has_version_table=True), Up())
    assert "version 2 (2_t2)" in caught.value.message
    assert "shiplift force 2" in caught.value.hint
    assert "shiplift force 1" in caught.value.hint


def test_a_dirty_row_of_our_own_is_resumed() -> None:
    half = Unfinished(2, "t2", "up", "", 3, ("aa",), "run")
    state = at(1)._replace(mark=Mark(2, dirty=True), unfinished=half)
    assert shown(folder(1, 2, 3), state, Up()) == [(2, "up", 2, 2), (3, "up", 2, 3)]
    assert shown(folder(1, 2, 3), state, Up(1)) == [(2, "up", 2, 2)]
    with pytest.raises(DirtyError):
        plan(folder(1, 2, 3), state, Down())


@pytest.mark.parametrize(
    ("state", "applied", "entries"),
    [
        (State(Mark(None)), (), []),
        (State(Mark(2)), (1, 2), [("assumed", "up", 1), ("assumed", "up", 2)]),
        (at(1, 2), (1, 2), []),
        (at(1, row=3), (1, 2, 3), [("reconciled", "up", 3), ("assumed", "up", 2), ("assumed", "up", 3)]),
        (at(1, 2, 3, row=1), (1,), [("reconciled", "up", 1), ("assumed", "down", 3), ("assumed", "down", 2)]),
        (at(1, 3, row=9), (1, 3, 9), [("reconciled", "up", 9), ("assumed", "up", 9)]),
    ],
)
def test_the_row_wins(state: State, applied: tuple[int, ...], entries: list[tuple[str, str, int]]) -> None:
    told = account(state, folder(1, 2, 3))
    assert told.applied == applied
    assert [(str(e.outcome), str(e.direction), e.version) for e in told.entries] == entries
    assert all(e.outcome is not Outcome.APPLIED for e in told.entries)
