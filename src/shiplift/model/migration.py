"""Migrations as a folder lists them: names only, nothing read yet."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shiplift.model.direction import Direction


class Migration(NamedTuple):
    """One version of a folder.

    ``up`` and ``down`` are file names as the source lists them, or ``None`` where the folder has no such
    file. ``title`` is the middle of the name.
    """

    version: int
    title: str
    up: str | None = None
    down: str | None = None

    def file(self, direction: Direction) -> str | None:
        """Return the name of the file for a direction; ``def down(db)`` may stand in a ``.up.py`` file."""
        if direction == "up":
            return self.up
        both = self.up if self.up and self.up.endswith(".py") else None
        return self.down or both

    @property
    def label(self) -> str:
        """``12_add_books``: how people recognise it."""
        return f"{self.version}_{self.title}" if self.title else str(self.version)


class Folder(NamedTuple):
    """All migrations of a source, ascending by version, each version once."""

    migrations: tuple[Migration, ...]
    ignored: tuple[str, ...] = ()

    def by_version(self) -> dict[int, Migration]:
        """Index the migrations by version."""
        return {migration.version: migration for migration in self.migrations}
