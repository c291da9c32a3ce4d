"""The ``shiplift`` command: results on stdout, progress on stderr, one exit code."""

from __future__ import annotations

import os
import sys

from shiplift.cli.human import Progress, error_lines
from shiplift.errors import ShipliftError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

_HELP = {
    "release": "migrate; on failure take back what this release did (for a Procfile's release: line)",
    "up": "apply what is pending, or the first N",
    "down": "take back the newest N, or --all",
    "goto": "go up or down to version V",
    "redo": "take back the newest and apply it again",
    "force": "set the version row to V (or none); nothing is run",
    "rollback": "take back one release, from history if its files are gone",
    "version": "print the database's version",
    "status": "list every version and where it stands",
    "plan": "print what up would run",
    "history": "print what was done",
    "drop": "drop everything in the database (needs --yes)",
}


class Stopper:
    """Remembers the signal that asked this run to stop."""

    def __init__(self) -> None:
        self.signal = 0

    def __call__(self) -> bool:
        """Say whether it came."""
        return bool(self.signal)

    def listen(self) -> None:
        """Take SIGINT and SIGTERM, as often as they come."""
        import signal  # noqa: PLC0415

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._take)

    def _take(self, number: int, _frame: object) -> None:
        self.signal = self.signal or number


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    options = _parser().parse_args(arguments)
    stopper = Stopper()
    stopper.listen()
    try:
        code = _run(options, stopper)
    except ShipliftError as error:
        for line in error_lines(error):
            _say(line, sys.stderr.fileno())
        code = 128 + stopper.signal if stopper.signal and error.code == "interrupted" else error.exit_code
    return code


def _parser() -> ArgumentParser:
    from argparse import SUPPRESS, ArgumentParser  # noqa: PLC0415

    from shiplift import __version__  # noqa: PLC0415
    from shiplift.config.settings import SETTINGS  # noqa: PLC0415

    about = "Migrate before new code goes live, and take it back if that fails."
    parser = ArgumentParser("shiplift", description=about)
    parser.add_argument("-V", "--version", action="version", version=f"shiplift {__version__}")
    shared = ArgumentParser(add_help=False)
    for setting in SETTINGS:
        text = f"{setting.help} (default: {setting.default})" if setting.default else setting.help
        shared.add_argument(f"--{setting.name}", help=text, choices=setting.choices or None, default=SUPPRESS)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    made = {name: commands.add_parser(name, help=text, parents=[shared]) for name, text in _HELP.items()}
    made["up"].add_argument("number", nargs="?", type=int, metavar="N")
    made["down"].add_argument("number", nargs="?", type=int, metavar="N")
    made["down"].add_argument("--all", action="store_true", dest="everything")
    made["goto"].add_argument("number", type=int, metavar="V")
    made["force"].add_argument("number", metavar="V")
    made["rollback"].add_argument("--of", metavar="RELEASE")
    made["release"].add_argument("--dry-run", action="store_true")
    made["status"].add_argument("--exit-code", action="store_true", help="exit 4 when something is pending")
    made["drop"].add_argument("--yes", action="store_true")
    return parser


def _run(options: Namespace, stopper: Stopper) -> int:
    from shiplift.bootstrap import open_migrator  # noqa: PLC0415
    from shiplift.cli.commands import carry_out  # noqa: PLC0415
    from shiplift.config.settings import settings  # noqa: PLC0415

    flags = {name.replace("_", "-"): str(value) for name, value in vars(options).items()}
    chosen = settings(flags, os.environ)
    if options.command == "release" and not chosen["database"].strip() and chosen["missing-database"] == "skip":
        _say("no database: skipped", sys.stderr.fileno())
        return 0
    if options.command == "down" and options.number is None and not options.everything:
        raise UsageError("down needs a number, or --all", hint="shiplift down 1")
    if options.command == "drop" and not options.yes:
        raise UsageError("drop deletes every table and view of the database", hint="shiplift drop --yes")
    progress = Progress(lambda line: _say(line, sys.stderr.fileno()))
    with open_migrator(chosen, progress, stopper) as migrator:
        lines, code = carry_out(migrator, options, chosen)
    for line in lines:
        _say(line, sys.stdout.fileno())
    return code


def _say(line: str, stream: int) -> None:
    """Write one line at once; a reader that has gone away ends nothing."""
    data = (line + "\n").encode("utf-8", "backslashreplace")
    try:
        while data:
            data = data[os.write(stream, data) :]
    except BrokenPipeError:
        pass


if __name__ == "__main__":
    import signal

    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    sys.exit(main())
