"""Which way a migration runs."""

from __future__ import annotations

from enum import StrEnum


class Direction(StrEnum):
    """``up`` builds the next schema, ``down`` takes it back."""

    UP = "up"
    DOWN = "down"
