"""Hazards, directives and hashes."""

from __future__ import annotations

import pytest

from shiplift.errors import UnknownNameError, UsageError
from shiplift.sql.content import content_hash
from shiplift.sql.dialects import POSTGRES, SQLITE
from shiplift.sql.directives import Directives, read
from shiplift.sql.hazards import outside_transaction, transaction_control


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"create /* x */ unique index concurrently i on t (a)", True),
        (b"create index i on t (a)", False),
        (b"VACUUM t", True),
        (b"alter system set a = 1", True),
        (b"create table vacuum (a int)", False),
        (b"reindex table concurrently t", True),
        (b"commit prepared 'x'", True),
    ],
)
def test_outside_transaction(text: bytes, found: bool) -> None:
    assert bool(outside_transaction(text, POSTGRES)) is found


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (b"begin", "begin"),
        (b"START TRANSACTION", "begin"),
        (b"end", "commit"),
        (b"rollback to x", "rollback-to"),
        (b"set transaction read only", "set"),
        (b"set x = 1", None),
        (b"prepare p as select 1", None),
        (b"select 1", None),
    ],
)
def test_transaction_control(text: bytes, kind: str | None) -> None:
    control = transaction_control(text, POSTGRES)
    assert (control.kind if control else None) == kind


def test_directives() -> None:
    head = b"-- about\n-- shiplift: transaction=off lock-timeout=100ms\nselect 1;\n-- shiplift: nonsense=1\n"
    assert read(head, SQLITE) == Directives(transaction=False, lock_timeout=0.1)
    with pytest.raises(UnknownNameError) as caught:
        read(b"-- shiplift: transation=off\n", SQLITE, file="f")
    assert caught.value.hint == "did you mean transaction?"
    with pytest.raises(UsageError, match="isn't carried out"):
        read(b"-- shiplift: verify: SELECT 1\n", SQLITE)


def test_line_ends_and_bom_do_not_count() -> None:
    assert content_hash(b"\xef\xbb\xbfa\r\nb\r\n") == content_hash(b"a\nb\n") != content_hash(b"a\nb")
