"""What is asked of the planner."""

from __future__ import annotations

from typing import NamedTuple


class Up(NamedTuple):
    """Apply what is pending: all of it, or the first ``limit``."""

    limit: int | None = None


class Down(NamedTuple):
    """Take back the newest ``limit`` migrations; ``None`` is all of them."""

    limit: int | None = 1


class Goto(NamedTuple):
    """Go up or down until the database is at ``version``."""

    version: int


class Redo(NamedTuple):
    """Take back the newest migration and apply it again."""


class TakeBack(NamedTuple):
    """Take back exactly these versions, newest first. With ``stored`` their down scripts come from history."""

    versions: tuple[int, ...]
    stored: bool = False


Goal = Up | Down | Goto | Redo | TakeBack
