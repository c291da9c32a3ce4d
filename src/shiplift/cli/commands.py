"""The commands: each calls the engine once and turns its value into lines and an exit code."""

from __future__ import annotations

from time import gmtime, strftime

from shiplift.errors import UsageError
from shiplift.migrate.goal import Up
from shiplift.model.state import Mark

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping

    from shiplift.migrate.migrator import Migrator
    from shiplift.model.plan import Plan
    from shiplift.model.result import Result

_PENDING = 4


def carry_out(migrator: Migrator, options: Namespace, settings: Mapping[str, str]) -> tuple[list[str], int]:
    """Run one command; return the lines of its result, and the exit code."""
    command = options.command
    if command == "release":
        return _release(migrator, options, settings), 0
    if command in {"up", "down", "goto", "redo", "rollback"}:
        return _moved(_move(migrator, options)), 0
    if command == "status":
        return _status(migrator, exit_code=options.exit_code)
    return _other(migrator, options), 0


def _move(migrator: Migrator, options: Namespace) -> Result:
    if options.command == "up":
        return migrator.up(options.number)
    if options.command == "down":
        return migrator.down(None if options.everything else options.number)
    if options.command == "goto":
        return migrator.goto(options.number)
    return migrator.redo() if options.command == "redo" else migrator.rollback(options.of)


def _release(migrator: Migrator, options: Namespace, settings: Mapping[str, str]) -> list[str]:
    from shiplift.release.phase import IfNewer, OnFailure, Policy, Release  # noqa: PLC0415

    policy = Policy(OnFailure(settings["on-failure"]), IfNewer(settings["if-newer"]))
    release = Release(migrator, policy)
    return _planned(release.plan()) if options.dry_run else _moved(release.run())


def _moved(result: Result) -> list[str]:
    if not result.changed:
        return [f"nothing to do: the database is at {Mark(result.version)}"]
    seconds = sum(ran.seconds for ran in result.ran)
    return [
        f"{len(result.ran)} migration{'' if len(result.ran) == 1 else 's'}"
        f" in {seconds:.2f} s: {Mark(result.plan.start)} -> {Mark(result.version)}"
    ]


def _planned(plan: Plan) -> list[str]:
    if not plan.steps:
        return [f"nothing to do: the database is at {Mark(plan.start)}"]
    return [f"{step.direction:<4}  {step.migration.label}" for step in plan.steps]


def _status(migrator: Migrator, *, exit_code: bool) -> tuple[list[str], int]:
    status = migrator.status()
    width = max((len(line.migration.label) for line in status.lines), default=0)
    lines = [
        f"{line.standing:<8}  {line.migration.label:<{width}}  {line.entry.provenance.release if line.entry else ''}"
        for line in status.lines
    ]
    end = f"{len(status.pending)} pending; the database is at {status.state.mark}"
    return [*(line.rstrip() for line in lines), end], _PENDING if exit_code and status.pending else 0


def _other(migrator: Migrator, options: Namespace) -> list[str]:
    if options.command == "version":
        return [str(migrator.version()).removeprefix("version ")]
    if options.command == "plan":
        return _planned(migrator.plan(Up()))
    if options.command == "force":
        return [f"the database is at {migrator.force(_version(options.number))}; nothing was run"]
    if options.command == "drop":
        return [f"dropped {what}" for what in migrator.drop()]
    return [
        f"{_when(entry.started_at)}  {entry.outcome:<10}  {entry.direction:<4}  {entry.version or ''}_{entry.title}"
        f"  {entry.error or entry.note}".rstrip()
        for entry in migrator.history()
    ]


def _when(seconds: float) -> str:
    return strftime("%Y-%m-%d %H:%M:%S", gmtime(seconds)) if seconds else " " * 19


def _version(text: str) -> int | None:
    if text in {"none", "-1"}:
        return None
    if not text.isascii() or not text.isdigit():
        raise UsageError(f"{text} is not a version", hint="give a number, or none")
    return int(text)
