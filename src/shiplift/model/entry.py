"""One row of ``shiplift_history``."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shiplift.model.direction import Direction


class Outcome(StrEnum):
    """How the thing that a history row tells of ended.

    Only ``applied`` and ``assumed`` rows change what counts as applied: for each version the last such
    row decides, by its direction.
    """

    STARTED = "started"
    """A migration that can't share one transaction with its record has begun; it is not known to have ended."""
    APPLIED = "applied"
    """The script ran to its end, and stands (``down`` rows: it was taken back)."""
    FAILED = "failed"
    """The script failed; what of it stands is in ``done``."""
    ASSUMED = "assumed"
    """The version row says so; another tool, or a person, brought the database there."""
    FORCED = "forced"
    """``force`` set the version row; nothing was run."""
    RECONCILED = "reconciled"
    """Row and history disagreed; the row won. The ``assumed`` rows around it are the consequence."""
    RELEASED = "released"
    """A release ended; ``note`` says how."""


class Provenance(NamedTuple):
    """Who did it, for which release: the same on every row of one run."""

    run: str = ""
    """Random, one per process run."""
    release: str = ""
    commit: str = ""
    actor: str = ""
    host: str = ""
    tool: str = ""


class Entry(NamedTuple):
    """One row of history. Rows are appended; only a ``started`` row's progress is ever rewritten.

    ``up_sql`` and ``down_sql`` are the scripts' own bytes (adapters store them as given; the engine
    compresses and caps them), ``content_hash`` is a hex SHA-256 that ignores line ends and a BOM,
    ``started_at`` is Unix time in seconds by the client's clock, ``duration_ms`` is milliseconds.
    """

    outcome: Outcome
    direction: Direction
    version: int | None
    title: str = ""
    content_hash: str = ""
    up_sql: bytes | None = None
    down_sql: bytes | None = None
    statements: int = 0
    done: tuple[str, ...] = ()
    started_at: float = 0.0
    duration_ms: int | None = None
    error: str = ""
    note: str = ""
    fingerprint: str = ""
    provenance: Provenance = Provenance()
    id: int | None = None
    """The row's number, given by the database; order is by it, never by the clock."""
