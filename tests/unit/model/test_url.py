"""URLs: parsed leniently, shown without secrets."""

from __future__ import annotations

import pytest

from shiplift.model.url import parse_url


@pytest.mark.parametrize(
    ("text", "user", "password", "host", "path"),
    [
        ("postgres://u:pw@h:5432/db", "u", "pw", "h:5432", "/db"),
        ("postgres://u:p%40w@h/db", "u", "p@w", "h", "/db"),
        ("postgres://u:p@w#x/y?z@h/db", "u", "p@w#x/y?z", "h", "/db"),
        ("postgres://u:pw@h/db?options=a@b", "u", "pw", "h", "/db"),
        ("postgres:///db?host=/run/x", None, None, "", "/db"),
        ("sqlite3://rel.db", None, None, "rel.db", ""),
    ],
)
def test_parts(text: str, user: str | None, password: str | None, host: str, path: str) -> None:
    url = parse_url(text)
    assert (url.user, url.password, url.host, url.path) == (user, password, host, path)
    assert password is None or password not in url.display


def test_a_text_without_a_scheme_is_not_echoed() -> None:
    with pytest.raises(ValueError, match="no scheme") as caught:
        parse_url("hunter2@h/db")
    assert "hunter2" not in str(caught.value)


def test_errors_are_redacted_as_written_and_as_decoded() -> None:
    url = parse_url("postgres://u:p%40w@h/db?sslpassword=qq9")
    assert url.redact("no p%40w, no p@w, no qq9") == "no ***, no ***, no ***"
