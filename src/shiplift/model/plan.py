"""Plans are values: what would run, in which order, from where to where."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shiplift.model.direction import Direction
    from shiplift.model.migration import Migration


class Step(NamedTuple):
    """One migration, one way.

    ``before`` and ``after`` are what the version row holds around it. ``stored`` says that the script is
    taken from history (its file is not in this release's folder).
    """

    migration: Migration
    direction: Direction
    before: int | None
    after: int | None
    stored: bool = False

    @property
    def file(self) -> str | None:
        """The name of the file to run, as the source lists it; ``None`` when there is none."""
        return self.migration.file(self.direction)


class Plan(NamedTuple):
    """Steps in order. An empty plan is an answer: nothing to do.

    ``newer`` lists applied versions, ascending, that are above every file of the folder: the database
    belongs to a newer release. ``skipped`` lists older files that were never applied and, by the
    ``out-of-order`` setting, are passed over. ``short`` is how many of the steps asked for don't exist.
    """

    steps: tuple[Step, ...] = ()
    start: int | None = None
    newer: tuple[int, ...] = ()
    skipped: tuple[Migration, ...] = ()
    short: int = 0

    @property
    def end(self) -> int | None:
        """The version after the last step."""
        return self.steps[-1].after if self.steps else self.start
