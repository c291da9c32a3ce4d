"""The splitter: a stream of bytes in, statements out, each with its place.

Lines are counted by line feeds. What comes after a statement is read no sooner than it is needed; memory is
bounded by the largest statement.
"""

from __future__ import annotations

import re

from shiplift.errors import ScriptError
from shiplift.model.statement import CopyRows, Statement
from shiplift.model.where import Where
from shiplift.sql.content import BOM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from shiplift.model.statement import Piece
    from shiplift.sql.dialects import Dialect

_CHUNK = 256 * 1024
_TOKENS = {
    "postgres": rb"'|\"|--|/\*|\$(?:[A-Za-z_\x80-\xff][\w\x80-\xff]*)?\$|[();]"
    rb"|[A-Za-z_\x80-\xff][\w$\x80-\xff]*|\d[\w$]*",
    "mysql": rb"'|\"|`|--(?=[\s\x00])|#|/\*|[();]|[A-Za-z_][\w$]*",
    "sqlite": rb"'|\"|`|\[|--|/\*|[();]|[A-Za-z_][\w$]*",
}
_SPACE = re.compile(rb"\s+")
_COPY = re.compile(rb"COPY\b.*\bFROM\s+STDIN\b", re.IGNORECASE | re.DOTALL)
_TRIGGER = re.compile(rb"CREATE\s+(?:TEMP\s+|TEMPORARY\s+)?TRIGGER\b", re.IGNORECASE)
_COMPOUND = re.compile(
    rb"CREATE\s+(?:OR\s+REPLACE\s+)?(?:DEFINER\s*=\s*\S+\s+)?(?:AGGREGATE\s+)?(?:PROCEDURE|FUNCTION|TRIGGER|EVENT)\b",
    re.IGNORECASE,
)
_ROUTINE = re.compile(rb"CREATE\s+(?:OR\s+REPLACE\s+)?(?:FUNCTION|PROCEDURE)\b", re.IGNORECASE)
_CONTINUED = {b"IF", b"CASE", b"LOOP", b"WHILE", b"REPEAT", b"FOR"}
_DELIMITER = re.compile(rb"DELIMITER[ \t]+(\S+)[ \t]*\r?(?:\n|\Z)", re.IGNORECASE)
_META = re.compile(rb"\\(\S*)[^\n]*(?:\n|\Z)")


class _NeedMore(Exception):  # noqa: N818 - not an error
    """The buffer ends inside of something."""


class _Unended(Exception):  # noqa: N818 - becomes a ScriptError with its place
    def __init__(self, what: str, at: int) -> None:
        super().__init__(what)
        self.what = what
        self.at = at


def split(stream: BinaryIO, dialect: Dialect, *, file: str = "") -> Iterator[Piece]:
    """Split a script.

    Raises:
        ScriptError: something is opened and never ended, a psql command, a NUL byte, or not UTF-8 but UTF-16.
    """
    return _Splitter(stream, dialect, file).pieces()


class _Splitter:
    def __init__(self, stream: BinaryIO, dialect: Dialect, file: str) -> None:
        self.stream, self.dialect, self.file = stream, dialect, file
        self.token = re.compile(_TOKENS[dialect.name])
        self.buffer = b""
        self.base = 0
        self.line, self.line_start = 1, b""
        self.final = False
        self.delimiter = b";"

    def pieces(self) -> Iterator[Piece]:
        while len(self.buffer) < len(BOM) and not self.final:
            self._more()
        if self.buffer.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise self._error("the file is UTF-16", 0, "save it as UTF-8")
        begin, at = 0, len(BOM) if self.buffer.startswith(BOM) else 0
        while True:
            try:
                start = self._gap(at)
                if start >= len(self.buffer):
                    if self.final:
                        return
                    raise _NeedMore
                end, next_at = self._statement(start)
            except _NeedMore:
                self._more()
                continue
            except _Unended as error:
                raise self._error(f"{error.what} is never ended", error.at) from None
            text = self.buffer[start:end].rstrip()
            if text:
                copies = self.dialect.copy and bool(_COPY.match(text))
                yield self._made(text, start, begin, next_at, copies=copies)
                self._drop(next_at)
                begin = at = 0
                if copies:
                    yield from self._rows()
            else:
                at = next_at

    def _made(self, text: bytes, start: int, begin: int, end: int, *, copies: bool) -> Statement:
        line, column = self._place(start)
        return Statement(text, line, column, self.base + start, self.base + begin, self.base + end, copies)

    def _more(self) -> None:
        data = self.stream.read(max(_CHUNK, len(self.buffer)))
        self.final = not data
        nul = data.find(b"\0")
        self.buffer += data
        if nul >= 0:
            raise self._error("a NUL byte", len(self.buffer) - len(data) + nul)

    def _drop(self, count: int) -> None:
        gone = self.buffer[:count]
        lines = gone.count(b"\n")
        self.line += lines
        self.line_start = gone[gone.rindex(b"\n") + 1 :] if lines else self.line_start + gone
        self.base += count
        self.buffer = self.buffer[count:]

    def _place(self, at: int) -> tuple[int, int]:
        before = self.buffer[:at]
        lines = before.count(b"\n")
        head = before[before.rindex(b"\n") + 1 :] if lines else self.line_start + before
        return self.line + lines, len(head.removeprefix(BOM).decode("utf-8", "replace")) + 1

    def _error(self, message: str, at: int, hint: str = "") -> ScriptError:
        line, column = self._place(at)
        head = self.buffer[:at].rpartition(b"\n")[2]
        tail = self.buffer[at:].partition(b"\n")[0]
        text = (head + tail).decode("utf-8", "replace").rstrip("\r")
        where = Where(self.file, line, column, text)
        return ScriptError(message, where=where, state="nothing was changed", hint=hint)

    def _gap(self, at: int) -> int:
        """Skip white space, comments, ``DELIMITER`` and psql's own no-ops."""
        while True:
            space = _SPACE.match(self.buffer, at)
            at = space.end() if space else at
            mark = self.buffer[at : at + 3]
            if not self.final and len(self.buffer) - at < 64 and not self._line_ends(at):  # noqa: PLR2004
                raise _NeedMore
            if mark[:2] == b"/*" and not (self.dialect.delimiter and mark in {b"/*!", b"/*M", b"/*+"}):
                at = self._comment(at)
            elif mark[:2] == b"--" or (mark[:1] == b"#" and self.dialect.hash):
                at = self._to_line_end(at)
            elif mark[:1] == b"\\" and self.dialect.meta:
                at = self._meta(at)
            elif self.dialect.delimiter and (match := _DELIMITER.match(self.buffer, at)):
                self.delimiter = match[1]
                at = match.end()
            else:
                return at

    def _line_ends(self, at: int) -> bool:
        return self.buffer.find(b"\n", at) >= 0

    def _meta(self, at: int) -> int:
        end = self._to_line_end(at)
        match = _META.match(self.buffer, at)
        name = match[1].decode("utf-8", "replace") if match else ""
        if name in {"restrict", "unrestrict"}:
            return end
        raise self._error(f"\\{name} is a psql command, not SQL", at, "remove it; psql alone understands it")

    def _to_line_end(self, at: int) -> int:
        end = self.buffer.find(b"\n", at)
        if end < 0 and not self.final:
            raise _NeedMore
        return len(self.buffer) if end < 0 else end + 1

    def _comment(self, at: int) -> int:
        depth, here = 0, at
        for match in re.compile(rb"/\*|\*/").finditer(self.buffer, at):
            if match.start() < here:
                continue
            here = match.end()
            if match[0] == b"*/":
                depth -= 1
            elif self.dialect.nested or not depth:
                depth += 1
            if not depth:
                return here
        raise self._unended("this comment", at)

    def _unended(self, what: str, at: int) -> Exception:
        return _Unended(what, at) if self.final else _NeedMore()

    def _find(self, what: bytes, at: int, name: str, opened: int) -> int:
        end = self.buffer.find(what, at)
        if end < 0:
            raise self._unended(name, opened)
        return end + len(what)

    def _quoted(self, at: int, quote: bytes, *, backslash: bool) -> int:
        here = at + 1
        while True:
            end = self._find(quote, here, "this string" if quote == b"'" else "this name", at) - 1
            if backslash:
                slashes = len(self.buffer[here:end]) - len(self.buffer[here:end].rstrip(b"\\"))
                if slashes % 2:
                    here = end + 1
                    continue
            if end + 1 >= len(self.buffer) and not self.final:
                raise _NeedMore
            if self.buffer[end + 1 : end + 2] != quote:
                return end + 1
            here = end + 2

    def _statement(self, start: int) -> tuple[int, int]:
        """Return where the statement ends, and where its tile does."""
        if self.delimiter != b";":
            end = self.buffer.find(self.delimiter, start)
            if end < 0 and not self.final:
                raise _NeedMore
            return (end, end + len(self.delimiter)) if end >= 0 else (len(self.buffer), len(self.buffer))
        at, depth, block = start, 0, _Block(self.dialect, self.buffer, start)
        while match := self.token.search(self.buffer, at):
            token, at = match[0], match.end()
            if at >= len(self.buffer) and not self.final:
                raise _NeedMore
            if token == b";" and depth <= 0 and not block.depth:
                return match.start(), at
            if token in b"()":
                depth += 1 if token == b"(" else -1
            elif token != b";":
                at = self._token(match, block)
        if not self.final:
            raise _NeedMore
        if block.depth:
            raise _Unended("the body of this statement", start)
        return len(self.buffer), len(self.buffer)

    def _token(self, match: re.Match[bytes], block: _Block) -> int:
        token, at = match[0], match.start()
        if token in {b"'", b'"', b"`"}:
            escaped = self.buffer[at - 1 : at] in b"eE" and at > 0 and not self.buffer[at - 2 : at - 1].isalnum()
            slashes = (self.dialect.backslash and token != b"`") or (token == b"'" and self.dialect.dollar and escaped)
            return self._quoted(at, token, backslash=slashes)
        if token in {b"--", b"#"}:
            return self._to_line_end(at)
        if token == b"/*":
            return self._comment(at)
        if token == b"[":
            return self._find(b"]", at, "this name", at)
        if token.startswith(b"$"):
            return self._find(token, match.end(), "this dollar-quoted string", at)
        block.word(token.upper())
        return match.end()

    def _rows(self) -> Iterator[CopyRows]:
        """Give the data of a COPY, whole lines at a time; the rest of the command's own line is skipped."""
        lead = self._line_of_command()
        end = lead
        while True:
            found = re.compile(rb"^\\\.[ \t]*\r?(?:\n|\Z)", re.MULTILINE).search(self.buffer, end)
            complete = found is not None and (found[0].endswith(b"\n") or self.final)
            if not complete and self.final:
                raise self._error("the data of this COPY is never ended", 0, "end it with a line that holds \\.")
            stop = found.start() if complete and found else self.buffer.rfind(b"\n") + 1
            if complete or stop > lead:
                line, _ = self._place(lead)
                tile = found.end() if complete and found else stop
                data = self.buffer[lead:stop]
                yield CopyRows(data, line, self.base, self.base + tile, complete)
                self._drop(tile)
                lead = end = 0
            if complete:
                return
            self._more()

    def _line_of_command(self) -> int:
        while b"\n" not in self.buffer and not self.final:
            self._more()
        return self.buffer.find(b"\n") + 1


class _Block:
    """Counts the bodies that hold semicolons: ``BEGIN ATOMIC``, triggers, MySQL's compound statements."""

    def __init__(self, dialect: Dialect, buffer: bytes, start: int) -> None:
        head = buffer[start : start + 512]
        rule = {"postgres": _ROUTINE, "mysql": _COMPOUND, "sqlite": _TRIGGER}[dialect.name]
        self.can = bool(rule.match(head))
        self.atomic = dialect.dollar
        self.mysql = dialect.delimiter
        self.depth = 0
        self.before = b""

    def word(self, word: bytes) -> None:
        if not self.can:
            return
        before, self.before = self.before, word
        if self.depth:
            self._inside(before, word)
        elif (word == b"ATOMIC" and before == b"BEGIN") or (word == b"BEGIN" and not self.atomic):
            self.depth = 1

    def _inside(self, before: bytes, word: bytes) -> None:
        if word == b"END":
            self.depth -= 1
        elif before == b"END" and word in _CONTINUED:
            self.before = b""
        elif word == b"CASE" or (self.mysql and word in {b"BEGIN", b"IF", b"LOOP", b"WHILE", b"REPEAT"}):
            self.depth += 1
