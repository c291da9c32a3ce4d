"""Directives: comments at the head of a script, ``-- shiplift: transaction=off lock-timeout=5s``."""

from __future__ import annotations

import re
from typing import NamedTuple

from shiplift.errors import UsageError, unknown_name
from shiplift.model.where import Where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shiplift.sql.dialects import Dialect

_LINE = re.compile(r"\s*(?:--|#)\s*shiplift:\s*(.*?)\s*\Z")
_COMMENT = re.compile(r"\s*(?:(?:--|#).*)?\Z")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)?")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, None: 1.0}
_LATER = ("phase", "repeat-until-zero", "require", "verify", "template")
_KNOWN = ("transaction", "lock-timeout", "statement-timeout")


class Directives(NamedTuple):
    """What a script says of itself. Timeouts are in seconds."""

    transaction: bool | None = None
    lock_timeout: float | None = None
    statement_timeout: float | None = None


def read(head: bytes, dialect: Dialect, *, file: str = "") -> Directives:
    """Read the directives at the head of a script.

    Raises:
        UnknownNameError: no such directive.
        UsageError: a bad or repeated value, or a directive that this version doesn't carry out.
    """
    del dialect
    if b"shiplift:" not in head:
        return Directives()
    found: dict[str, str] = {}
    for number, line in enumerate(head.decode("utf-8", "replace").removeprefix("\ufeff").splitlines(), 1):
        match = _LINE.match(line)
        if match:
            _collect(found, match[1], Where(file, number, 1, line))
        elif not _COMMENT.match(line):
            break
    return _values(found, file)


def _collect(found: dict[str, str], text: str, where: Where) -> None:
    for word in text.split():
        name, _, value = word.rstrip(",").partition("=")
        name = name.rstrip(":")
        if name in _LATER:
            raise UsageError(
                f"the directive {name} isn't carried out by this version", where=where, state="nothing was changed"
            )
        if name not in _KNOWN:
            raise unknown_name("directive", name, _KNOWN, where=where)
        if name in found:
            raise UsageError(f"the directive {name} is given twice", where=where)
        found[name] = value
        _check(name, value, where)


def _check(name: str, value: str, where: Where) -> None:
    if name == "transaction" and value not in {"on", "off"}:
        raise UsageError(f"transaction={value}", where=where, hint="say transaction=on or transaction=off")
    if name != "transaction" and not _DURATION.fullmatch(value):
        raise UsageError(f"{name}={value} is not a duration", where=where, hint="such as 100ms, 5s, 10m, 1h")


def _values(found: dict[str, str], file: str) -> Directives:
    del file
    transaction = {"on": True, "off": False}.get(found.get("transaction", ""))
    timeouts = {name: seconds(found[name]) for name in found if name != "transaction"}
    return Directives(transaction, timeouts.get("lock-timeout"), timeouts.get("statement-timeout"))


def seconds(text: str) -> float:
    """Read a duration: ``100ms``, ``5s``, ``10m``, ``1h``; a bare number is seconds.

    Raises:
        ValueError: it is none.
    """
    match = _DURATION.fullmatch(text)
    if not match:
        raise ValueError(f"{text} is not a duration: such as 100ms, 5s, 10m, 1h")
    return float(match[1]) * _UNITS[match[2]]
