"""Text from data as one line that hides nothing."""

from __future__ import annotations

import unicodedata

_VISIBLE = {"\n": "⏎", "\r": "␍", "\t": "⇥"}
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def visible(value: object, limit: int = 120) -> str:
    """The value as one line of at most ``limit`` characters.

    Control, format and bidirectional characters, which could hide or reorder what a person reads, become
    visible marks; what is cut off is replaced by an ellipsis.
    """
    text = "".join(_shown(char) for char in str(value)[: limit + 1])
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _shown(char: str) -> str:
    if char in _VISIBLE:
        return _VISIBLE[char]
    if unicodedata.category(char) in _HIDDEN:
        return f"‹{ord(char):04X}›"
    return " " if char.isspace() else char
