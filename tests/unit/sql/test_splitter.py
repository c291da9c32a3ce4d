"""The splitter, as tables of cases."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiplift.errors import ScriptError
from shiplift.model.statement import CopyRows, Statement
from shiplift.sql import splitter
from shiplift.sql.dialects import MYSQL, POSTGRES, SQLITE, Dialect
from shiplift.sql.splitter import split


def texts(script: str, dialect: Dialect) -> list[str]:
    return [str(p) for p in split(io.BytesIO(script.encode()), dialect, file="f") if isinstance(p, Statement)]


@pytest.mark.parametrize(
    ("dialect", "script", "expected"),
    [
        (POSTGRES, "a; b", ["a", "b"]),
        (POSTGRES, ";;a;;", ["a"]),
        (POSTGRES, "\ufeff-- c;\r\na;\r\n", ["a"]),
        (POSTGRES, "select ';', \";\", 'it''s;'; b", ["select ';', \";\", 'it''s;'", "b"]),
        (POSTGRES, "select E'\\';'; b", ["select E'\\';'", "b"]),
        (POSTGRES, "select '\\'; b", ["select '\\'", "b"]),
        (POSTGRES, "do $x$ a; $$ b; $x$; c", ["do $x$ a; $$ b; $x$", "c"]),
        (POSTGRES, "select a$b$c; d", ["select a$b$c", "d"]),
        (POSTGRES, "a /* x /* ; */ ; */ b; c", ["a /* x /* ; */ ; */ b", "c"]),
        (POSTGRES, "create rule r as on x do (a; b); c", ["create rule r as on x do (a; b)", "c"]),
        (
            POSTGRES,
            "create function f() begin atomic select case when a then 1 end; select 2; end; b",
            ["create function f() begin atomic select case when a then 1 end; select 2; end", "b"],
        ),
        (POSTGRES, "begin; a; end; b", ["begin", "a", "end", "b"]),
        (POSTGRES, "\\restrict abc\na;\n\\unrestrict abc\n", ["a"]),
        (SQLITE, "create trigger t begin a; b; end; c", ["create trigger t begin a; b; end", "c"]),
        (SQLITE, "select [a;b], `c;d`; e", ["select [a;b], `c;d`", "e"]),
        (MYSQL, "select 'a\\';'; # x;\nb", ["select 'a\\';'", "b"]),
        (MYSQL, "/*!40000 a; */; b", ["/*!40000 a; */", "b"]),
        (MYSQL, "DELIMITER //\na; b//\nDELIMITER ;\nc;", ["a; b", "c"]),
        (
            MYSQL,
            "create procedure p() begin if a then b; end if; while c do d; end while; end; e",
            ["create procedure p() begin if a then b; end if; while c do d; end while; end", "e"],
        ),
    ],
)
@pytest.mark.parametrize("chunk", [1, 3, 65536])
def test_cases(
    dialect: Dialect, script: str, expected: list[str], chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(splitter, "_CHUNK", chunk)
    assert texts(script, dialect) == expected


def test_copy_data_is_not_sql() -> None:
    script = b"COPY t FROM stdin;\n1;\t'\n\\N\n\\.\nSELECT 1;"
    pieces = list(split(io.BytesIO(script), POSTGRES))
    rows = [p.data for p in pieces if isinstance(p, CopyRows)]
    assert b"".join(rows) == b"1;\t'\n\\N\n"
    last = pieces[-1]
    assert isinstance(last, Statement)
    assert (last.text, last.line) == (b"SELECT 1", 5)


@pytest.mark.parametrize(
    ("script", "message", "line", "column"),
    [
        ("a;\n select 'x", "this string is never ended", 2, 9),
        ("a;\n/* x", "this comment is never ended", 2, 1),
        ("do $q$ x", "this dollar-quoted string is never ended", 1, 4),
        ("a;\n\\connect b\n", "\\connect is a psql command, not SQL", 2, 1),
        ("a;\nb\0", "a NUL byte", 2, 2),
    ],
)
def test_refusals_name_the_place(script: str, message: str, line: int, column: int) -> None:
    with pytest.raises(ScriptError) as caught:
        texts(script, POSTGRES)
    where = caught.value.where
    assert where is not None
    assert (caught.value.message, where.line, where.column) == (message, line, column)


_PART = st.sampled_from(["a", " ", "\n", ";", "'x;y'", '"n;"', "-- c;\n", "/* ; */", " $t$ ; $t$", "(b; c)", "é"])


@given(st.lists(_PART, max_size=30))
def test_tiles_join_to_the_script(parts: list[str]) -> None:
    script = "".join(parts).encode()
    end = 0
    for piece in split(io.BytesIO(script), POSTGRES):
        assert isinstance(piece, Statement)
        assert piece.begin == end
        assert script[piece.offset : piece.offset + len(piece.text)] == piece.text
        assert piece.line == script[: piece.offset].count(b"\n") + 1
        end = piece.end
    assert b";" not in script[end:] or not texts(script[end:].decode(), POSTGRES)
