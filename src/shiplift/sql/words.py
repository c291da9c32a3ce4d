"""The first words of a statement, without the comments between them."""

from __future__ import annotations

import re

_GAP = re.compile(rb"(?:\s+|--[^\n]*(?:\n|\Z)|#[^\n]*(?:\n|\Z)|/\*(?![!+M]).*?\*/)+", re.DOTALL)
_WINDOW = 4096


def words(text: bytes, count: int = 12) -> list[bytes]:
    """Return up to ``count`` words, upper case; punctuation and quotes end or join words as they stand."""
    plain = _GAP.sub(b" ", text[:_WINDOW]).upper()
    return re.findall(rb'"[^"]*"|\w+|[^\s\w]', plain)[:count]
