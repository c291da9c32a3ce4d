"""What can go wrong: one tree. Every class has a stable code and an exit code; all of them pickle.

::

    ShipliftError
    ├── UsageError                exit 2   said wrong; nothing was looked at
    │   ├── UnknownNameError               setting, flag, directive, scheme, platform: names the nearest known one
    │   └── BadUrlError
    ├── RefusedError              exit 3   understood, and not done; nothing was changed
    │   ├── NoDatabaseError                no URL
    │   ├── AccessError                    password, permission, TLS, no such database
    │   ├── ReadOnlyError
    │   ├── ForeignTableError              schema_migrations belongs to another tool
    │   ├── DirtyError
    │   ├── SourceError                    folder or file missing, unreadable, cut short
    │   ├── DuplicateMigrationError
    │   ├── OutOfOrderError
    │   ├── ChangedMigrationError
    │   ├── MissingMigrationError          no such version, or no file for that direction
    │   ├── NewerDatabaseError
    │   ├── ScriptError                    can't be split, or holds what can't be run
    │   └── MissingDriverError             extra not installed
    ├── FailedError               exit 1   something ran and failed; ``state`` says what it left
    │   ├── StatementError                 raised by adapters: the server refused a statement
    │   ├── MigrationError                 raised by the engine: that, with file, line and column
    │   ├── LostConnectionError
    │   ├── MovedError                     the version row changed under us; nothing of ours was kept
    │   └── RollbackError                  a failed release could not be taken back
    ├── TryAgainError             exit 75  nothing was changed; later it may work
    │   ├── LockTimeoutError
    │   └── UnreachableError
    └── InterruptedRunError       exit 130 or 143, safe to rerun
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from shiplift.model.where import Where


class ShipliftError(Exception):
    """An error with all that its reader needs.

    ``message`` says what happened, ``where`` the place in a file, ``details`` more lines (the server's
    DETAIL, a candidate list), ``state`` what was left behind, ``hint`` what to type next.
    """

    code = "error"
    exit_code = 1

    def __init__(
        self,
        message: str,
        *,
        where: Where | None = None,
        details: tuple[str, ...] = (),
        state: str = "",
        hint: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.details = details
        self.state = state
        self.hint = hint

    def __reduce__(self) -> tuple[Callable[..., ShipliftError], tuple[object, ...]]:
        return _rebuild, (type(self), self.message, self.__dict__)


def _rebuild(kind: type[ShipliftError], message: str, attributes: dict[str, object]) -> ShipliftError:
    error = kind.__new__(kind, message)
    error.args = (message,)
    error.__dict__.update(attributes)
    return error


class UsageError(ShipliftError):
    """The command, a flag, a setting or a URL is not of the right form."""

    code = "usage"
    exit_code = 2


class UnknownNameError(UsageError):
    """A name that isn't known, where a list of known ones exists."""

    code = "unknown-name"


class BadUrlError(UsageError):
    """A URL that can't be taken apart. The message never holds the URL."""

    code = "bad-url"


class RefusedError(ShipliftError):
    """Understood, and refused: nothing was changed."""

    code = "refused"
    exit_code = 3


class NoDatabaseError(RefusedError):
    """No database URL was given."""

    code = "no-database"


class AccessError(RefusedError):
    """The server answered and refused: password, role, database name, TLS, permission."""

    code = "access"


class ReadOnlyError(RefusedError):
    """The server can be read only: a follower, or a read-only file."""

    code = "read-only"


class ForeignTableError(RefusedError):
    """The version table has another tool's columns."""

    code = "foreign-table"


class DirtyError(RefusedError):
    """The version row is dirty: a migration began and was not seen to end."""

    code = "dirty"


class SourceError(RefusedError):
    """A folder or file can't be read, or was cut short."""

    code = "source"


class DuplicateMigrationError(RefusedError):
    """Two files have the same version and direction."""

    code = "duplicate-migration"


class OutOfOrderError(RefusedError):
    """A file older than the newest applied one was never applied."""

    code = "out-of-order"


class ChangedMigrationError(RefusedError):
    """What was applied (or begun) is not what the file holds now."""

    code = "changed-migration"


class MissingMigrationError(RefusedError):
    """No such version, or no file for the direction asked for."""

    code = "missing-migration"


class NewerDatabaseError(RefusedError):
    """The database is at a version above every file here, and ``if-newer = fail``."""

    code = "newer-database"


class ScriptError(RefusedError):
    """A script can't be split, or holds something that can't be run as it stands."""

    code = "script"


class MissingDriverError(RefusedError):
    """A client library is not installed."""

    code = "missing-driver"


class FailedError(ShipliftError):
    """Something ran and failed."""

    code = "failed"
    exit_code = 1


class StatementError(FailedError):
    """A server refused a statement. Adapters raise it; the engine adds the place.

    ``statement`` is the index (from 0) of the piece in the unit's work that failed, or ``None`` when it was
    bookkeeping or isn't known; ``position`` is the offset in characters (from 0) in that statement's text,
    or ``None``; ``sqlstate`` is the five-letter code, or the driver's own.
    """

    code = "statement"

    def __init__(
        self,
        message: str,
        *,
        statement: int | None = None,
        position: int | None = None,
        sqlstate: str = "",
        details: tuple[str, ...] = (),
        hint: str = "",
    ) -> None:
        super().__init__(message, details=details, hint=hint)
        self.statement = statement
        self.position = position
        self.sqlstate = sqlstate


class MigrationError(FailedError):
    """A migration failed; ``version`` says which, ``sqlstate`` why."""

    code = "migration"

    def __init__(
        self,
        message: str,
        *,
        version: int,
        sqlstate: str = "",
        where: Where | None = None,
        details: tuple[str, ...] = (),
        state: str = "",
        hint: str = "",
    ) -> None:
        super().__init__(message, where=where, details=details, state=state, hint=hint)
        self.version = version
        self.sqlstate = sqlstate


class LostConnectionError(FailedError):
    """The connection went away while something ran."""

    code = "lost-connection"


class MovedError(FailedError):
    """The version row was not what this run expected: another run got there. Nothing of ours was kept."""

    code = "moved"


class RollbackError(FailedError):
    """A failed release could not be taken back whole."""

    code = "rollback"


class TryAgainError(ShipliftError):
    """Nothing was changed; the same command may work later."""

    code = "try-again"
    exit_code = 75


class LockTimeoutError(TryAgainError):
    """The run lock was not had in time."""

    code = "lock-timeout"


class UnreachableError(TryAgainError):
    """No answer from the server in time."""

    code = "unreachable"


class InterruptedRunError(ShipliftError):
    """A signal or a deadline stopped the run; it is safe to rerun. ``signal`` is its number."""

    code = "interrupted"
    exit_code = 130

    def __init__(self, message: str, *, signal: int = 2, state: str = "", hint: str = "") -> None:
        super().__init__(message, state=state, hint=hint)
        self.signal = signal
        self.exit_code = 128 + signal


def unknown_name(kind: str, name: str, known: Iterable[str], *, where: Where | None = None) -> UnknownNameError:
    """Build the refusal of a name, with the nearest known one."""
    from difflib import get_close_matches  # noqa: PLC0415 - only paid when something is wrong

    names = sorted(known)
    near = get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else "known: " + ", ".join(names)
    return UnknownNameError(f"unknown {kind}: {name}", where=where, hint=hint)
