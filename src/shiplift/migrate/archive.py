"""Scripts as history keeps them: one byte for the language, then zlib.

``S`` is SQL, ``P`` is a Python migration.
"""

from __future__ import annotations

_SQL, _PYTHON = b"S", b"P"


def pack(body: bytes, *, python: bool = False) -> bytes:
    """Compress a script for a history row."""
    from zlib import compress  # noqa: PLC0415 - a run without work doesn't need it

    return (_PYTHON if python else _SQL) + compress(body)


def unpack(stored: bytes) -> tuple[bytes, bool]:
    """Return a stored script, and whether it is Python.

    Raises:
        ValueError: the bytes are not of this form.
    """
    from zlib import decompress, error  # noqa: PLC0415

    kind = stored[:1]
    if kind not in {_SQL, _PYTHON}:
        raise ValueError("a stored script of an unknown kind")
    try:
        return decompress(stored[1:]), kind == _PYTHON
    except error as fault:
        raise ValueError("a stored script that is damaged") from fault
