"""Row and history, brought together. The row wins: other tools write it, and only it."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from shiplift.model.direction import Direction
from shiplift.model.entry import Entry, Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from shiplift.model.migration import Folder
    from shiplift.model.state import State


class Account(NamedTuple):
    """What is applied, ascending, and the history rows that are missing to say so."""

    applied: tuple[int, ...]
    entries: tuple[Entry, ...] = ()


def account(state: State, folder: Folder) -> Account:
    """Say what is applied by the version row, and what history lacks.

    Without a history every file up to the row's version counts as applied, as golang-migrate has it. With
    one that disagrees, another tool ran in between: versions between the two are taken as applied or as
    taken back, from the folder's list. A dirty row that history can explain is no disagreement.
    """
    if state.mark.dirty and state.unfinished:
        return Account(state.applied or ())
    return account_at(state, folder, state.mark.version)


def account_at(state: State, folder: Folder, version: int | None) -> Account:
    """The same, as if the row were at ``version``: what ``force`` is about to make true."""
    known = state.applied or ()
    if version == state.head and state.applied is not None:
        return Account(known)
    kept, added, gone = _difference(known, folder, version)
    applied = tuple(sorted((*kept, *added)))
    if not added and not gone:
        return Account(applied)
    titles = {migration.version: migration.title for migration in folder.migrations}
    entries = [_event(state, version)] if state.has_history else []
    entries += [_assumed(v, titles.get(v, ""), Direction.DOWN) for v in reversed(gone)]
    entries += [_assumed(v, titles.get(v, ""), Direction.UP) for v in added]
    return Account(applied, tuple(entries))


def _difference(
    known: tuple[int, ...], folder: Folder, version: int | None
) -> tuple[tuple[int, ...], list[int], list[int]]:
    if version is None:
        return (), [], list(known)
    kept = known[: bisect_right(known, version)]
    floor = kept[-1] if kept else -1
    added = [m.version for m in folder.migrations if floor < m.version <= version]
    if version != floor and (not added or added[-1] != version):
        added.append(version)
    return kept, added, list(known[len(kept) :])


def _event(state: State, version: int | None) -> Entry:
    note = f"history said {_said(state.head)}, the version row says {_said(version)}: the row won"
    return Entry(outcome=Outcome.RECONCILED, direction=Direction.UP, version=version, note=note)


def _said(version: int | None) -> str:
    return "nothing is applied" if version is None else f"version {version}"


def _assumed(version: int, title: str, direction: Direction) -> Entry:
    return Entry(
        outcome=Outcome.ASSUMED, direction=direction, version=version, title=title, note="found by the version row"
    )


def missing_from(applied: Iterable[int], folder: Folder) -> list[int]:
    """Return the applied versions that have no file in the folder, ascending."""
    have = {migration.version for migration in folder.migrations}
    return [version for version in applied if version not in have]
