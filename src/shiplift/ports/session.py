"""The session port: what a code migration gets to work with."""

from __future__ import annotations

from typing import Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    Value = str | bytes | int | float | bool | None


class Session(Protocol):
    """A connection inside the migration's transaction: ``def up(db): db.execute("...")``.

    Parameters use the placeholder of the engine's client library (``%s`` on PostgreSQL and MySQL, ``?`` on
    SQLite). Don't commit or roll back: the record commits together with your changes.
    """

    def execute(self, sql: str, parameters: Sequence[Value] = ()) -> int:
        """Run one statement; return the number of rows it touched, -1 where the server doesn't say."""
        ...

    def query(self, sql: str, parameters: Sequence[Value] = ()) -> list[tuple[object, ...]]:
        """Run one statement and return its rows."""
        ...

    @property
    def connection(self) -> object:
        """The client library's own connection, for what this port doesn't cover."""
        ...
