"""How a run behaves where there is a choice."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class OutOfOrder(StrEnum):
    """What to do about a file that is older than the newest applied one and was never applied."""

    ERROR = "error"
    APPLY = "apply"
    IGNORE = "ignore"
    """Pass over it, as golang-migrate does."""


class Missing(StrEnum):
    """What to do about a version that has no file for the direction asked for."""

    REFUSE = "refuse"
    EMPTY = "empty"
    """Count it as an empty script, as golang-migrate does: the version moves, nothing runs."""


class Options(NamedTuple):
    """Times are in seconds.

    ``lock_wait`` is how long to wait for the run lock, ``connect_wait`` how long to go on asking a database
    that doesn't answer. ``lock_timeout`` and ``statement_timeout`` are given to the server for each
    migration; a file's own directives are stronger. ``store_cap`` is the largest script, in bytes, that is
    kept in history; larger ones are recorded by hash only.
    """

    out_of_order: OutOfOrder = OutOfOrder.ERROR
    missing: Missing = Missing.REFUSE
    lock_wait: float = 300.0
    connect_wait: float = 0.0
    lock_timeout: float | None = None
    statement_timeout: float | None = None
    store_cap: int = 4 * 1024 * 1024
