"""Text from data inside Markdown files."""

from __future__ import annotations

import re
import unicodedata

SPECIAL = re.compile(r"([\\`*_~:$\[\](){}<>!#|&+-])")
LONGEST = 120


def escaped(text: object) -> str:
    """The text as Markdown shows it literally: no markup, one line, at most 120 characters."""
    plain = "".join(
        c if unicodedata.category(c)[0] != "C" else "\N{REPLACEMENT CHARACTER}" for c in str(text)
    )
    short = plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "\N{HORIZONTAL ELLIPSIS}"
    return SPECIAL.sub(r"\\\1", short)
