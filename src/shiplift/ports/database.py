"""The database port."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from shiplift.model.state import Mark

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from shiplift.events import Observer
    from shiplift.model.capabilities import Capabilities
    from shiplift.model.entry import Entry
    from shiplift.model.holder import Holder
    from shiplift.model.state import State
    from shiplift.model.statement import Piece
    from shiplift.ports.session import Session

    Code = Callable[[Session], None]
    Stop = Callable[[], bool]
    """Asked in every wait: has somebody asked this run to stop now?"""


class Link(NamedTuple):
    """What an adapter is opened with, besides its URL.

    ``stop`` is asked during waits (adapters cancel the running statement on the server when it says yes and
    raise ``InterruptedRunError``), ``observe`` hears NOTICEs, ``application`` is the name the server shows.
    ``connect_timeout`` is in seconds.
    """

    stop: Stop
    observe: Observer
    application: str = "shiplift"
    connect_timeout: float = 10.0


class Progress(NamedTuple):
    """One more part of a script stands.

    Its hash is appended to ``done`` of the ``started`` history row, which is found by run, version and
    direction. A part is one statement, or several that commit together.
    """

    run: str
    version: int
    direction: str
    statement_hash: str


class Unit(NamedTuple):
    """Work that stands or falls together, with its record.

    With ``transaction`` everything is one transaction: check that the version row equals ``expect``, run
    ``work``, write ``mark`` to the version row, write ``progress`` and append ``entries``, commit. Without,
    ``work`` (at most one statement, or code) runs on its own, in autocommit, and the record follows in a
    transaction of its own; ``expect`` is checked before the statement.

    ``work`` may be lazy and is consumed once: send it as it comes, in chunks, never hold it all.
    ``expect=None`` checks nothing, ``mark=None`` leaves the row alone. Timeouts are in seconds, ``None``
    leaves the server's own. ``begin`` replaces ``BEGIN`` where the script brought options of its own
    (``BEGIN ISOLATION LEVEL SERIALIZABLE``). ``reset=False`` leaves the session state that the work changed
    in place, for the next unit of the same script.

    The version table and the history table are made, if missing, in the same transaction as the first
    record. In every entry ``duration_ms=None`` means "measure it": from the start of this unit to the
    writing of the row.
    """

    work: Iterable[Piece] | Code = ()
    transaction: bool = True
    expect: Mark | None = None
    mark: Mark | None = None
    entries: tuple[Entry, ...] = ()
    progress: Progress | None = None
    begin: str = ""
    reset: bool = True
    lock_timeout: float | None = None
    statement_timeout: float | None = None


class Database(Protocol):
    """One database, one connection.

    How to write one: the constructor opens nothing that the first call wouldn't need; every error of the
    client library is mapped into the tree of ``shiplift.errors`` with the URL's secrets removed; one
    ``Unit`` costs as few round trips as the wire allows; session state that a script changed (search path,
    role, SQL mode) is put back before the record is written. The suite in ``shiplift.testing`` says the
    rest. Not safe for several threads, but for ``cancel``.
    """

    @property
    def dialect(self) -> str:
        """Name of the SQL dialect: ``postgres``, ``mysql``, ``sqlite``."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What this engine can do."""
        ...

    @property
    def display(self) -> str:
        """The URL without secrets."""
        ...

    def state(self) -> State:
        """Read version row and history, in one round trip, without a lock and without a write.

        Raises:
            UnreachableError, AccessError: no connection.
            ForeignTableError: the version table is another tool's (its columns don't fit), or holds
                more than one row.
        """
        ...

    def lock(self) -> State | None:
        """Try once to take the run lock; return the state as read under it, or ``None`` if another has it."""
        ...

    def unlock(self) -> None:
        """Give the run lock back; nothing happens when it isn't held."""
        ...

    def holder(self) -> Holder | None:
        """Say who has the run lock, as far as the server tells."""
        ...

    def run(self, unit: Unit) -> int:
        """Run a unit; return how many statements of its work ran.

        Raises:
            StatementError: the server refused a statement (``statement`` is its index in ``work``);
                a transaction was rolled back whole.
            MovedError: the version row is not ``expect``; nothing of the unit was kept.
            LostConnectionError: the connection broke; whether a COMMIT arrived is not known here.
            InterruptedRunError: ``stop`` said so; rolled back.
        """
        ...

    def history(self, *, limit: int | None = None) -> Sequence[Entry]:
        """Return the newest ``limit`` rows (all, if ``None``), oldest first, without the scripts."""
        ...

    def stored(self, versions: Iterable[int]) -> Sequence[Entry]:
        """Return, for each version that has one, its last applied ``up`` row, scripts included."""
        ...

    def drop(self) -> Sequence[str]:
        """Drop everything in the schema, our own tables last; return what was dropped, as words to show."""
        ...

    def cancel(self) -> None:
        """Ask the server to end the running statement; may be called from another thread."""
        ...

    def close(self) -> None:
        """Close the connection; safe to call twice, and after a failure."""
        ...
