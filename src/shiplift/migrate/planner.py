"""The planner: a folder, a state and a goal in; a plan out. Pure; a plan is a value."""

from __future__ import annotations

from bisect import bisect_right

from shiplift.errors import DirtyError, MissingMigrationError, OutOfOrderError, RefusedError, UsageError
from shiplift.migrate.goal import Down, Goto, Redo, TakeBack, Up
from shiplift.migrate.options import Missing, Options, OutOfOrder
from shiplift.migrate.reconcile import account
from shiplift.model.direction import Direction
from shiplift.model.migration import Migration
from shiplift.model.plan import Plan, Step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from shiplift.migrate.goal import Goal
    from shiplift.model.migration import Folder
    from shiplift.model.state import State


def plan(folder: Folder, state: State, goal: Goal, options: Options = Options()) -> Plan:  # noqa: B008 - a frozen value
    """Plan the way from a state to a goal.

    Raises:
        DirtyError: a migration began and was not seen to end, and history can't say how to go on.
        OutOfOrderError: an older file was never applied.
        MissingMigrationError: a version that the goal needs has no file.
    """
    return _Planner(folder, state, options).plan(goal)


class _Planner:
    def __init__(self, folder: Folder, state: State, options: Options) -> None:
        self.folder = folder
        self.state = state
        self.options = options
        self.files = folder.by_version()
        self.applied = account(state, folder).applied

    def plan(self, goal: Goal) -> Plan:
        if self.state.mark.dirty:
            return self._resume(goal)
        if isinstance(goal, Up):
            return self._up(goal.limit)
        if isinstance(goal, Down):
            return self._down(goal.limit)
        if isinstance(goal, Goto):
            return self._goto(goal.version)
        if isinstance(goal, Redo):
            return self._redo()
        return self._take_back(goal)

    def _up(self, limit: int | None) -> Plan:
        pending, skipped = self._pending()
        chosen = pending if limit is None else pending[:limit]
        short = 0 if limit is None else limit - len(chosen)
        return self._result(self._ups(chosen, self.applied), skipped=skipped, short=short)

    def _pending(self) -> tuple[list[Migration], tuple[Migration, ...]]:
        head = self.applied[-1] if self.applied else -1
        have = set(self.applied)
        start = bisect_right(self.folder.migrations, head, key=lambda m: m.version)
        fresh = list(self.folder.migrations[start:])
        older = [m for m in self.folder.migrations[:start] if m.version not in have]
        if not older or self.options.out_of_order == OutOfOrder.IGNORE:
            return fresh, tuple(older)
        if self.options.out_of_order == OutOfOrder.APPLY:
            return older + fresh, ()
        raise _out_of_order(older, head)

    def _down(self, limit: int | None) -> Plan:
        count = len(self.applied) if limit is None else min(limit, len(self.applied))
        chosen = self.applied[len(self.applied) - count :]
        short = 0 if limit is None else limit - count
        return self._result(self._downs(chosen), short=short)

    def _goto(self, version: int) -> Plan:
        if version not in self.files and version not in self.applied:
            raise _no_version(version, self.folder)
        if version in self.applied:
            return self._result(self._downs(self.applied[bisect_right(self.applied, version) :]))
        pending, skipped = self._pending()
        chosen = [migration for migration in pending if migration.version <= version]
        return self._result(self._ups(chosen, self.applied), skipped=skipped)

    def _redo(self) -> Plan:
        if not self.applied:
            return self._result((), short=1)
        version = self.applied[-1]
        if version not in self.files:
            raise _no_version(version, self.folder)
        downs = self._downs((version,))
        return self._result(downs + self._ups([self.files[version]], self.applied[:-1]))

    def _take_back(self, goal: TakeBack) -> Plan:
        top = self.applied[len(self.applied) - len(goal.versions) :]
        if tuple(sorted(goal.versions)) != top:
            above = [v for v in self.applied if v > min(goal.versions) and v not in goal.versions]
            raise RefusedError(
                "what is to be taken back is not the newest that is applied",
                details=(f"applied after it, by another release: {_listed(above)}",) if above else (),
                hint="shiplift history",
            )
        return self._result(self._downs(top, stored=goal.stored))

    def _ups(self, chosen: Sequence[Migration], applied: Sequence[int]) -> tuple[Step, ...]:
        head = applied[-1] if applied else None
        steps = []
        for migration in chosen:
            if migration.up is None and self.options.missing == Missing.REFUSE:
                raise _no_file(migration, Direction.UP)
            after = migration.version if head is None else max(head, migration.version)
            steps.append(Step(migration, Direction.UP, head, after))
            head = after
        return tuple(steps)

    def _downs(self, chosen: Sequence[int], *, stored: bool = False) -> tuple[Step, ...]:
        rest = self.applied[: len(self.applied) - len(chosen)]
        below = (None, *rest[-1:], *chosen)[-len(chosen) - 1 : -1] if chosen else ()
        steps = [
            self._down_step(version, after, stored=stored)
            for version, after in zip(reversed(chosen), reversed(below), strict=True)
        ]
        return tuple(steps)

    def _down_step(self, version: int, after: int | None, *, stored: bool) -> Step:
        migration = self.files.get(version)
        if migration is None or (stored and migration.file(Direction.DOWN) is None):
            return Step(migration or Migration(version, ""), Direction.DOWN, version, after, stored=True)
        if migration.file(Direction.DOWN) is None and self.options.missing == Missing.REFUSE:
            raise _no_file(migration, Direction.DOWN)
        return Step(migration, Direction.DOWN, version, after)

    def _resume(self, goal: Goal) -> Plan:
        unfinished = self.state.unfinished
        at = self.state.mark.version
        migration = self.files.get(unfinished.version) if unfinished else None
        if unfinished is None or migration is None or isinstance(goal, (Redo, TakeBack)):
            raise dirty(self.state, self.folder)
        direction = Direction(unfinished.direction)
        if direction is not self._way(goal):
            raise dirty(self.state, self.folder)
        rest = self._after_resume(goal, migration, direction)
        return self._result((Step(migration, direction, at, at), *rest))

    def _way(self, goal: Goal) -> Direction | None:
        if isinstance(goal, Goto):
            at = self.state.unfinished.version if self.state.unfinished else -1
            return Direction.UP if goal.version >= at else Direction.DOWN
        return Direction.DOWN if isinstance(goal, Down) else Direction.UP

    def _after_resume(self, goal: Goal, migration: Migration, direction: Direction) -> tuple[Step, ...]:
        """Plan what follows as if the unfinished migration had ended."""
        at = self.state.mark.version
        if direction is Direction.UP:
            applied = tuple(sorted({*self.applied, migration.version}))
        else:
            applied = tuple(v for v in self.applied if v != migration.version)
        then = self.state._replace(mark=self.state.mark._replace(version=at, dirty=False), applied=applied)
        if isinstance(goal, (Up, Down)) and goal.limit is not None:
            goal = goal._replace(limit=max(goal.limit - 1, 0))
        return _Planner(self.folder, then._replace(has_history=True), self.options).plan(goal).steps

    def _result(self, steps: tuple[Step, ...], *, skipped: tuple[Migration, ...] = (), short: int = 0) -> Plan:
        top = self.folder.migrations[-1].version if self.folder.migrations else -1
        newer = self.applied[bisect_right(self.applied, top) :]
        return Plan(steps, self.state.mark.version, newer, skipped, short)


def dirty(state: State, folder: Folder) -> DirtyError:
    """Explain a dirty version row: what it means, which file, how to go on."""
    version = state.mark.version
    files = folder.by_version()
    names = [m.label for v, m in files.items() if v == version]
    file = f" ({names[0]})" if names else ""
    earlier = [v for v in files if version is not None and v < version]
    before = str(earlier[-1]) if earlier else "none"
    shown = "none" if version is None else str(version)
    if state.unfinished:
        cause = f"{state.unfinished.direction} of {state.unfinished.version} began and was not seen to end"
    else:
        cause = "another tool (golang-migrate leaves this) began a migration and it failed or was killed"
    return DirtyError(
        f"the database is dirty at version {shown}{file}",
        details=(cause,),
        state="nothing was changed by this run",
        hint=f"look at the schema, then: shiplift force {shown} (it is there) or shiplift force {before} (it isn't)",
    )


def _out_of_order(older: Sequence[Migration], head: int) -> OutOfOrderError:
    one = len(older) == 1
    return OutOfOrderError(
        f"{len(older)} migration{'' if one else 's'} older than the database's version {head}, never applied",
        details=tuple(m.up or m.label for m in older[:20]) + ((f"... {len(older) - 20} more",) if older[20:] else ()),
        state="nothing was changed",
        hint=f"rename {'it' if one else 'them'} to come after {head}, or set out-of-order to apply or ignore",
    )


def _no_version(version: int, folder: Folder) -> MissingMigrationError:
    near = sorted(folder.migrations, key=lambda m: abs(m.version - version))[:1]
    hint = f"nearest: {near[0].label}" if near else "the folder has no migrations"
    message = f"there is no migration with version {version}"
    return MissingMigrationError(message, state="nothing was changed", hint=hint)


def _no_file(migration: Migration, direction: Direction) -> MissingMigrationError:
    other = migration.up or migration.down or migration.label
    wanted = other.replace(".up.", ".down.") if direction is Direction.DOWN else other.replace(".down.", ".up.")
    return MissingMigrationError(
        f"version {migration.version} has no {direction} file",
        details=(f"only {other} is there",),
        state="nothing was changed",
        hint=f"add {wanted} (an empty file says that there is nothing to do)",
    )


def check_goal(goal: Goal) -> None:
    """Refuse numbers that mean nothing.

    Raises:
        UsageError: a negative limit or version.
    """
    number = goal.limit if isinstance(goal, (Up, Down)) else goal.version if isinstance(goal, Goto) else None
    if number is not None and number < 0:
        raise UsageError(f"{number} is negative", hint="give a number from 0")


def _listed(versions: Sequence[int]) -> str:
    return ", ".join(str(version) for version in versions)
