"""The release phase: migrate, and on failure take back exactly what this release did."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from shiplift.errors import FailedError, InterruptedRunError, NewerDatabaseError, RollbackError, ShipliftError
from shiplift.events import Undoing, Warned
from shiplift.migrate.goal import Up

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shiplift.migrate.migrator import Migrator
    from shiplift.model.plan import Plan
    from shiplift.model.result import Result


class OnFailure(StrEnum):
    """What to do when a migration fails."""

    ROLLBACK = "rollback"
    STOP = "stop"
    DOWN_ALL = "down-all"
    """Take back every release's migrations, as the old scripts do: it deletes the data of all of them."""


class IfNewer(StrEnum):
    """What to do when the database is ahead of this release's files."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    REVERT = "revert"


class Policy(NamedTuple):
    """The settings of a release."""

    on_failure: OnFailure = OnFailure.ROLLBACK
    if_newer: IfNewer = IfNewer.WARN


class Release:
    """One release of one database."""

    def __init__(self, migrator: Migrator, policy: Policy = Policy()) -> None:  # noqa: B008 - a frozen value
        self.migrator, self.policy = migrator, policy

    def plan(self) -> Plan:
        """Say what a run would do."""
        return self.migrator.plan(Up())

    def run(self) -> Result:
        """Migrate; on failure undo by the policy and raise what failed, its ``state`` saying what was undone.

        Raises:
            NewerDatabaseError: the database is ahead, and the policy is to fail.
            RollbackError: what this release did could not be taken back.
            ShipliftError: whatever ended the run.
        """
        self.migrator.ran = []
        try:
            result = self.migrator.up()
        except (FailedError, InterruptedRunError) as error:
            self._undo(error)
            raise
        if result.plan.newer:
            return self._newer(result)
        return result

    def _undo(self, error: ShipliftError) -> None:
        ran = [done.step for done in self.migrator.ran]
        if self.policy.on_failure == OnFailure.STOP or not ran:
            return
        everything = self.policy.on_failure == OnFailure.DOWN_ALL
        self.migrator.observe(Undoing(len(ran)))
        # The request to stop has been obeyed; what comes now must not be stopped half-way.
        self.migrator.stop = lambda: False
        try:
            if everything:
                undone = self.migrator.down(None)
            else:
                undone = self.migrator.take_back([step.migration.version for step in ran], stored=True)
        except ShipliftError as second:
            details = (f"first: {error.message}", *second.details)
            raise RollbackError(
                f"the release failed and couldn't be taken back: {second.message}",
                where=second.where,
                details=details,
                state=second.state or f"the database is at {self.migrator.version()}",
                hint=second.hint or "shiplift status",
            ) from error
        shown = "no version" if undone.version is None else f"version {undone.version}"
        error.state = f"{len(undone.ran)} migration(s) of this release were taken back; the database is at {shown}"

    def _newer(self, result: Result) -> Result:
        newer = result.plan.newer
        listed = ", ".join(str(version) for version in newer)
        message = f"the database is ahead of this release's files by {len(newer)}: {listed}"
        if self.policy.if_newer == IfNewer.FAIL:
            raise NewerDatabaseError(message, state="nothing was changed", hint="deploy the newer release")
        if self.policy.if_newer == IfNewer.REVERT:
            return self.migrator.take_back(newer, stored=True)
        if self.policy.if_newer == IfNewer.WARN:
            self.migrator.observe(Warned(message))
        return result
