"""A folder: a plain path, or a ``file:`` URL as golang-migrate takes it."""

from __future__ import annotations

import os
import stat
from io import BufferedReader, FileIO

from shiplift.errors import SourceError, UsageError
from shiplift.sources.location import location

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

    from _typeshed import WriteableBuffer


def open_source(text: str) -> Directory:
    """Open a folder, relative to the working directory; nothing is read yet.

    A plain path is taken as it stands: spaces, ``#``, ``%`` and ``?`` are part of it, ``~`` is not expanded.
    ``file:///absolute``, ``file://relative`` and ``file:relative`` are percent-decoded; an empty path is the
    working directory.

    Raises:
        UsageError: an empty text.
        BadUrlError: a URL with a query or a fragment.
    """
    if not text:
        raise UsageError("the source is empty", hint="name the folder with the migrations: --source db/migrations")
    return Directory((location(text) or ".") if text[:5].lower() == "file:" else text)


class Directory:
    """A folder's top level.

    ``folder`` is fixed to the working directory of this moment: a later ``chdir`` doesn't move it.
    ``display`` is what messages call it, if not the path as given.
    """

    def __init__(self, folder: str, display: str = "") -> None:
        self._folder = folder
        self._display = display or folder
        self._root = _absolute(folder)

    @property
    def display(self) -> str:
        """The folder as given."""
        return self._display

    def list(self) -> Sequence[str]:
        """Return the names of all files in byte order.

        Links are listed, wherever they lead: one that leads nowhere is an error when it is opened, not a
        missing migration. Folders are left out. Names that aren't UTF-8 come with surrogate escapes.

        Raises:
            SourceError: no such folder, not a folder, not readable.
        """
        try:
            with os.scandir(self._root) as entries:
                names = [entry.name for entry in entries if not entry.is_dir(follow_symlinks=False)]
        except (OSError, ValueError) as error:
            raise self._unlisted(error) from None
        return sorted(names, key=os.fsencode)

    def open(self, name: str) -> BinaryIO:
        """Open one file for reading from its start.

        Raises:
            SourceError: it can't be opened, or isn't a regular file. Reads raise it, too: when the file
                can't be read, or ends before the size that it had when it was opened.
        """
        shown, path = self.path(name), os.path.join(self._root, name)
        try:
            return BufferedReader(_Whole(path, shown))
        except (OSError, ValueError) as error:
            raise _unopened(path, shown, error) from None

    def path(self, name: str) -> str:
        """Return the path of a file, relative if the folder was given so."""
        return os.path.join(self._folder, name)

    def close(self) -> None:
        """Nothing is held."""

    def _unlisted(self, error: OSError | ValueError) -> SourceError:
        """Say why the folder can't be listed, and what is there instead."""
        message, details = f"can't list the migrations folder {self.display}: {_reason(error)}", ()
        hint = "name the folder with --source"
        there = _nearest(self._root)
        if isinstance(error, FileNotFoundError) and os.path.islink(there):
            message = f"{self.display}: {there} is a link to {os.readlink(there)}, which does not exist"
        elif isinstance(error, FileNotFoundError):
            message = f"there is no folder {self.display}"
            details = (f"looked for {self._root}", f"the nearest folder that exists is {there}")
            hint = "make db/migrations with `shiplift init`, or name the folder with --source"
        elif isinstance(error, NotADirectoryError):
            message = f"{self.display}: {there} is a file, not a folder"
            hint = f"--source takes the folder that holds the migrations: {os.path.dirname(there)}"
        if self._folder.startswith("~"):
            hint = "~ is not expanded here: write the path out, or leave it unquoted for your shell"
        return SourceError(message, details=details, state="nothing was changed", hint=hint)


class _Whole(FileIO):
    """A regular file that must give as many bytes as its size said; ``shown`` is what errors call it."""

    def __init__(self, path: str, shown: str) -> None:
        # Without O_NONBLOCK, opening a named pipe would wait for a writer that never comes.
        super().__init__(path, opener=lambda name, flags: os.open(name, flags | getattr(os, "O_NONBLOCK", 0)))
        status = os.fstat(self.fileno())
        self._shown, self._size = shown, status.st_size
        if not stat.S_ISREG(status.st_mode):
            self.close()
            raise SourceError(f"can't read {shown}: not a regular file")

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        try:
            count = super().readinto(buffer)
        except OSError as error:
            raise SourceError(f"can't read {self._shown}: {_reason(error)}") from None
        if not count:
            self._check_end()
        return count

    def readall(self) -> bytes:
        try:
            data = super().readall()
        except OSError as error:
            raise SourceError(f"can't read {self._shown}: {_reason(error)}") from None
        self._check_end()
        return data

    def _check_end(self) -> None:
        end = self.tell()
        if end < self._size:
            message = (
                f"{self._shown} was cut short: it had {self._size} bytes when it was opened, and ended after {end}"
            )
            raise SourceError(message, hint="something writes to it: run this again when that is done")


def _unopened(path: str, shown: str, error: OSError | ValueError) -> SourceError:
    hint = "let the user that runs this read it" if isinstance(error, PermissionError) else ""
    if not os.path.islink(path):
        return SourceError(f"can't read {shown}: {_reason(error)}", hint=hint)
    target = os.readlink(path)
    if isinstance(error, FileNotFoundError):
        hint = "restore what it points to (was it left out of the build?), or remove the link"
        return SourceError(f"can't read {shown}: it is a link to {target}, which does not exist", hint=hint)
    return SourceError(f"can't read {shown}: it is a link to {target}: {_reason(error)}", hint=hint)


def _reason(error: OSError | ValueError) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)


def _absolute(folder: str) -> str:
    try:
        return os.path.join(os.getcwd(), folder)
    except FileNotFoundError:  # the working directory was removed; the listing says so
        return folder


def _nearest(path: str) -> str:
    """Return the nearest part of a path that exists, the path itself included; links count."""
    path = path.rstrip("/") or "/"
    while path and not os.path.lexists(path) and os.path.dirname(path) != path:
        path = os.path.dirname(path)
    return path
