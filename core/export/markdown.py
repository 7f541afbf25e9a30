"""Text from data inside Markdown files."""

from __future__ import annotations

import re
import unicodedata

SPECIAL = re.compile(r"([\\`*_~:$\[\](){}<>!#|&+-])")
ADDRESS = re.compile(r"(?<=http)(?=s?:)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
"""Where Markdown would make a link of a bare web or mail address, whatever is escaped in it."""
LONGEST = 120


def escaped(text: object) -> str:
    """The text as Markdown shows it literally: no markup, no link, one line, at most 120 characters."""
    plain = "".join(
        c if unicodedata.category(c)[0] != "C" else "\N{REPLACEMENT CHARACTER}" for c in str(text)
    )
    short = plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "\N{HORIZONTAL ELLIPSIS}"
    return SPECIAL.sub(r"\\\1", ADDRESS.sub("\N{WORD JOINER}", short))
