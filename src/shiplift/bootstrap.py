"""The composition root: the only place where use cases and adapters meet."""

from __future__ import annotations

from shiplift.errors import BadUrlError, MissingDriverError, NoDatabaseError, unknown_name
from shiplift.formats import golang_migrate
from shiplift.migrate.migrator import Migrator
from shiplift.migrate.options import Options, OutOfOrder
from shiplift.model.entry import Provenance
from shiplift.model.url import parse_url
from shiplift.ports.database import Link
from shiplift.sources.directory import open_source
from shiplift.sql.directives import seconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from shiplift.events import Observer
    from shiplift.ports.database import Database, Stop

_SQLITE = ("sqlite", "sqlite3")
_LATER = ("postgres", "postgresql", "pgx", "pgx4", "pgx5", "mysql")


def open_migrator(settings: Mapping[str, str], observe: Observer, stop: Stop) -> Migrator:
    """Open database and source by the settings.

    Raises:
        NoDatabaseError: there is no URL.
        UsageError: the URL is none, its scheme isn't known, or a setting's value is not of its kind.
    """
    if not settings["database"].strip():
        raise NoDatabaseError("no database: DATABASE_URL is empty or missing", hint="set DATABASE_URL or --database")
    try:
        lock_wait = seconds(settings["lock-wait"])
    except ValueError as error:
        raise BadUrlError(f"lock-wait: {error}") from None
    return Migrator(
        _database(settings["database"].strip(), Link(stop, observe)),
        open_source(settings["source"]),
        golang_migrate,
        observe=observe,
        stop=stop,
        options=Options(out_of_order=OutOfOrder(settings["out-of-order"]), lock_wait=lock_wait),
        provenance=_provenance(settings),
    )


def _database(text: str, link: Link) -> Database:
    try:
        url = parse_url(text)
    except ValueError as error:
        raise BadUrlError(f"the database URL can't be read: {error}") from None
    if url.scheme in _SQLITE:
        from shiplift.databases.sqlite import open_database  # noqa: PLC0415 - only the one that is used

        return open_database(url, link)
    if url.scheme in _LATER:
        raise MissingDriverError(f"this version has no driver for {url.scheme} yet; it has SQLite")
    raise unknown_name("database scheme", url.scheme, (*_SQLITE, *_LATER))


def _provenance(settings: Mapping[str, str]) -> Provenance:
    from os import urandom  # noqa: PLC0415

    from shiplift import __version__  # noqa: PLC0415

    return Provenance(
        urandom(8).hex(), settings["release"], settings["commit"], tool=f"shiplift {__version__}"
    )
