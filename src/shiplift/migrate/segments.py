"""Segments: the parts of a script that commit together.

Most scripts are one segment, and then the script and its record commit together. A script is cut where it has
to be: around a statement that can't run inside a transaction, after a ``COMMIT`` that is followed by more, and,
on engines whose DDL commits by itself, around each such statement.
"""

from __future__ import annotations

from typing import NamedTuple

from shiplift.errors import ScriptError
from shiplift.model.statement import CopyRows, Statement
from shiplift.model.where import Where
from shiplift.sql.content import statement_hash
from shiplift.sql.hazards import implicit_commit, outside_transaction, transaction_control

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from shiplift.model.statement import Piece
    from shiplift.sql.dialects import Dialect
    from shiplift.sql.hazards import Control

_SESSION = (b"set", b"use", b"reset", b"prepare", b"deallocate", b"pragma", b"attach", b"detach")


class Segment(NamedTuple):
    """``pieces`` counts the pieces of the script that belong to it, transaction control included.

    ``hash`` tells one segment from another for as long as its statements are the same. ``session`` says that
    it only sets session state, so that a resumed run must do it again.
    """

    pieces: int
    statements: int
    transaction: bool
    hash: str
    begin: str = ""
    session: bool = False


class Manner(NamedTuple):
    """How a script is to be cut: its dialect, its ``transaction`` directive, what the engine can."""

    dialect: Dialect
    transaction: bool | None
    transactional_ddl: bool
    file: str


def cut(pieces: Iterable[Piece], manner: Manner) -> list[Segment]:
    """Cut a script into segments, reading each piece once.

    Raises:
        ScriptError: transaction control that the run can't contain (``ROLLBACK``, ``BEGIN`` without
            ``COMMIT``, ``PREPARE TRANSACTION``), or a statement that can't be in the transaction it is in.
    """
    cutter = _Cutter(manner)
    for piece in pieces:
        if isinstance(piece, CopyRows):
            cutter.rows()
        else:
            cutter.statement(piece)
    return cutter.end()


class _Cutter:
    def __init__(self, manner: Manner) -> None:
        self.manner = manner
        self.segments: list[Segment] = []
        self.hashes: list[str] = []
        self.pieces = 0
        self.begin = ""
        self.session = True
        self.block: Statement | None = None

    def rows(self) -> None:
        if self.pieces:
            self.pieces += 1
        else:
            last = self.segments[-1]
            self.segments[-1] = last._replace(pieces=last.pieces + 1)

    def statement(self, statement: Statement) -> None:
        text = statement.text
        control = transaction_control(text, self.manner.dialect)
        if control is not None:
            self._control(statement, control)
            return
        alone = self._alone(statement)
        if not alone:
            self._add(text)
            return
        if self.block is not None:
            raise self._refused(statement, f"{alone} can't run between BEGIN and COMMIT", "move it out of the block")
        self._close()
        self._add(text)
        self._close(transaction=False)

    def _alone(self, statement: Statement) -> str:
        manner = self.manner
        reason = outside_transaction(statement.text, manner.dialect)
        if reason and manner.transaction is True:
            raise self._refused(statement, f"{reason} can't run inside a transaction", "remove transaction=on")
        if not reason and not manner.transactional_ddl:
            reason = implicit_commit(statement.text, manner.dialect)
        if not reason and manner.transaction is False and self.block is None:
            reason = "transaction=off"
        return reason

    def _add(self, text: bytes) -> None:
        self.pieces += 1
        self.hashes.append(statement_hash(text))
        self.session = self.session and text[:12].lower().startswith(_SESSION)

    def _close(self, *, transaction: bool = True) -> None:
        if not self.pieces:
            return
        whole = self.hashes[0] if len(self.hashes) == 1 else statement_hash(",".join(self.hashes).encode())
        session = self.session and bool(self.hashes)
        self.segments.append(Segment(self.pieces, len(self.hashes), transaction, whole, self.begin, session))
        self.pieces, self.begin, self.session, self.hashes = 0, "", True, []

    def _control(self, statement: Statement, control: Control) -> None:
        if control.kind in {"savepoint", "release", "rollback-to"}:
            self._add(statement.text)
        elif control.kind == "begin":
            self._begin(statement)
        elif control.kind == "set" and not self.pieces:
            self.begin = "BEGIN" + statement.text.decode("utf-8", "replace")[len("SET TRANSACTION") :]
            self.pieces += 1
        elif control.kind == "commit" and not control.chain and self.block is not None:
            self.pieces += 1
            self.block = None
            self._close()
        else:
            raise self._refused(statement, *_why(control))

    def _begin(self, statement: Statement) -> None:
        if self.block is not None:
            raise self._refused(statement, "BEGIN inside BEGIN", "remove one of them")
        if not self.manner.transactional_ddl:
            self._close()
        if not self.hashes:
            self.begin = statement.text.decode("utf-8", "replace")
        self.block = statement
        self.pieces += 1

    def end(self) -> list[Segment]:
        if self.block is not None:
            raise self._refused(self.block, "BEGIN without COMMIT", "end the file with COMMIT, or remove BEGIN")
        self._close()
        return [segment for segment in self._merged() if segment.pieces]

    def _merged(self) -> Iterator[Segment]:
        """Give pieces of segments without statements (an empty BEGIN; COMMIT) to the one before."""
        pending: Segment | None = None
        for segment in self.segments:
            if pending is not None and not segment.statements:
                pending = pending._replace(pieces=pending.pieces + segment.pieces)
                continue
            if pending is not None:
                yield pending
            pending = segment
        if pending is not None:
            yield pending

    def _refused(self, statement: Statement, message: str, hint: str) -> ScriptError:
        line = statement.text.splitlines()[0].decode("utf-8", "replace")
        where = Where(self.manner.file, statement.line, statement.column, line)
        return ScriptError(message, where=where, state="nothing was changed", hint=hint)


def _why(control: Control) -> tuple[str, str]:
    word = control.text.split(None, 1)[0].decode("utf-8", "replace").upper().rstrip(";")
    if control.kind == "commit":
        return f"{word} without BEGIN", "remove it: the script and its record commit together at its end"
    if control.kind == "rollback":
        return f"{word} in a migration would undo it", "remove it; use SAVEPOINT and ROLLBACK TO inside a script"
    if control.kind == "set":
        return "SET TRANSACTION after other statements has no effect", "put it first in the file"
    return f"{word} would leave the transaction that holds the record", "remove it"
