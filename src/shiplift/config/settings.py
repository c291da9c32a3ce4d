"""Settings, strongest first: flag, environment, default."""

from __future__ import annotations

from typing import NamedTuple

from shiplift.errors import UsageError, unknown_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Setting(NamedTuple):
    """One setting: its flag is ``--name``, its variable ``SHIPLIFT_NAME``."""

    name: str
    default: str
    help: str
    choices: tuple[str, ...] = ()


SETTINGS = (
    Setting("database", "", "URL of the database (also DATABASE_URL)"),
    Setting("source", "db/migrations", "folder of the migrations"),
    Setting("on-failure", "rollback", "what a failed release does", ("rollback", "stop", "down-all")),
    Setting("if-newer", "warn", "when the database is ahead of the files", ("ok", "warn", "fail", "revert")),
    Setting("missing-database", "refuse", "when no URL is given", ("refuse", "skip")),
    Setting("out-of-order", "error", "a file older than the newest applied", ("error", "apply", "ignore")),
    Setting("lock-wait", "5m", "how long to wait for the run lock"),
    Setting("release", "", "release id (else the platform's)"),
    Setting("commit", "", "commit id (else the platform's)"),
)
_PLATFORM = {
    "release": ("HEROKU_RELEASE_VERSION", "CONTAINER_VERSION", "FLY_RELEASE_VERSION"),
    "commit": ("HEROKU_SLUG_COMMIT", "SOURCE_VERSION", "RENDER_GIT_COMMIT", "RAILWAY_GIT_COMMIT_SHA", "GITHUB_SHA"),
    "database": ("DATABASE_URL",),
}


def settings(flags: Mapping[str, str | None], environ: Mapping[str, str]) -> dict[str, str]:
    """Decide every setting.

    Raises:
        UnknownNameError: a ``SHIPLIFT_`` variable that is no setting.
        UsageError: a value that isn't among the choices.
    """
    known = {_variable(setting.name): setting for setting in SETTINGS}
    for name in environ:
        if name.startswith("SHIPLIFT_") and name not in known and not name.startswith("SHIPLIFT_TEST_"):
            raise unknown_name("variable", name, known)
    return {setting.name: _value(setting, flags, environ) for setting in SETTINGS}


def _variable(name: str) -> str:
    return "SHIPLIFT_" + name.upper().replace("-", "_")


def _value(setting: Setting, flags: Mapping[str, str | None], environ: Mapping[str, str]) -> str:
    given = flags.get(setting.name) or environ.get(_variable(setting.name))
    for name in _PLATFORM.get(setting.name, ()):
        given = given or environ.get(name)
    value = given or setting.default
    if setting.choices and value not in setting.choices:
        raise UsageError(f"{setting.name} = {value}", hint="one of: " + ", ".join(setting.choices))
    return value
