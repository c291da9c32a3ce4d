"""The runner: one script and its record, so that they stand or fall together wherever the engine can."""

from __future__ import annotations

from collections import deque
from itertools import islice
from time import monotonic, time

from shiplift.errors import (
    ChangedMigrationError,
    InterruptedRunError,
    LostConnectionError,
    MigrationError,
    ShipliftError,
    StatementError,
)
from shiplift.events import Failed, Finished, Started, Warned
from shiplift.model.entry import Entry, Outcome
from shiplift.model.result import Ran
from shiplift.model.state import Mark
from shiplift.model.statement import Statement
from shiplift.model.where import Where
from shiplift.ports.database import Progress, Unit
from shiplift.sql.dialects import by_name
from shiplift.sql.hazards import transaction_control
from shiplift.sql.locate import place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shiplift.events import Observer
    from shiplift.migrate.options import Options
    from shiplift.migrate.segments import Segment
    from shiplift.migrate.validator import Script, Validator
    from shiplift.model.entry import Provenance
    from shiplift.model.state import Unfinished
    from shiplift.model.statement import Piece
    from shiplift.ports.database import Database

_ERROR_CAP = 2000
_WINDOW = 1024 * 1024


class Runner:
    """Runs scripts, one after another, under a lock that somebody else holds."""

    def __init__(
        self,
        database: Database,
        validator: Validator,
        options: Options,
        provenance: Provenance,
        observe: Observer,
    ) -> None:
        self.database, self.validator, self.options = database, validator, options
        self.provenance, self.observe = provenance, observe
        self._last: deque[Statement] = deque()
        self._held = self._gone = 0

    def run(self, script: Script, number: int, total: int, first: tuple[Entry, ...], half: Unfinished | None) -> Ran:
        """Run one script. ``first`` are history rows that go before its own; ``half`` is what a dead run left.

        Raises:
            MigrationError: a statement failed; the error has its place and the state that was left.
            ChangedMigrationError: what a dead run had done is not what the file says now.
        """
        self.observe(Started(script.step, number, total))
        begun = monotonic()
        try:
            if len(script.segments) > 1 or (script.segments and not script.segments[0].transaction) or half:
                ran = self._in_parts(script, first, half)
            else:
                ran = self._whole(script, first)
        except StatementError as error:
            failed = self._failed(script, error)
            self.observe(Failed(script.step, failed))
            raise failed from error
        except LostConnectionError as error:
            error.state = self._found(script)
            raise
        done = Ran(script.step, monotonic() - begun, ran)
        self.observe(Finished(script.step, done.seconds, ran))
        return done

    def _whole(self, script: Script, first: tuple[Entry, ...]) -> int:
        segment = script.segments[0] if script.segments else None
        unit = self._unit(script)._replace(
            work=script.code or self._statements(self.validator.pieces(script)),
            expect=Mark(script.step.before),
            mark=Mark(script.step.after),
            entries=(*first, self._entry(script, Outcome.APPLIED)),
            begin=segment.begin if segment else "",
        )
        return self.database.run(unit)

    def _in_parts(self, script: Script, first: tuple[Entry, ...], half: Unfinished | None) -> int:
        """Run a script that can't share one transaction with its record, part by part."""
        step = script.step
        dirty = Mark(step.after, dirty=True)
        run = half.run if half else self.provenance.run
        done = list(half.done) if half else []
        hashes = [segment.hash for segment in script.segments]
        if hashes[: len(done)] != done:
            raise _changed(script, len(done))
        if half is None:
            entries = (*first, self._entry(script, Outcome.STARTED))
            self.database.run(Unit(expect=Mark(step.before), mark=dirty, entries=entries))
        pieces = self.validator.pieces(script)
        ran = 0
        try:
            for index, segment in enumerate(script.segments):
                work = self._statements(islice(pieces, segment.pieces))
                if index < len(done) and not segment.session:
                    for _ in work:
                        pass
                    continue
                ran += self.database.run(self._part(script, segment, list(work), index < len(done), run))
        except StatementError as error:
            raise self._left_half(script, error, index, run) from error
        self.database.run(Unit(expect=dirty, mark=Mark(step.after), entries=(self._entry(script, Outcome.APPLIED),)))
        return ran

    def _part(self, script: Script, segment: Segment, work: list[Piece], again: bool, run: str) -> Unit:
        version, direction = script.step.migration.version, str(script.step.direction)
        progress = None if again else Progress(run, version, direction, segment.hash)
        return self._unit(script)._replace(
            work=work,
            transaction=segment.transaction,
            expect=Mark(script.step.after, dirty=True),
            progress=progress,
            begin=segment.begin,
            reset=False,
        )

    def _unit(self, script: Script) -> Unit:
        own, default = script.directives, self.options
        lock = own.lock_timeout if own.lock_timeout is not None else default.lock_timeout
        statement = own.statement_timeout if own.statement_timeout is not None else default.statement_timeout
        return Unit(lock_timeout=lock, statement_timeout=statement)

    def _statements(self, pieces: Iterator[Piece]) -> Iterator[Piece]:
        """Pass on what is sent: the run's own transaction stands in for BEGIN and COMMIT. Keeps the places."""
        dialect = by_name(self.database.dialect)
        self._last.clear()
        self._held = self._gone = 0
        for piece in pieces:
            if isinstance(piece, Statement):
                control = transaction_control(piece.text, dialect)
                if control and control.kind in {"begin", "commit", "set"}:
                    continue
                self._remember(piece)
            yield piece

    def _remember(self, piece: Statement) -> None:
        """Keep the places of what was sent lately, for an error that comes back."""
        self._last.append(piece)
        self._held += len(piece.text)
        while self._held > _WINDOW and len(self._last) > 1:
            self._held -= len(self._last.popleft().text)
            self._gone += 1

    def _entry(self, script: Script, outcome: Outcome, error: str = "") -> Entry:
        step = script.step
        return Entry(
            outcome=outcome,
            direction=step.direction,
            version=step.migration.version,
            title=step.migration.title,
            content_hash=script.content_hash,
            up_sql=script.up_sql,
            down_sql=script.down_sql,
            statements=script.statements,
            started_at=time(),
            error=error[:_ERROR_CAP],
            provenance=self.provenance,
        )

    def _failed(self, script: Script, error: StatementError) -> MigrationError:
        if error.state:
            state = error.state
        else:
            state = f"{script.file} was rolled back whole; the database is at {Mark(script.step.before)}"
            self._record(Unit(entries=(self._entry(script, Outcome.FAILED, error.message),)))
        return MigrationError(
            error.message,
            version=script.step.migration.version,
            sqlstate=error.sqlstate,
            where=self._where(script, error),
            details=error.details,
            state=state,
            hint=error.hint or "correct the file and run again",
        )

    def _left_half(self, script: Script, error: StatementError, done: int, run: str) -> StatementError:
        step, total = script.step, len(script.segments)
        entry = self._entry(script, Outcome.FAILED, error.message)
        if done == 0:
            error.state = f"nothing of {script.file} stands; the database is at {Mark(step.before)}"
            self._record(Unit(mark=Mark(step.before), entries=(entry, self._settled(script))))
        else:
            error.state = f"{done} of {total} parts of {script.file} stand, the database is dirty at {step.after}"
            error.hint = "correct what failed and run again: it goes on after the parts that stand"
            self._record(Unit(entries=(entry,)))
        del run
        return error

    def _settled(self, script: Script) -> Entry:
        note = "failed at its first statement: nothing of it stands"
        return Entry(Outcome.FORCED, script.step.direction, script.step.before, note=note, provenance=self.provenance)

    def _record(self, unit: Unit) -> None:
        try:
            self.database.run(unit)
        except (ShipliftError, InterruptedRunError) as error:
            self.observe(Warned(f"the failure couldn't be written to history: {error.message}"))

    def _where(self, script: Script, error: StatementError) -> Where:
        index = None if error.statement is None else error.statement - self._gone
        if index is None or not 0 <= index < len(self._last):
            return Where(script.file)
        line, column = place(self._last[index], error.position)
        text = ""
        if script.body is not None:
            text = script.body.split(b"\n")[line - 1].decode("utf-8", "replace").rstrip("\r")
        return Where(script.file, line, column, text)

    def _found(self, script: Script) -> str:
        try:
            mark = self.database.state().mark
        except ShipliftError:
            return "it isn't known whether the last commit arrived: run `shiplift status` when the database answers"
        if mark == Mark(script.step.after):
            return f"{script.file} had been committed; the database is at {mark}"
        return f"the database is at {mark}"


def _changed(script: Script, done: int) -> ChangedMigrationError:
    return ChangedMigrationError(
        f"the first {done} parts of {script.file} have run and are not what the file says now",
        state="nothing was changed by this run",
        hint="put them back as they were (what comes after them may be edited)",
    )
