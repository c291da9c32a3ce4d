"""Who holds the run lock."""

from __future__ import annotations

from typing import NamedTuple


class Holder(NamedTuple):
    """What is known of the process that holds the run lock; empty where the server doesn't say.

    ``pid`` is the server's process id on PostgreSQL and MySQL, the client's on SQLite; ``seconds`` is how
    long that session has been at work.
    """

    pid: int | None = None
    application: str = ""
    host: str = ""
    seconds: float | None = None

    def __str__(self) -> str:
        parts = [self.application or "another process"]
        if self.pid is not None:
            parts.append(f"pid {self.pid}")
        if self.host:
            parts.append(f"on {self.host}")
        if self.seconds is not None:
            parts.append(f"for {self.seconds:.0f} s")
        return ", ".join(parts)
