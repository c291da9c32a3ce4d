"""The source port: a flat list of named files."""

from __future__ import annotations

from typing import BinaryIO, Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class Source(Protocol):
    """Where migration files are.

    How to write one: list the top level only, in byte order of names; ``open`` gives the bytes of one
    file from its start, as often as it is asked (a large script is read twice). A file that can't be read
    to its end is an error, never an empty or a short body. All configuration comes from the URL; never
    read the environment.
    """

    @property
    def display(self) -> str:
        """What messages call it: the folder or URL, without secrets."""
        ...

    def list(self) -> Sequence[str]:
        """Return the names of all files on the top level.

        Raises:
            SourceError: it isn't there, or can't be listed.
        """
        ...

    def open(self, name: str) -> BinaryIO:
        """Open one file for reading from its start.

        Raises:
            SourceError: it can't be read; names the file.
        """
        ...

    def path(self, name: str) -> str:
        """Return what messages call the file: a path that an editor opens, where there is one."""
        ...

    def close(self) -> None:
        """Let go of whatever is held; safe to call twice."""
        ...
