"""The migrator: the engine as a library."""

from __future__ import annotations

from shiplift.errors import DirtyError, InterruptedRunError, LockTimeoutError, RefusedError
from shiplift.events import Planned, Reconciled, Waiting, ignore
from shiplift.migrate.goal import Down, Goto, Redo, TakeBack, Up
from shiplift.migrate.options import Options
from shiplift.migrate.planner import check_goal, plan
from shiplift.migrate.reconcile import account, account_at
from shiplift.model.direction import Direction
from shiplift.model.entry import Entry, Outcome, Provenance
from shiplift.model.migration import Migration
from shiplift.model.plan import Plan
from shiplift.model.result import Ran, Result
from shiplift.model.state import Mark
from shiplift.model.status import Line, Standing, Status
from shiplift.ports.database import Unit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from shiplift.events import Observer
    from shiplift.migrate.goal import Goal
    from shiplift.migrate.validator import Script
    from shiplift.model.migration import Folder
    from shiplift.model.state import State
    from shiplift.ports.database import Database, Stop
    from shiplift.ports.format import Format
    from shiplift.ports.source import Source


def never() -> bool:
    """Never ask to stop."""
    return False


class Migrator:
    """Moves one database along one folder. Use it in a ``with`` statement; it closes what it was given."""

    def __init__(  # noqa: PLR0913 - the ports, and three ways to tune
        self,
        database: Database,
        source: Source,
        naming: Format,
        *,
        observe: Observer = ignore,
        stop: Stop = never,
        options: Options = Options(),  # noqa: B008 - a frozen value
        provenance: Provenance = Provenance(),  # noqa: B008
    ) -> None:
        self.database, self.source, self.naming = database, source, naming
        self.observe, self.stop, self.options, self.provenance = observe, stop, options, provenance
        self.ran: list[Ran] = []

    def __enter__(self) -> Migrator:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close database and source."""
        self.database.close()
        self.source.close()

    def folder(self) -> Folder:
        """List the source's migrations."""
        return self.naming.folder(self.source.list(), self.source.display)

    def plan(self, goal: Goal = Up()) -> Plan:  # noqa: B008
        """Plan without a lock and without a write."""
        check_goal(goal)
        return plan(self.folder(), self.database.state(), goal, self.options)

    def up(self, limit: int | None = None) -> Result:
        """Apply what is pending, or the first ``limit`` of it."""
        return self.reach(Up(limit))

    def down(self, limit: int | None = 1) -> Result:
        """Take back the newest ``limit``; ``None`` is all of them."""
        return self.reach(Down(limit))

    def goto(self, version: int) -> Result:
        """Go up or down to a version."""
        return self.reach(Goto(version))

    def redo(self) -> Result:
        """Take back the newest and apply it again."""
        return self.reach(Redo())

    def take_back(self, versions: Sequence[int], *, stored: bool = False) -> Result:
        """Take back exactly these versions, which must be the newest."""
        return self.reach(TakeBack(tuple(versions), stored))

    def reach(self, goal: Goal) -> Result:
        """Carry out a goal: plan, read every script, lock, plan again if something moved, run.

        ``ran`` of this object holds what ran even when an error ends it.

        Raises:
            RefusedError, TryAgainError: nothing was changed.
            MigrationError: a script failed.
        """
        check_goal(goal)
        self.ran = []
        folder, state = self.folder(), self.database.state()
        try:
            made = plan(folder, state, goal, self.options)
        except DirtyError:
            made = None
        if made is not None and not made.steps:
            return Result(made)
        scripts = self._scripts(made) if made else []
        under = self._locked()
        try:
            if under != state or made is None:
                made = plan(folder, under, goal, self.options)
                scripts = self._scripts(made)
            return self._run(made, scripts, under, folder)
        finally:
            self.database.unlock()

    def _scripts(self, made: Plan) -> list[Script]:
        from shiplift.migrate.validator import Validator  # noqa: PLC0415 - a run without work reads no script

        self._validator = Validator(self.source, self.database, self.options)
        scripts = self._validator.scripts(made)
        self.observe(Planned(made))
        return scripts

    def _run(self, made: Plan, scripts: Sequence[Script], state: State, folder: Folder) -> Result:
        if not scripts:
            return Result(made)
        from shiplift.migrate.runner import Runner  # noqa: PLC0415

        first = tuple(e._replace(provenance=self.provenance) for e in account(state, folder).entries)
        if first and state.has_history:
            self.observe(Reconciled(state.head, state.mark.version))
        runner = Runner(self.database, self._validator, self.options, self.provenance, self.observe)
        half = state.unfinished if state.mark.dirty else None
        for number, script in enumerate(scripts, 1):
            if self.stop():
                raise InterruptedRunError("stopped", state=f"the database is at {Mark(script.step.before)}")
            self.ran.append(runner.run(script, number, len(scripts), first, half))
            first, half = (), None
        return Result(made, tuple(self.ran))

    def _locked(self) -> State:
        from random import uniform  # noqa: PLC0415 - a run without work waits for nothing
        from time import monotonic, sleep  # noqa: PLC0415

        begun = monotonic()
        while True:
            state = self.database.lock()
            if state is not None:
                return state
            waited = monotonic() - begun
            if self.stop():
                raise InterruptedRunError("stopped while waiting for the run lock", state="nothing was changed")
            holder = self.database.holder()
            if waited > self.options.lock_wait:
                raise LockTimeoutError(
                    f"the run lock wasn't had in {self.options.lock_wait:.0f} s", details=(f"held by {holder}",)
                )
            self.observe(Waiting(holder, waited, self.options.lock_wait))
            sleep(uniform(0.05, 0.25))  # noqa: S311 - jitter

    def force(self, version: int | None) -> Mark:
        """Set the version row and make history agree; nothing is run."""
        folder = self.folder()
        state = self._locked()
        try:
            note = f"the row was {state.mark}"
            event = Entry(Outcome.FORCED, Direction.UP, version, note=note, provenance=self.provenance)
            rest = account_at(state, folder, version).entries
            entries = tuple(e._replace(provenance=self.provenance) for e in rest if e.outcome == Outcome.ASSUMED)
            self.database.run(Unit(expect=state.mark, mark=Mark(version), entries=(event, *entries)))
        finally:
            self.database.unlock()
        return Mark(version)

    def version(self) -> Mark:
        """Read the version row."""
        return self.database.state().mark

    def history(self, limit: int | None = None) -> Sequence[Entry]:
        """Read history, oldest first."""
        return self.database.history(limit=limit)

    def drop(self) -> Sequence[str]:
        """Drop everything in the schema."""
        self._locked()
        try:
            return self.database.drop()
        finally:
            self.database.unlock()

    def rollback(self, release: str | None = None) -> Result:
        """Take back what one release applied (the newest release, if none is named).

        Raises:
            RefusedError: history has nothing of it, or something newer is in the way.
        """
        applied = set(account(self.database.state(), self.folder()).applied)
        rows = [e for e in self.history() if e.outcome == Outcome.APPLIED and e.version in applied]
        last = {row.version: row for row in rows if row.direction is Direction.UP}
        if release is None and last:
            newest = max(last.values(), key=lambda row: row.id or 0).provenance
            chosen = [v for v, row in last.items() if _same(row.provenance, newest)]
        else:
            chosen = [v for v, row in last.items() if row.provenance.release == release]
        versions = tuple(sorted(v for v in chosen if v is not None))
        if not versions:
            raise RefusedError(f"history has nothing applied by release {release}", hint="shiplift history")
        return self.take_back(versions, stored=True)

    def status(self) -> Status:
        """Put folder and database side by side."""
        folder, state = self.folder(), self.database.state()
        applied = set(account(state, folder).applied)
        files = folder.by_version()
        top = max(files, default=-1)
        head = max(applied, default=-1)
        rows = {e.version: e for e in self.history() if e.outcome in {Outcome.APPLIED, Outcome.ASSUMED}}
        lines = []
        for version in sorted({*files, *applied}):
            if state.mark.dirty and version == state.mark.version:
                standing = Standing.DIRTY
            elif version in applied:
                gone = Standing.NEWER if version > top else Standing.MISSING
                standing = Standing.APPLIED if version in files else gone
            else:
                standing = Standing.PENDING if version > head else Standing.SKIPPED
            row = rows.get(version)
            named = files.get(version) or _unnamed(version, row)
            lines.append(Line(named, standing, row))
        return Status(state, tuple(lines))


def _same(one: Provenance, other: Provenance) -> bool:
    return one.release == other.release if other.release else one.run == other.run


def _unnamed(version: int, row: Entry | None) -> Migration:
    return Migration(version, row.title if row else "")
