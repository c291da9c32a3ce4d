"""What happened, while it happens: frozen events for whoever watches.

The engine tells; it never prints. An observer that raises is the caller's fault and ends the run.
"""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from shiplift.errors import ShipliftError
    from shiplift.model.holder import Holder
    from shiplift.model.plan import Plan, Step


class Planned(NamedTuple):
    """A plan was made, all of its scripts were read and hold together."""

    plan: Plan


class Connecting(NamedTuple):
    """A database did not answer; it will be asked again in ``pause`` seconds, until ``deadline``."""

    database: str
    reason: str
    pause: float


class Waiting(NamedTuple):
    """The run lock is held by another; ``seconds`` is how long this run has waited, of ``limit``."""

    holder: Holder | None
    seconds: float
    limit: float


class Started(NamedTuple):
    """A step began; ``number`` counts from 1, of ``total``."""

    step: Step
    number: int
    total: int


class Progressed(NamedTuple):
    """A step is at work: ``done`` of ``size`` bytes were sent, ``statements`` so far."""

    step: Step
    done: int
    size: int
    statements: int


class Finished(NamedTuple):
    """A step ended well. ``seconds`` is wall time."""

    step: Step
    seconds: float
    statements: int


class Failed(NamedTuple):
    """A step failed; the error follows as an exception, too."""

    step: Step
    error: ShipliftError


class Noticed(NamedTuple):
    """The server said something: a NOTICE, a warning."""

    severity: str
    message: str


class Warned(NamedTuple):
    """The engine has something to say that doesn't stop it."""

    message: str


class Reconciled(NamedTuple):
    """Row and history disagreed: another tool ran in between; the row won."""

    before: int | None
    after: int | None


class Undoing(NamedTuple):
    """A release failed; what it did is being taken back, ``steps`` in all."""

    steps: int


Event = (
    Planned | Connecting | Waiting | Started | Progressed | Finished | Failed | Noticed | Warned | Reconciled | Undoing
)

if TYPE_CHECKING:
    Observer = Callable[[Event], None]


def ignore(_event: Event) -> None:
    """Watch nothing."""
