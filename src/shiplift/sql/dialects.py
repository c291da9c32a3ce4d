"""What differs between dialects for whoever reads SQL as text."""

from __future__ import annotations

from typing import NamedTuple


class Dialect(NamedTuple):
    """Flags of a dialect's lexical rules."""

    name: str
    backslash: bool = False
    """Backslash escapes in every string; otherwise only in ``E''``."""
    dollar: bool = False
    nested: bool = False
    """Comments nest."""
    hash: bool = False
    """``#`` starts a comment."""
    brackets: bool = False
    """``[name]`` is an identifier."""
    delimiter: bool = False
    meta: bool = False
    """A backslash starts a psql command."""
    copy: bool = False


POSTGRES = Dialect("postgres", dollar=True, nested=True, meta=True, copy=True)
MYSQL = Dialect("mysql", backslash=True, hash=True, delimiter=True)
SQLITE = Dialect("sqlite", brackets=True)

_BY_NAME = {dialect.name: dialect for dialect in (POSTGRES, MYSQL, SQLITE)}


def by_name(name: str) -> Dialect:
    """Return a dialect.

    Raises:
        KeyError: there is none of that name.
    """
    return _BY_NAME[name]
