"""Hashes of scripts and statements that ignore line ends and a byte order mark."""

from __future__ import annotations

BOM = b"\xef\xbb\xbf"


class Fingerprint:
    """A SHA-256 fed with a script's bytes, chunk by chunk."""

    def __init__(self) -> None:
        from hashlib import sha256  # noqa: PLC0415 - a run without work needs none

        self._hash = sha256()
        self._held = b""
        self._started = False

    def feed(self, data: bytes) -> None:
        """Add bytes."""
        data = self._held + data
        if not self._started:
            if len(data) < len(BOM) and BOM.startswith(data):
                self._held = data
                return
            self._started = True
            data = data.removeprefix(BOM)
        self._held = b"\r" if data.endswith(b"\r") else b""
        data = data[: len(data) - len(self._held)]
        self._hash.update(data.replace(b"\r\n", b"\n"))

    def hexdigest(self) -> str:
        """Return the hash of everything fed; feed nothing after it."""
        self._hash.update(self._held)
        self._held = b""
        return self._hash.hexdigest()


def content_hash(data: bytes) -> str:
    """Hash a whole script."""
    fingerprint = Fingerprint()
    fingerprint.feed(data)
    return fingerprint.hexdigest()


def statement_hash(text: bytes) -> str:
    """Hash a statement: 32 hexadecimal digits, half a SHA-256."""
    return content_hash(text)[:32]
