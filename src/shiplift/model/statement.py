"""Pieces of a script, with the place each one came from."""

from __future__ import annotations

from typing import NamedTuple


class Statement(NamedTuple):
    """One SQL statement.

    ``text`` is the statement without the comments and white space before it and without its terminator:
    ``script[offset:offset + len(text)] == text``. ``line`` and ``column`` (both from 1, columns counted in
    characters) are where ``text`` starts. ``begin`` and ``end`` (byte offsets) tile the script: a
    statement's ``begin`` is the ``end`` of the piece before it, so that all tiles joined, plus white space
    and comments after the last, are the script.
    """

    text: bytes
    line: int
    column: int
    offset: int
    begin: int
    end: int
    copy: bool = False
    """``COPY ... FROM stdin``: the ``CopyRows`` that follow are its data."""

    def __str__(self) -> str:
        return self.text.decode("utf-8", "replace")


class CopyRows(NamedTuple):
    r"""Data lines of the ``COPY ... FROM stdin`` before it; a large block comes in several pieces.

    ``data`` holds whole lines and ends with a line end; the closing ``\.`` belongs to the last tile only.
    """

    data: bytes
    line: int
    begin: int
    end: int
    last: bool


Piece = Statement | CopyRows
