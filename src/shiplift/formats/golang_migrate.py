"""golang-migrate's names: ``{version}_{title}.up.{ext}`` and ``.down.``.

The grammar is its regular expression, greedy, case-sensitive; the extension is not looked at
(https://github.com/golang-migrate/migrate, source/parse.go).
"""

from __future__ import annotations

import re

from shiplift.errors import DuplicateMigrationError, SourceError
from shiplift.model.migration import Folder, Migration
from shiplift.model.version import MAX_VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_NAME = re.compile(r"([0-9]+)_(.*)\.(down|up)\.(.*)\Z", re.ASCII)


def folder(names: Iterable[str], display: str) -> Folder:
    """Sort file names into migrations, ascending by number.

    Raises:
        DuplicateMigrationError: two files of one version and direction; names both.
        SourceError: a version above 2^63-1.
    """
    found: dict[int, Migration] = {}
    ignored: list[str] = []
    for name in names:
        match = _NAME.match(name)
        if match is None:
            ignored.append(name)
            continue
        version, title, direction = int(match[1]), match[2], match[3]
        if version > MAX_VERSION:
            raise SourceError(f"{display}: the version of {name} is above {MAX_VERSION}", state="nothing was changed")
        have = found.get(version) or Migration(version, title)
        taken = have.up if direction == "up" else have.down
        if taken is not None:
            raise _duplicate(display, taken, name)
        found[version] = have._replace(up=name) if direction == "up" else have._replace(down=name)
    return Folder(tuple(found[version] for version in sorted(found)), tuple(ignored))


def _duplicate(display: str, first: str, second: str) -> DuplicateMigrationError:
    copy = next((name for name in (first, second) if name.endswith(("~", ".bak", ".orig", ".swp"))), None)
    hint = f"{copy} looks like a backup copy: delete it" if copy else "give one of them another version"
    message = f"{display}: two files of one version: {first} and {second}"
    return DuplicateMigrationError(message, state="nothing was changed", hint=hint)
