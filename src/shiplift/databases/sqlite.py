"""SQLite, through the standard library's module.

The version table is golang-migrate's (database/sqlite3). One unit is one ``BEGIN IMMEDIATE`` transaction. The run
lock is ``flock`` on a file beside the database, which the kernel gives back when its holder dies.
"""

from __future__ import annotations

import os
import sqlite3

from shiplift.errors import (
    AccessError,
    BadUrlError,
    ForeignTableError,
    InterruptedRunError,
    LockTimeoutError,
    MovedError,
    ReadOnlyError,
    ShipliftError,
    StatementError,
)
from shiplift.model.capabilities import Capabilities
from shiplift.model.direction import Direction
from shiplift.model.entry import Entry, Outcome, Provenance
from shiplift.model.holder import Holder
from shiplift.model.state import Mark, State, Unfinished
from shiplift.model.statement import CopyRows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from shiplift.model.url import Url
    from shiplift.ports.database import Link, Unit
    from shiplift.ports.session import Value

_MAIN = (
    "CREATE TABLE IF NOT EXISTS schema_migrations (version uint64,dirty bool)",
    "CREATE UNIQUE INDEX IF NOT EXISTS version_unique ON schema_migrations (version)",
    """CREATE TABLE IF NOT EXISTS shiplift_history (
  id INTEGER PRIMARY KEY AUTOINCREMENT, outcome TEXT NOT NULL, direction TEXT NOT NULL, version INTEGER,
  title TEXT NOT NULL, content_hash TEXT NOT NULL, up_sql BLOB, down_sql BLOB, statements INTEGER NOT NULL,
  done TEXT NOT NULL, started_at REAL NOT NULL, duration_ms INTEGER, error TEXT NOT NULL, note TEXT NOT NULL,
  fingerprint TEXT NOT NULL, run TEXT NOT NULL, release_id TEXT NOT NULL, commit_id TEXT NOT NULL,
  actor TEXT NOT NULL, host TEXT NOT NULL, tool TEXT NOT NULL)""",
)
_COLUMNS = (
    "outcome, direction, version, title, content_hash, up_sql, down_sql, statements, done, started_at, duration_ms,"
    " error, note, fingerprint, run, release_id, commit_id, actor, host, tool"
)
_INSERT = f"INSERT INTO shiplift_history ({_COLUMNS}) VALUES ({', '.join('?' * 20)})"  # noqa: S608 - constants
# With max(), SQLite takes the other columns from the row that has the maximum (lang_select.html, "bare columns").
_APPLIED = """SELECT group_concat(version) FROM (SELECT version, direction, max(id) FROM shiplift_history
 WHERE outcome IN ('applied', 'assumed') GROUP BY version) WHERE direction = 'up'"""
_UNFINISHED = """SELECT version, title, direction, content_hash, statements, done, run FROM shiplift_history AS h
 WHERE outcome = 'started' AND NOT EXISTS (SELECT 1 FROM shiplift_history WHERE id > h.id
  AND outcome IN ('applied', 'assumed', 'forced', 'reconciled')) ORDER BY id DESC LIMIT 1"""
_PROGRESS = """UPDATE shiplift_history SET done = CASE done WHEN '' THEN '' ELSE done || ',' END || ?
 WHERE outcome = 'started' AND run = ? AND version = ? AND direction = ?"""
_WAIT = 60.0


def open_database(url: Url, link: Link) -> Sqlite:
    """Open ``sqlite://path`` or ``sqlite3://path``; nothing is created before the first write.

    Raises:
        BadUrlError: no path.
    """
    path = url.host + url.path
    if not path:
        raise BadUrlError("the SQLite URL has no path", hint="sqlite:///absolute.db or sqlite://relative.db")
    if url.query:
        raise BadUrlError(f"SQLite URL parameter {url.query[0][0]} isn't understood", hint="remove it")
    return Sqlite(path, link)


class Sqlite:
    """One database file, one connection."""

    dialect = "sqlite"
    capabilities = Capabilities(lock_timeout=True)

    def __init__(self, path: str, link: Link) -> None:
        self.path, self.link = path, link
        self._connection: sqlite3.Connection | None = None
        self._lock = -1

    @property
    def display(self) -> str:
        """The path as a URL."""
        return f"sqlite://{self.path}"

    def state(self) -> State:
        """Read row and history; a file that isn't there is an empty database."""
        if self.path != ":memory:" and not os.path.exists(self.path):
            return State(Mark(None))
        return self._patiently(lambda: self._state(self._connected()))

    def _patiently(self, read: Callable[[], State]) -> State:
        """Read again while another process commits: SQLite lets nobody read then."""
        from time import monotonic  # noqa: PLC0415

        end = monotonic() + _WAIT
        while True:
            try:
                with _mapped(self.path):
                    return read()
            except LockTimeoutError:
                self._stopped()
                if monotonic() > end:
                    raise

    def _state(self, connection: sqlite3.Connection) -> State:
        rows = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('schema_migrations', 'shiplift_history')"
        ).fetchall()
        tables = {name for (name,) in rows}
        mark = self._mark(connection) if "schema_migrations" in tables else Mark(None)
        if "shiplift_history" not in tables:
            return State(mark, None, "schema_migrations" in tables)
        (joined,) = connection.execute(_APPLIED).fetchone()
        applied = tuple(sorted(int(version) for version in joined.split(","))) if joined else ()
        row = connection.execute(_UNFINISHED).fetchone() if mark.dirty else None
        half = Unfinished._make((*row[:5], tuple(filter(None, row[5].split(","))), row[6])) if row else None
        return State(mark, applied, has_version_table=True, has_history=True, unfinished=half)

    def _mark(self, connection: sqlite3.Connection) -> Mark:
        columns = {row[1] for row in connection.execute("PRAGMA table_info(schema_migrations)")}
        rows = connection.execute("SELECT * FROM schema_migrations LIMIT 2").fetchall()
        if not {"version", "dirty"} <= columns or len(rows) > 1:
            found = "several rows" if len(rows) > 1 else "columns " + ", ".join(sorted(columns))
            raise ForeignTableError(f"schema_migrations is another tool's: {found}", state="nothing was changed")
        row = connection.execute("SELECT version, dirty FROM schema_migrations").fetchone()
        if row is None:
            return Mark(None)
        if not isinstance(row[0], int):
            raise ForeignTableError("schema_migrations is another tool's: its version is text")
        return Mark(None if row[0] < 0 else row[0], bool(row[1]))

    def lock(self) -> State | None:
        """Try once for the run lock."""
        if self.path != ":memory:" and self._lock < 0 and not self._locked():
            return None
        return self.state()

    def _locked(self) -> bool:
        from fcntl import LOCK_EX, LOCK_NB, flock  # noqa: PLC0415 - a run without work takes no lock

        name = self.path + "-shiplift-lock"
        try:
            number = os.open(name, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise ReadOnlyError(f"can't lock {self.path}: {error.strerror}", state="nothing was changed") from None
        try:
            flock(number, LOCK_EX | LOCK_NB)
            if os.stat(name).st_ino == os.fstat(number).st_ino:
                os.truncate(number, 0)
                os.write(number, str(os.getpid()).encode())
                self._lock = number
                return True
        except (BlockingIOError, FileNotFoundError):
            pass
        os.close(number)
        return False

    def unlock(self) -> None:
        """Give the run lock back; its file goes, too."""
        if self._lock >= 0:
            os.unlink(self.path + "-shiplift-lock")
            os.close(self._lock)
            self._lock = -1

    def holder(self) -> Holder | None:
        """Say which process has the run lock."""
        try:
            with open(self.path + "-shiplift-lock", encoding="ascii") as file:
                text = file.read()
        except OSError:
            return None
        return Holder(int(text), "shiplift") if text.isdigit() else Holder(application="shiplift")

    def run(self, unit: Unit) -> int:
        """Run a unit: one immediate transaction, or one statement and then its record."""
        with _mapped(self.path):
            connection = self._connected()
        if unit.transaction:
            return self._transaction(connection, unit, unit.work)
        self._guard(connection, unit)
        ran = self._work(connection, unit.work)
        self._transaction(connection, unit._replace(expect=None), ())
        return ran

    def _transaction(self, connection: sqlite3.Connection, unit: Unit, work: object) -> int:
        self._begin(connection)
        try:
            self._guard(connection, unit)
            ran = self._work(connection, work)
            with _mapped(self.path):
                self._record(connection, unit)
                connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return ran

    def _begin(self, connection: sqlite3.Connection) -> None:
        from time import monotonic, sleep  # noqa: PLC0415

        end = monotonic() + _WAIT
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise _map(error, self.path) from None
                if monotonic() > end:
                    raise LockTimeoutError(f"{self.path} is being written by another") from None
                self._stopped()
                sleep(0.02)
            else:
                return

    def _stopped(self) -> None:
        if self.link.stop():
            raise InterruptedRunError("stopped", state="what was running was rolled back")

    def _guard(self, connection: sqlite3.Connection, unit: Unit) -> None:
        if unit.expect is None:
            return
        found = self._state(connection).mark
        if found != unit.expect:
            raise MovedError(f"the database is at {found}, not at {unit.expect}: another run got there")

    def _work(self, connection: sqlite3.Connection, work: object) -> int:
        if callable(work):
            work(_Session(connection))
            return 1
        ran = 0
        for piece in work:  # type: ignore[attr-defined]
            if isinstance(piece, CopyRows):
                raise StatementError("SQLite has no COPY", statement=ran)
            self._stopped()
            try:
                connection.execute(piece.text.decode("utf-8"))
            except sqlite3.Error as error:
                raise self._failed(error, ran) from None
            ran += 1
        return ran

    def _failed(self, error: sqlite3.Error, statement: int) -> ShipliftError:
        name = getattr(error, "sqlite_errorname", "")
        if name == "SQLITE_INTERRUPT":
            return InterruptedRunError("stopped", state="what was running was rolled back")
        return StatementError(str(error), statement=statement, sqlstate=name)

    def _record(self, connection: sqlite3.Connection, unit: Unit) -> None:
        if unit.mark is None and not unit.entries and unit.progress is None:
            return
        for statement in _MAIN:
            connection.execute(statement)
        if unit.mark is not None:
            connection.execute("DELETE FROM schema_migrations")
            version = -1 if unit.mark.version is None else unit.mark.version
            if unit.mark != Mark(None):
                connection.execute("INSERT INTO schema_migrations VALUES (?, ?)", (version, int(unit.mark.dirty)))
        if unit.progress is not None:
            run, version, direction, done = unit.progress
            connection.execute(_PROGRESS, (done, run, version, direction))
        connection.executemany(_INSERT, [_row(entry) for entry in unit.entries])

    def history(self, *, limit: int | None = None) -> list[Entry]:
        """Read history, oldest first, without scripts."""
        if not self.state().has_history:
            return []
        columns = _COLUMNS.replace("up_sql, down_sql", "NULL, NULL")
        query = f"SELECT {columns}, id FROM shiplift_history ORDER BY id DESC LIMIT ?"  # noqa: S608 - constants
        rows = self._connected().execute(query, (-1 if limit is None else limit,)).fetchall()
        return [_entry(row) for row in reversed(rows)]

    def stored(self, versions: Iterable[int]) -> Sequence[Entry]:
        """Read the last applied up row of each version, with its scripts."""
        query = (
            f"SELECT {_COLUMNS}, id FROM shiplift_history"  # noqa: S608 - constants
            " WHERE version = ? AND direction = 'up' AND outcome = 'applied' ORDER BY id DESC LIMIT 1"
        )
        if not self.state().has_history:
            return []
        rows = [self._connected().execute(query, (version,)).fetchone() for version in versions]
        return [_entry(row) for row in rows if row is not None]

    def drop(self) -> list[str]:
        """Drop all views, then all tables, in one transaction."""
        if not os.path.exists(self.path):
            return []
        connection = self._connected()
        connection.execute("PRAGMA foreign_keys = OFF")
        self._begin(connection)
        rows = connection.execute(
            "SELECT type, name FROM sqlite_master WHERE type IN ('view', 'table') AND name NOT LIKE 'sqlite\\_%'"
            " ESCAPE '\\' ORDER BY type DESC, name IN ('schema_migrations', 'shiplift_history'), name"
        ).fetchall()
        for kind, name in rows:
            quoted = name.replace('"', '""')
            connection.execute(f'DROP {kind} IF EXISTS "{quoted}"')
        connection.execute("COMMIT")
        return [f"{kind} {name}" for kind, name in rows]

    def cancel(self) -> None:
        """Interrupt the running statement."""
        if self._connection is not None:
            self._connection.interrupt()

    def close(self) -> None:
        """Close; the run lock goes, too."""
        self.unlock()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = sqlite3.connect(self.path, timeout=0.2, isolation_level=None, check_same_thread=False)
            self._connection.set_progress_handler(self.link.stop, 10_000)
        return self._connection


class _Session:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def execute(self, sql: str, parameters: Sequence[Value] = ()) -> int:
        return self.connection.execute(sql, tuple(parameters)).rowcount

    def query(self, sql: str, parameters: Sequence[Value] = ()) -> list[tuple[object, ...]]:
        return self.connection.execute(sql, tuple(parameters)).fetchall()


class _mapped:  # noqa: N801 - reads as a verb
    """Turn the library's errors into ours."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: object, _trace: object) -> None:
        if isinstance(error, sqlite3.Error):
            raise _map(error, self.path) from None


def _map(error: sqlite3.Error, path: str) -> ShipliftError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_READONLY:
        return ReadOnlyError(f"{path} can only be read", state="nothing was changed")
    if code == sqlite3.SQLITE_BUSY:
        return LockTimeoutError(f"{path} is locked by another", state="nothing was changed")
    return AccessError(f"can't use {path}: {error}", state="nothing was changed")


def _row(entry: Entry) -> tuple[object, ...]:
    from time import time  # noqa: PLC0415

    took = entry.duration_ms
    if took is None and entry.started_at:
        took = round((time() - entry.started_at) * 1000)
    body = (str(entry.outcome), str(entry.direction), entry.version, entry.title, entry.content_hash, entry.up_sql)
    work = (entry.down_sql, entry.statements, ",".join(entry.done), entry.started_at, took, entry.error, entry.note)
    return (*body, *work, entry.fingerprint, *entry.provenance)


def _entry(row: tuple[object, ...]) -> Entry:
    values = list(row)
    values[0], values[1] = Outcome(str(row[0])), Direction(str(row[1]))
    values[8] = tuple(filter(None, str(row[8]).split(",")))
    return Entry._make((*values[:14], Provenance._make(row[14:20]), row[20]))
