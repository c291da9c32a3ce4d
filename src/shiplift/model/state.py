"""What a database says of itself: the version row, and what history adds to it."""

from __future__ import annotations

from typing import NamedTuple


class Mark(NamedTuple):
    """The version row: golang-migrate's ``schema_migrations(version, dirty)``.

    ``version`` is ``None`` when the table is empty or missing (nothing applied).
    """

    version: int | None
    dirty: bool = False

    def __str__(self) -> str:
        shown = "no version" if self.version is None else f"version {self.version}"
        return f"{shown} (dirty)" if self.dirty else shown


class Unfinished(NamedTuple):
    """A migration that history saw start and never saw end: its process died, or a statement failed."""

    version: int
    title: str
    direction: str
    content_hash: str
    statements: int
    done: tuple[str, ...]
    """Hashes of the statements that stand, in the order they ran."""
    run: str


class State(NamedTuple):
    """All that a run needs to know before it plans, read in one round trip.

    ``applied`` is what history says is applied, ascending; it is ``None`` when there is no history yet
    (golang-migrate looked after this database until now).
    """

    mark: Mark
    applied: tuple[int, ...] | None = None
    has_version_table: bool = False
    has_history: bool = False
    unfinished: Unfinished | None = None

    @property
    def head(self) -> int | None:
        """The greatest version that history says is applied."""
        return self.applied[-1] if self.applied else None

    @property
    def reconciled(self) -> bool:
        """Whether row and history agree; when they don't, another tool ran in between and the row wins."""
        return self.mark.version == self.head
