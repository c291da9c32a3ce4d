"""The validator: reads every script of a plan whole, before anything runs."""

from __future__ import annotations

from typing import NamedTuple

from shiplift.errors import ChangedMigrationError, MissingMigrationError, SourceError
from shiplift.migrate.archive import pack, unpack
from shiplift.migrate.segments import Manner, Segment, cut
from shiplift.model.direction import Direction
from shiplift.sql.content import Fingerprint, content_hash
from shiplift.sql.dialects import by_name
from shiplift.sql.directives import Directives, read
from shiplift.sql.splitter import split

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from shiplift.migrate.options import Options
    from shiplift.model.plan import Plan, Step
    from shiplift.model.statement import Piece
    from shiplift.ports.database import Database
    from shiplift.ports.session import Session
    from shiplift.ports.source import Source

_HEAD = 64 * 1024


class Script(NamedTuple):
    """One step's script, read and found whole. ``body`` is ``None`` when it is too large to be held."""

    step: Step
    file: str
    content_hash: str
    directives: Directives = Directives()
    segments: tuple[Segment, ...] = ()
    body: bytes | None = b""
    code: Callable[[Session], None] | None = None
    up_sql: bytes | None = None
    down_sql: bytes | None = None

    @property
    def statements(self) -> int:
        """How many statements it has."""
        return 1 if self.code else sum(segment.statements for segment in self.segments)


class Validator:
    """Reads scripts from a source, or from history."""

    def __init__(self, source: Source, database: Database, options: Options) -> None:
        self.source, self.database, self.options = source, database, options

    def scripts(self, plan: Plan) -> list[Script]:
        """Read all scripts of a plan.

        Raises:
            SourceError, ScriptError, UsageError: one can't be read, split or understood.
            MissingMigrationError: history doesn't have a script that the plan needs.
        """
        return [self._script(step) for step in plan.steps]

    def _script(self, step: Step) -> Script:
        if step.stored:
            return self._stored(step)
        name = step.file
        if name is None:
            return Script(step, step.migration.label, content_hash(b""))
        script = self._read(step, name)
        if step.direction is Direction.DOWN:
            return script
        return script._replace(up_sql=self._archived(name, script.body), down_sql=self._down_of(step))

    def _down_of(self, step: Step) -> bytes | None:
        name = step.migration.down
        if name is None:
            return None
        with self.source.open(name) as stream:
            body = stream.read(self.options.store_cap + 1)
        return self._archived(name, body)

    def _archived(self, name: str, body: bytes | None) -> bytes | None:
        if body is None or len(body) > self.options.store_cap:
            return None
        return pack(body, python=name.endswith(".py"))

    def _read(self, step: Step, name: str) -> Script:
        path = self.source.path(name)
        with self.source.open(name) as stream:
            body = stream.read(self.options.store_cap + 1)
            if len(body) <= self.options.store_cap:
                return self._whole(step, path, body, python=name.endswith(".py"))
        directives = self._directives(body[:_HEAD], path)
        with self.source.open(name) as stream:
            hashed = _Hashed(stream)
            segments = self._cut(split(hashed, by_name(self.database.dialect), file=path), directives, path)  # type: ignore[arg-type]
        return Script(step, path, hashed.fingerprint.hexdigest(), directives, segments, None)

    def _whole(self, step: Step, path: str, body: bytes, *, python: bool) -> Script:
        directives = self._directives(body[:_HEAD], path)
        digest = content_hash(body)
        if python:
            from shiplift.migrate.code import load  # noqa: PLC0415 - only for code migrations

            return Script(step, path, digest, directives, (), body, load(body, path, step.direction))
        segments = self._cut(self._pieces(body, path), directives, path)
        return Script(step, path, digest, directives, segments, body)

    def _stored(self, step: Step) -> Script:
        label = f"history:{step.migration.version}.down"
        rows = self.database.stored([step.migration.version])
        packed = rows[0].down_sql if rows else None
        if packed is None:
            raise MissingMigrationError(
                f"version {step.migration.version} can't be taken back: no file here, no down script in history",
                state="nothing was changed",
                hint="run this from the release that has the file",
            )
        named = step._replace(migration=step.migration._replace(title=rows[0].title))
        try:
            body, python = unpack(packed)
        except ValueError as error:
            raise SourceError(f"{label}: {error}", state="nothing was changed") from None
        return self._whole(named, label, body, python=python)

    def _directives(self, head: bytes, path: str) -> Directives:
        return read(head, by_name(self.database.dialect), file=path)

    def _cut(self, pieces: Iterator[Piece], directives: Directives, path: str) -> tuple[Segment, ...]:
        can = self.database.capabilities.transactional_ddl
        return tuple(cut(pieces, Manner(by_name(self.database.dialect), directives.transaction, can, path)))

    def _pieces(self, body: bytes, path: str) -> Iterator[Piece]:
        from io import BytesIO  # noqa: PLC0415 - a run without work reads nothing

        return split(BytesIO(body), by_name(self.database.dialect), file=path)

    def pieces(self, script: Script) -> Iterator[Piece]:
        """Split a script once more, to run it; a large file is read again and must not have changed.

        Raises:
            ChangedMigrationError: it was edited since it was validated.
        """
        if script.body is not None:
            yield from self._pieces(script.body, script.file)
            return
        with self.source.open(script.step.file or "") as stream:
            hashed = _Hashed(stream)
            yield from split(hashed, by_name(self.database.dialect), file=script.file)  # type: ignore[arg-type]
        if hashed.fingerprint.hexdigest() != script.content_hash:
            raise ChangedMigrationError(f"{script.file} changed while it was being run", state="it was rolled back")


class _Hashed:
    """A stream that hashes what is read."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.fingerprint = Fingerprint()

    def read(self, size: int = -1) -> bytes:
        data = self.stream.read(size)
        self.fingerprint.feed(data)
        return data
