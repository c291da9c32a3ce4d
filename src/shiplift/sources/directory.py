"""A folder: a plain path, or a ``file://`` URL as golang-migrate takes it."""

from __future__ import annotations

import os
from io import BufferedReader, FileIO

from shiplift.errors import SourceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO


def open_source(text: str) -> Directory:
    """Open a folder. Only the URL form is percent-decoded."""
    if not text.startswith("file:"):
        return Directory(text)
    from urllib.parse import unquote  # noqa: PLC0415 - a plain path needs none

    return Directory(unquote(text.removeprefix("file:").removeprefix("//")) or ".")


class Directory:
    """A folder's top level."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    @property
    def display(self) -> str:
        """The folder as given."""
        return self.folder

    def list(self) -> list[str]:
        """Return file names in byte order; links are listed even when they lead nowhere.

        Raises:
            SourceError: no such folder, not a folder, not readable.
        """
        try:
            with os.scandir(self.folder) as entries:
                names = [entry.name for entry in entries if not entry.is_dir()]
        except OSError as error:
            reason = f"can't list the migrations folder {self.folder}: {error.strerror}"
            raise SourceError(reason, state="nothing was changed", hint="name the folder with --source") from None
        return sorted(names, key=os.fsencode)

    def open(self, name: str) -> BinaryIO:
        """Open one file; reading less than the size it had is an error, never a short body.

        Raises:
            SourceError: it can't be read.
        """
        path = self.path(name)
        try:
            return BufferedReader(_Whole(path))  # type: ignore[type-var] # a FileIO is a raw stream
        except OSError as error:
            target = f" (a link to {os.readlink(path)})" if os.path.islink(path) else ""
            raise SourceError(f"can't read {path}{target}: {error.strerror}", state="nothing was changed") from None

    def path(self, name: str) -> str:
        """Return the path of a file."""
        return os.path.join(self.folder, name)

    def close(self) -> None:
        """Nothing is held."""


class _Whole(FileIO):
    """A file that must give as many bytes as its size said."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._left = os.fstat(self.fileno()).st_size

    def readinto(self, buffer: bytearray) -> int | None:  # type: ignore[override]
        try:
            count = super().readinto(buffer)
        except OSError as error:
            raise SourceError(f"can't read {self.name}: {error.strerror}", state="nothing was changed") from None
        self._left -= count or 0
        if not count and self._left > 0:
            message = f"{self.name} was cut short: {self._left} bytes are missing"
            raise SourceError(message, state="nothing was changed")
        return count
