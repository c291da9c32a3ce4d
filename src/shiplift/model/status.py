"""A folder and a database, side by side."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shiplift.model.entry import Entry
    from shiplift.model.migration import Migration
    from shiplift.model.state import State


class Standing(StrEnum):
    """Where one version stands."""

    APPLIED = "applied"
    PENDING = "pending"
    CHANGED = "changed"
    """Applied, and the file was edited since."""
    MISSING = "missing"
    """Applied, and its file is gone, though newer files are here."""
    NEWER = "newer"
    """Applied by a newer release: above every file here."""
    SKIPPED = "skipped"
    """Never applied, though something newer is (out of order)."""
    DIRTY = "dirty"
    """Begun and not ended."""


class Line(NamedTuple):
    """One version's standing; ``entry`` is the history row that decided it, without the scripts."""

    migration: Migration
    standing: Standing
    entry: Entry | None = None


class Status(NamedTuple):
    """Every version that the folder or the history knows, ascending."""

    state: State
    lines: tuple[Line, ...]

    @property
    def pending(self) -> tuple[Line, ...]:
        """The versions that ``up`` would apply."""
        return tuple(line for line in self.lines if line.standing == Standing.PENDING)
