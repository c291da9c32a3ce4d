"""What a run did, as values."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shiplift.model.plan import Plan, Step


class Ran(NamedTuple):
    """One step that ran to its end. ``seconds`` is wall time, ``statements`` how many ran."""

    step: Step
    seconds: float
    statements: int


class Result(NamedTuple):
    """All that a call did: the plan it followed and the steps that ran. Nothing to do is a result, too."""

    plan: Plan
    ran: tuple[Ran, ...] = ()
    stopped: bool = False
    """Whether a graceful stop was asked for before the plan's end."""

    @property
    def changed(self) -> bool:
        """Whether anything ran."""
        return bool(self.ran)

    @property
    def version(self) -> int | None:
        """The version the database is at."""
        return self.ran[-1].step.after if self.ran else self.plan.start
