"""From a position in a statement to a place in its file, and the line with a caret under it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shiplift.model.statement import Statement
    from shiplift.model.where import Where

_WINDOW = 100
_BEFORE = 60


def place(statement: Statement, position: int | None) -> tuple[int, int]:
    """Return line and column (from 1) in the file of a character position (from 0) in the statement."""
    if not position:
        return statement.line, statement.column
    before = str(statement)[:position]
    lines = before.count("\n")
    if not lines:
        return statement.line, statement.column + len(before)
    return statement.line + lines, len(before) - before.rindex("\n")


def caret(where: Where) -> tuple[str, str]:
    """Return the line, cut to a window of 100 characters, and the line under it that holds the caret."""
    at = max((where.column or 1) - 1, 0)
    start = max(at - _BEFORE, 0) if len(where.text) > _WINDOW else 0
    left = ("..." if start else "") + where.text[start:at].expandtabs(4)
    right = where.text[at : start + _WINDOW].expandtabs(4)
    more = "..." if len(where.text) > start + _WINDOW else ""
    return left + right + more, " " * _width(left) + "^"


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    from unicodedata import east_asian_width  # noqa: PLC0415 - only for lines that need it

    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
