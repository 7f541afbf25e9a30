"""What a new file has in its own way: its encoding, the place of its header and its decimal mark.

The reader goes by these rules when a model is given new rows, and every script carries them.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterable

import pandas as pd

MARKED = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
FIRST_LINES = 51
FIRST_CELLS = 1_000
MOST_GOOD = 0.05
MOST_FIT = 0.9


def is_wide(encoding: str) -> bool:
    """Whether an encoding has two or four bytes a letter."""
    return encoding.lower().replace("_", "-").startswith(("utf-16", "utf-32", "utf16", "utf32"))


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


def is_header(record: list[str], wanted: Collection[str]) -> bool:
    """Whether half of the wanted names stand in a record."""
    cells = {" ".join(cell.replace("\x00", "").split()) for cell in record}
    return bool(wanted) and 2 * len(cells.intersection(wanted)) >= len(set(wanted))


def header_at(records: list[list[str]], wanted: Collection[str]) -> int | None:
    """The position of the first record that has half of the wanted names, or of its last copy after it."""
    first = next((at for at, one in enumerate(records[:FIRST_LINES]) if is_header(one, wanted)), None)
    if first is None:
        return None
    header, found = [cell.strip() for cell in records[first]], first
    for position, record in enumerate(records[first + 1 :], first + 1):
        cells = [cell.strip() for cell in record]
        if cells == header:
            found = position
        elif any(cells):
            break
    return found


def mark_of(columns: Iterable[pd.Series], trained: str) -> str:
    """The decimal mark of columns of text that are known to be numbers.

    It is the training file's, unless more columns have fractions that only the other one explains. What may
    be groups of thousands, such as 1,200, is no fraction.
    """
    marks = {",": 0, ".": 0}
    for column in columns:
        cells = [str(cell).strip() for cell in column.iloc[:FIRST_CELLS]]
        values = [cell for cell in cells if cell not in ("", "nan")]
        for mark in marks:
            plain = re.compile(rf"[+-]?\d*[{mark}]?\d+(?:[eE][+-]?\d+)?")
            groups = re.compile(rf"[+-]?\d{{1,3}}(?:[{mark}]\d{{3}})+")
            parted = any(mark in value and not groups.fullmatch(value) for value in values)
            fitting = sum(bool(plain.fullmatch(value)) for value in values)
            marks[mark] += parted and fitting >= MOST_FIT * len(values)
    other = "," if trained == "." else "."
    return other if marks[other] > marks[trained] else trained


def in_mark(cells: pd.Series, mark: str, trained: str) -> pd.Series:
    """Cells of text with the decimal mark of the training file in place of their own.

    What is a number only with the mark that the file does not have, such as 1,200 beside 1.5, is emptied.
    """
    text = cells.astype("str").str.strip()
    own = pd.to_numeric(text.str.replace(mark, ".", regex=False), errors="coerce").notna()
    other = pd.to_numeric(text.str.replace(trained, ".", regex=False), errors="coerce").notna()
    moved = text.where(~own, text.str.replace(mark, trained, regex=False))
    return moved.mask(other & ~own, "")
