"""A place in a file."""

from __future__ import annotations

from typing import NamedTuple


class Where(NamedTuple):
    """File, line and column (from 1, columns in characters), and the line itself.

    ``text`` is the line without its end; empty when it isn't known.
    """

    file: str
    line: int | None = None
    column: int | None = None
    text: str = ""

    def __str__(self) -> str:
        if self.line is None:
            return self.file
        if self.column is None:
            return f"{self.file}:{self.line}"
        return f"{self.file}:{self.line}:{self.column}"
