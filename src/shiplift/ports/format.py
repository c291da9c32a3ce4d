"""The format port: how file names and bodies become migrations."""

from __future__ import annotations

from typing import Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from shiplift.model.migration import Folder


class Format(Protocol):
    """A tool's naming rules, golang-migrate's or another's."""

    def folder(self, names: Iterable[str], display: str) -> Folder:
        """Sort file names into migrations. ``display`` names the source in errors.

        Raises:
            DuplicateMigrationError: two files of one version and direction.
            SourceError: a name that looks like a migration and can't be one (version above 2^63-1).
        """
        ...
