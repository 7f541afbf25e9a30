"""The formats of files that can be read: what they are called, and the endings of their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.data.table import FileFormat


@dataclass(frozen=True)
class FormatFacts:
    """A format of files.

    Attributes:
        label: on screen.
        words: what such a file is, in a sentence.
        endings: of names, lower case, the ones offered for upload first.
        offered: how many of the endings an upload box names.
        strict: whether a name with one of the endings must have this content, or a note says so.
    """

    label: str
    words: str
    endings: tuple[str, ...]
    offered: int
    strict: bool = False


FORMATS: Mapping[FileFormat, FormatFacts] = {
    "csv": FormatFacts("Text table", "a text table", ("csv", "tsv", "txt", "gz", "zip"), 5),
    "xlsx": FormatFacts("Excel workbook", "a workbook", ("xlsx", "xlsm", "xls"), 1, strict=True),
    "parquet": FormatFacts("Parquet", "a Parquet file", ("parquet", "pq"), 1, strict=True),
    "jsonl": FormatFacts("JSON", "JSON lines", ("json", "jsonl", "ndjson"), 3),
}


def fits(name: str, format: FileFormat) -> bool:
    """Whether the name of a file fits its content: a strict ending belongs to its own format only."""
    endings = {
        id: tuple(f".{each}" for each in facts.endings) for id, facts in FORMATS.items() if facts.strict
    }
    return all(name.lower().endswith(own) == (format == id) for id, own in endings.items())
