"""Files inside an installed Python package: ``package://bookshop/db/migrations``."""

from __future__ import annotations

from io import BufferedReader, RawIOBase

from shiplift.errors import BadUrlError, SourceError
from shiplift.sources.directory import Directory
from shiplift.sources.location import location

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.resources.abc import Traversable
    from typing import BinaryIO, IO

    from _typeshed import WriteableBuffer

    from shiplift.ports.source import Source


def open_source(text: str) -> Package:
    """Open a folder in a package, by ``package://name`` or ``package://name/path``; nothing is imported yet.

    Raises:
        BadUrlError: no package named, a query, or a fragment.
    """
    name, _, folder = location(text).partition("/")
    if not name:
        raise BadUrlError("a package: URL names no package", hint="write package://bookshop/db/migrations")
    return Package(name, folder.strip("/"))


class Package:
    """A folder in a package, found by ``importlib.resources``: on disk, in a zip file, or wherever its loader looks.

    The package is imported at the first use.
    """

    def __init__(self, name: str, folder: str = "") -> None:
        self._name = name
        self._folder = folder
        self._inside: Source | None = None

    @property
    def display(self) -> str:
        """The URL."""
        return f"package://{self._name}/{self._folder}".rstrip("/")

    def list(self) -> Sequence[str]:
        """Return the names of all files in byte order.

        Raises:
            SourceError: no such package, or no such folder in it; the package can't be imported.
        """
        return self._found().list()

    def open(self, name: str) -> BinaryIO:
        """Open one file.

        Raises:
            SourceError: it can't be read; reads raise it, too.
        """
        return self._found().open(name)

    def path(self, name: str) -> str:
        """Return the path of a file, or its URL when the package isn't in a plain folder."""
        return self._found().path(name)

    def close(self) -> None:
        """Nothing is held."""

    def _found(self) -> Source:
        if self._inside is None:
            self._inside = self._find()
        return self._inside

    def _find(self) -> Source:
        from pathlib import Path  # noqa: PLC0415 - importlib.resources costs more than the rest of a start

        folder = _import(self._name, self.display)
        if self._folder:
            folder = folder.joinpath(self._folder)
        if not folder.is_dir():
            hint = "is it part of the build? (package data has to be declared)"
            message = f"the package {self._name} has no folder {self._folder}"
            raise SourceError(message, state="nothing was changed", hint=hint)
        return Directory(str(folder), self.display) if isinstance(folder, Path) else _Resources(folder, self.display)


class _Resources:
    """A folder that isn't on disk."""

    def __init__(self, folder: Traversable, display: str) -> None:
        self._folder = folder
        self.display = display

    def list(self) -> Sequence[str]:
        try:
            names = [entry.name for entry in self._folder.iterdir() if not entry.is_dir()]
        except Exception as error:  # noqa: BLE001 - a loader is somebody else's code
            raise SourceError(f"can't list {self.display}: {_said(error)}", state="nothing was changed") from None
        return sorted(names, key=lambda name: name.encode("utf-8", "surrogateescape"))

    def open(self, name: str) -> BinaryIO:
        shown = self.path(name)
        try:
            return BufferedReader(_Checked(self._folder.joinpath(name).open("rb"), shown))
        except Exception as error:  # noqa: BLE001 - as above
            raise SourceError(f"can't read {shown}: {_said(error)}") from None

    def path(self, name: str) -> str:
        return f"{self.display}/{name}"

    def close(self) -> None:
        pass


class _Checked(RawIOBase):
    """A stream whose every failure is a ``SourceError``: a zip file is checked while it is read."""

    def __init__(self, stream: IO[bytes], shown: str) -> None:
        self._stream = stream
        self._shown = shown

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        room = memoryview(buffer).cast("B")
        try:
            data = self._stream.read(len(room))
        except Exception as error:  # noqa: BLE001 - BadZipFile, EOFError, zlib.error, OSError, ...
            raise SourceError(f"can't read {self._shown}: {_said(error)}") from None
        room[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _import(name: str, display: str) -> Traversable:
    from importlib.resources import files  # noqa: PLC0415 - as above

    hint = ""
    try:
        return files(name)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        reason = f"there is no package {missing}"
        if name == missing or name.startswith(f"{missing}."):
            hint = "is it installed in this environment, and is this its import name?"
        else:
            reason = f"importing {name} failed: {_said(error)}"
    except TypeError:
        reason = f"{name} is a module, not a package"
    except Exception as error:  # noqa: BLE001 - importing runs the package's own code
        reason = f"importing {name} failed: {_said(error)}"
    raise SourceError(f"{display}: {reason}", state="nothing was changed", hint=hint)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
