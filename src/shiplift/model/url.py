"""URLs of databases and sources: parsed leniently, shown without secrets.

Passwords with ``@ : / # ?`` in them, unescaped, are the commonest fault in such URLs; this parser takes the
last ``@`` before the path as the end of the credentials, so that most of them simply work.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):(.*)", re.DOTALL)
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_PARAMETER = re.compile(r"[?&][\w.\-]+=")
_SECRET_NAME = re.compile(r"pass|secret|token|key|credential|sig", re.IGNORECASE)
HIDDEN = "***"
"""What stands in a shown URL in place of a secret."""


class Url(NamedTuple):
    """The parts of a URL, percent-decoded (``+`` is left alone).

    ``host`` may hold several hosts and ports, as libpq allows; ``path`` keeps its leading slash;
    ``query`` keeps order and repeats. ``raw`` is the text as given: never print it.
    """

    scheme: str
    user: str | None
    password: str | None
    host: str
    path: str
    query: tuple[tuple[str, str], ...]
    fragment: str
    raw: str

    def __repr__(self) -> str:
        return f"Url({self.display!r})"

    def __str__(self) -> str:
        return self.display

    def get(self, name: str, default: str = "") -> str:
        """Return the last value of a query parameter."""
        return dict(self.query).get(name, default)

    @property
    def display(self) -> str:
        """The URL as it may be shown: no password, no secret parameter."""
        text = f"{self.scheme}://"
        if self.user is not None:
            text += self.user + (f":{HIDDEN}" if self.password else "") + "@"
        text += self.host + self.path
        shown = [f"{k}={HIDDEN if _SECRET_NAME.search(k) else v}" for k, v in self.query]
        return text + ("?" + "&".join(shown) if shown else "") + (f"#{self.fragment}" if self.fragment else "")

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every string that must not reach any output, decoded and as written, longest first."""
        found = {self.password or ""} | {v for k, v in self.query if _SECRET_NAME.search(k)}
        written = {part for part in re.split(r"[/?&=@#;\s]", self.raw) if part}
        found |= {w for w in written if _decode(w) in found}
        _, _, userinfo = _authority(self.raw)
        found.add(userinfo.partition(":")[2])
        return tuple(sorted((s for s in found if s), key=len, reverse=True))

    def redact(self, text: str) -> str:
        """Remove this URL's secrets from a text, such as a client library's error."""
        for secret in self.secrets:
            text = text.replace(secret, HIDDEN)
        return text


def parse_url(text: str) -> Url:
    """Split a URL.

    Raises:
        ValueError: there is no scheme. The message holds nothing of the text.
    """
    match = _SCHEME.match(text)
    if not match:
        raise ValueError("no scheme: a URL looks like postgres://user@host/database")
    scheme = match[1]
    authority, rest, userinfo = _authority(text)
    user, colon, password = userinfo.partition(":")
    rest, _, fragment = rest.partition("#")
    path, _, query = rest.partition("?")
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    return Url(
        scheme=scheme,
        user=_decode(user) if userinfo else None,
        password=_decode(password) if colon else None,
        host=authority,
        path=_decode(path),
        query=tuple((_decode(k), _decode(v)) for k, _, v in pairs),
        fragment=_decode(fragment),
        raw=text,
    )


def _authority(text: str) -> tuple[str, str, str]:
    """Split into host part, the rest from the path on, and the credentials."""
    match = _SCHEME.match(text)
    body = match[2] if match else text
    if not body.startswith("//"):
        return "", body, ""
    body = body[2:]
    # A raw "@", "/", "#" or "?" in a password: the credentials end at the last "@" that a host and a
    # path (or the end) can follow.
    credentials = re.match(r"(?P<user>[^:/?#@]*)(?P<password>:.*)?@(?=[^@?#]*(?:[?#][^@]*)?\Z)", body, re.DOTALL)
    if not credentials or _PARAMETER.search(credentials["password"] or ""):
        credentials = re.match(r"(?P<user>[^:/?#@]*)(?P<password>:[^/?#@]*)?@", body)
    userinfo = credentials[0][:-1] if credentials else ""
    body = body[credentials.end() :] if credentials else body
    end = re.search(r"[/?#]", body)
    cut = end.start() if end else len(body)
    return body[:cut], body[cut:], userinfo


def _decode(text: str) -> str:
    if "%" not in text:
        return text
    raw = _PERCENT.sub(lambda m: bytes([int(m[1], 16)]), text.encode("utf-8", "surrogateescape"))
    return raw.decode("utf-8", "surrogateescape")
