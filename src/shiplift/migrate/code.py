"""Code migrations: Python files with ``def up(db)`` and ``def down(db)``."""

from __future__ import annotations

from shiplift.errors import MissingMigrationError, ScriptError
from shiplift.model.where import Where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from shiplift.model.direction import Direction
    from shiplift.ports.session import Session


def load(body: bytes, file: str, direction: Direction) -> Callable[[Session], None]:
    """Compile a code migration; the module runs when its function is first called, inside the transaction.

    Raises:
        ScriptError: a syntax error, with its place.
        MissingMigrationError: no such function in the file.
    """
    tree = _parse(body, file)
    import ast  # noqa: PLC0415 - only for code migrations

    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    if direction.value not in names:
        raise MissingMigrationError(
            f"{file} has no def {direction}(db)", where=Where(file), hint=f"add def {direction}(db): ..."
        )
    compiled = compile(tree, file, "exec")

    def run(session: Session) -> None:
        namespace: dict[str, Any] = {"__name__": "shiplift_migration", "__file__": file}
        exec(compiled, namespace)  # noqa: S102 - the migration is the user's own code
        namespace[direction.value](session)

    return run


def _parse(body: bytes, file: str) -> ast.Module:
    import ast  # noqa: PLC0415

    try:
        return ast.parse(body, file)
    except SyntaxError as error:
        where = Where(file, error.lineno, error.offset, (error.text or "").rstrip("\n"))
        raise ScriptError(f"Python: {error.msg}", where=where, state="nothing was changed") from None
    except ValueError as error:
        raise ScriptError(f"Python: {error}", where=Where(file), state="nothing was changed") from None


if TYPE_CHECKING:
    import ast
