"""Versions: the number at the head of a migration's file name."""

from __future__ import annotations

MAX_VERSION = 2**63 - 1
"""The greatest version: the version column is a signed 64-bit integer (golang-migrate's ``bigint``)."""

NIL_VERSION = -1
"""How golang-migrate spells "no version" in the version row and on its command line.

Inside shiplift "no version" is ``None``; this number appears only where the two meet.
"""
