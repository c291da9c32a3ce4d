"""Files in memory: for tests, and for programs that carry their migrations in their code."""

from __future__ import annotations

from io import BytesIO

from shiplift.errors import SourceError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import BinaryIO


def open_source(text: str) -> MemorySource:
    """Refuse: a URL can't hold the files, and an empty folder would pass for "nothing to do".

    Raises:
        UsageError: always.
    """
    raise UsageError(f"{text}: a memory source has no URL", hint="in Python, use MemorySource({name: content})")


class MemorySource:
    """A mapping from file names to contents; a copy is kept."""

    def __init__(self, files: Mapping[str, bytes], display: str = "memory") -> None:
        self._files = dict(files)
        self._display = display

    @property
    def display(self) -> str:
        """The name given to it."""
        return self._display

    def list(self) -> Sequence[str]:
        """Return the names in byte order."""
        return sorted(self._files, key=_bytes)

    def open(self, name: str) -> BinaryIO:
        """Open one file.

        Raises:
            SourceError: no such file.
        """
        try:
            return BytesIO(self._files[name])
        except KeyError:
            raise SourceError(f"can't read {self.path(name)}: there is no such file") from None

    def path(self, name: str) -> str:
        """Return what messages call a file."""
        return f"{self._display}/{name}"

    def close(self) -> None:
        """Nothing is held."""


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")
