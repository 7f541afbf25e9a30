"""Text from data inside Markdown files."""

from __future__ import annotations

import re
import unicodedata

SPECIAL = re.compile(
    r"""
    [\\`*~<\[\]|$]                # markup wherever it stands
    | ^[-+](?=[-\s]|$) | ^[\#>=:] # a list, a heading, a quotation, at the start only
    | (?<=\s)\#(?=\#*$)           # the end of a heading
    | (?<![^\W_])_ | _(?![^\W_])  # within a word it is no emphasis
    | :(?=[A-Za-z])               # the name of an icon or a colour
    | &(?=\#?\w+;)                # an entity
    """,
    re.VERBOSE,
)
NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
ADDRESS = re.compile(r"(?<=http)(?=s?:)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
"""Where Markdown would make a link of a bare web or mail address, whatever is escaped in it."""
LONGEST = 120


def escaped(text: object, longest: int = LONGEST) -> str:
    """The text as Markdown shows it literally: no markup, no link, one line of at most so many characters.

    Only what would be markup where it stands is escaped, so that ordinary words read well in the file.
    """
    plain = "".join(
        c if unicodedata.category(c)[0] != "C" else "\N{REPLACEMENT CHARACTER}" for c in str(text)
    ).strip()
    short = plain if len(plain) <= longest else plain[: longest - 1] + "\N{HORIZONTAL ELLIPSIS}"
    special = SPECIAL.sub(lambda match: "\\" + match.group(), ADDRESS.sub("\N{WORD JOINER}", short))
    return NUMBERED.sub(r"\1\\\2", special)
