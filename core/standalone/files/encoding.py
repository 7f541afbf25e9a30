"""The encoding of a text file, told by its bytes."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

MARKED = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MOST_GOOD = 0.05
FEWEST_NULS = 0.3
ONE_SIDED = 0.9
"""Share of NUL bytes from which letters have two bytes, and of those that stand on one side."""


def is_wide(encoding: str) -> bool:
    """Whether an encoding has two or four bytes a letter."""
    return encoding.lower().replace("_", "-").startswith(("utf-16", "utf-32", "utf16", "utf32"))


def _unmarked_wide(head: bytes) -> str:
    """The encoding of two bytes a letter whose empty halves stand in ``head``; empty without them."""
    halves = {"utf-16-le": head[1::2].count(0), "utf-16-be": head[::2].count(0)}
    nuls = sum(halves.values())
    wide = max(halves, key=lambda name: halves[name])
    return wide if nuls > FEWEST_NULS * len(head) and halves[wide] > ONE_SIDED * nuls else ""


def encoding_of(blocks: Iterable[bytes], trained: str) -> str:
    """The encoding of a new text file, for a model whose training file had this one.

    A mark at its beginning counts first. Letters beyond ASCII that are UTF-8 throughout are UTF-8, because
    an encoding of one byte a letter would take them too. Where the training file was UTF-8, a file that is
    not is taken for cp1252, unless it has good UTF-8 as well: that one is damaged and stays refused.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    head, good, bad = b"", 0, 0
    for block in blocks:
        if not head:
            head = block
            for mark, name in MARKED:
                if head.startswith(mark):
                    return name
            if wide := _unmarked_wide(head):
                return wide
        text = decoder.decode(block)
        wrong = text.count("\ufffd") - block.count(b"\xef\xbf\xbd")
        bad += wrong
        good += 0 if text.isascii() else len(re.findall(r"[^\x00-\x7f]", text)) - wrong
    bad += len(decoder.decode(b"", True))
    if is_wide(trained):
        return trained if bad or b"\x00" in head else "utf-8"
    if not bad:
        return "utf-8" if good else trained
    if trained.lower().startswith("utf"):
        return trained if good > MOST_GOOD * bad else "cp1252"
    return trained
