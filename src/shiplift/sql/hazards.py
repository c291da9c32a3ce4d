"""Statements that need care: those that can't be in a transaction, and those that end or begin one."""

from __future__ import annotations

import re
from typing import NamedTuple

from shiplift.sql.words import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shiplift.sql.dialects import Dialect


class Control(NamedTuple):
    """A transaction control statement.

    ``kind`` is begin, commit, rollback, savepoint, release, rollback-to, prepare or set; ``chain`` says
    ``AND CHAIN``.
    """

    kind: str
    chain: bool
    text: bytes


_FIRST = re.compile(rb"[A-Za-z]+")
_CONTROL = {
    b"BEGIN": "begin",
    b"START": "begin",
    b"COMMIT": "commit",
    b"END": "commit",
    b"ROLLBACK": "rollback",
    b"ABORT": "rollback",
    b"SAVEPOINT": "savepoint",
    b"RELEASE": "release",
    b"PREPARE": "prepare",
    b"SET": "set",
}
# PostgreSQL: every caller of PreventInTransactionBlock, as the manual's pages of the commands say.
_POSTGRES = re.compile(
    rb"(?:(?:CREATE (?:UNIQUE )?|DROP )INDEX CONCURRENTLY"
    rb"|REINDEX (?:\( [^)]*\) )?(?:SCHEMA|DATABASE|SYSTEM)|REINDEX (?:\( [^)]*\) )?(?:TABLE|INDEX) CONCURRENTLY"
    rb"|REINDEX \( [^)]*CONCURRENTLY[^)]*\)"
    rb"|VACUUM|(?:CREATE|DROP) DATABASE|ALTER DATABASE \S+ SET TABLESPACE|(?:CREATE|DROP) TABLESPACE|ALTER SYSTEM"
    rb"|(?:CREATE|DROP) SUBSCRIPTION|ALTER SUBSCRIPTION \S+ (?:REFRESH|(?:SET|ADD|DROP) PUBLICATION)"
    rb"|CLUSTER$|CLUSTER VERBOSE$|(?:COMMIT|ROLLBACK) PREPARED|DISCARD ALL"
    rb"|ALTER TABLE .*DETACH PARTITION .* CONCURRENTLY)(?: |$)"
)
_SQLITE = re.compile(
    rb"(?:VACUUM|DETACH|PRAGMA (?:\w+ \. )?(?:FOREIGN_KEYS|JOURNAL_MODE|SYNCHRONOUS|WAL_CHECKPOINT))(?: |$)"
)
# MySQL manual, "Statements That Cause an Implicit Commit".
_MYSQL = re.compile(
    rb"(?:ALTER|ANALYZE|CACHE|CHANGE|CHECK|CREATE|DROP|FLUSH|GRANT|INSTALL|LOAD INDEX|LOCK TABLES?|OPTIMIZE|RENAME"
    rb"|REPAIR|RESET|REVOKE|SET PASSWORD|START (?:SLAVE|REPLICA)|STOP (?:SLAVE|REPLICA)|TRUNCATE|UNINSTALL"
    rb"|UNLOCK TABLES?)(?: |$)"
)
_MYSQL_TEMPORARY = re.compile(rb"(?:CREATE (?:OR REPLACE )?|DROP )TEMPORARY TABLE ")


def outside_transaction(text: bytes, dialect: Dialect) -> str:
    """Say why a statement can't run inside a transaction; empty if it can."""
    pattern = _POSTGRES if dialect.name == "postgres" else _SQLITE if dialect.name == "sqlite" else None
    return _said(text, pattern) if pattern else ""


def implicit_commit(text: bytes, dialect: Dialect) -> str:
    """Say which statement commits by itself (MySQL); empty if it doesn't."""
    if dialect.name != "mysql":
        return ""
    if text.startswith(b"/*"):
        return "executable comment"
    said = _said(text, _MYSQL)
    return "" if said and _MYSQL_TEMPORARY.match(b" ".join(words(text)) + b" ") else said


def _said(text: bytes, pattern: re.Pattern[bytes]) -> str:
    match = pattern.match(b" ".join(words(text, 40)))
    return match[0].decode().strip() if match else ""


def transaction_control(text: bytes, dialect: Dialect) -> Control | None:
    """Recognise transaction control; ``None`` for everything else."""
    first = _FIRST.match(text)
    kind = _CONTROL.get(first[0].upper()) if first else None
    if kind is None:
        return None
    found = words(text)
    second = found[1] if len(found) > 1 else b""
    if kind == "rollback" and b"TO" in found:
        kind = "rollback-to"
    if not _is_control(found[0], second, dialect):
        return None
    return Control(kind, b"CHAIN" in found and b"NO" not in found, text)


def _is_control(first: bytes, second: bytes, dialect: Dialect) -> bool:
    if first in {b"COMMIT", b"ROLLBACK"}:
        return second != b"PREPARED"
    needed = {b"START": b"TRANSACTION", b"PREPARE": b"TRANSACTION", b"SET": b"TRANSACTION"}.get(first)
    if needed is not None:
        return second == needed
    return first != b"ABORT" or dialect.name == "postgres"
