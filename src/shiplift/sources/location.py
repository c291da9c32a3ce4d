"""What a source URL points at: all that follows its scheme."""

from __future__ import annotations

import os
import re

from shiplift.errors import BadUrlError

_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")


def location(text: str) -> str:
    """Return what follows ``scheme:`` or ``scheme://``, percent-decoded.

    Raises:
        BadUrlError: it holds a ``?`` or a ``#``. They begin a query and a fragment, so that the folder read
            would be another than the one meant (golang-migrate cuts the path there, in silence).
    """
    scheme, _, rest = text.partition(":")
    if "?" in rest or "#" in rest:
        hint = "in a path, write %3F for ? and %23 for #, or give the folder as a plain path"
        raise BadUrlError(f"a {scheme}: URL takes no query (?) and no fragment (#)", hint=hint)
    raw = os.fsencode(rest.removeprefix("//"))
    return os.fsdecode(_PERCENT.sub(lambda match: bytes([int(match[1], 16)]), raw))
