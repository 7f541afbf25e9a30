"""One pass over the bytes of a text file: its encoding, its NUL bytes and its longest line."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import IO

import numpy as np

from core.data.files.limits import MEGABYTE, Limits
from core.data.files.streams import BLOCK
from core.errors import FoldlineError
from core.standalone.counts import counted
from core.standalone.files.encoding import MARKED, MOST_GOOD, is_wide

SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
NOT_CP1252 = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
WORD = re.compile(r"[^\W\d_]*[^\x00-\x7f\W\d_][^\W\d_]*")
DELIMITERS = (b",", b";", b"\t", b"|")


@dataclass(frozen=True)
class Encoding:
    """What the bytes tell.

    Attributes:
        encoding: name for Python's codecs.
        nuls: number of NUL bytes that belong to no encoding.
        words: up to three words that show the encoding, when it was guessed.
    """

    encoding: str
    nuls: int = 0
    words: tuple[str, ...] = ()


def find_encoding(stream: IO[bytes], limits: Limits, encoding: str = "") -> Encoding:
    """Read a text file once, in blocks.

    Args:
        encoding: the one to check; empty finds it out.

    Raises:
        FoldlineError: ``ENCODING``, ``NOT_TABLE`` (no line ends), ``FIELD`` or ``COLUMNS`` (an endless line).
    """
    head = stream.read(BLOCK)
    chosen = encoding or _first_guess(head)
    lines = _Lines(limits)
    decoder = _Decoder(chosen)
    nuls, block = 0, head
    high = _HighBytes()
    while block:
        lines.add(block)
        nuls += block.count(0)
        decoder.add(block)
        high.add(block)
        block = stream.read(BLOCK)
    decoder.close()
    if is_wide(chosen):
        nuls = 0
    if not decoder.failed:
        return Encoding(chosen, nuls)
    if chosen != "utf-8" or encoding:
        raise decoder.error(chosen)
    if high.mixed:
        raise decoder.error(chosen, f"{counted(high.bad, 'byte', 'is')} not UTF-8 while other text is")
    return Encoding("cp1252", nuls, high.words())


def _first_guess(head: bytes) -> str:
    for mark, name in MARKED:
        if head.startswith(mark):
            return name
    nuls = head.count(0)
    if nuls > 0.3 * len(head):
        return "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
    return "utf-8"


class _Decoder:
    """Decodes strictly and remembers the place of the first byte that does not fit."""

    def __init__(self, encoding: str) -> None:
        try:
            self._decoder = codecs.getincrementaldecoder(encoding)("strict")
        except LookupError as error:
            raise FoldlineError(
                "ENCODING", f"There is no encoding {encoding!r}.", "Choose utf-8, utf-16 or cp1252."
            ) from error
        self.failed = False
        self._line = 1
        self._byte = 0
        self._start = 0

    def add(self, block: bytes, final: bool = False) -> None:
        if self.failed:
            return
        try:
            self._decoder.decode(block, final)
        except UnicodeDecodeError as error:
            self.failed = True
            self._byte = self._start + error.start
            self._line += block[: error.start].count(b"\n")
        else:
            self._line += block.count(b"\n")
            self._start += len(block)

    def close(self) -> None:
        self.add(b"", final=True)

    def error(self, encoding: str, reason: str = "") -> FoldlineError:
        reason = reason or f"the text is not {encoding}"
        place = f"line {self._line:,}, byte {self._byte:,}"
        return FoldlineError(
            "ENCODING",
            f"From {place} on, {reason}.",
            "Save the file as UTF-8, or choose its encoding by hand.",
            place,
        )


class _HighBytes:
    """Tells an old one-byte encoding from UTF-8 with wrong bytes in it."""

    def __init__(self) -> None:
        self.bad = 0
        self._good = 0
        self._foreign = False
        self._seen: list[str] = []

    def add(self, block: bytes) -> None:
        if block.isascii():
            return
        text = block.decode("utf-8", "replace")
        bad = text.count("\ufffd") - block.count(b"\xef\xbf\xbd")
        self.bad += bad
        self._good += len(re.findall(r"[^\x00-\x7f]", text)) - bad
        self._foreign |= bool(SURROGATE.search(block)) or any(block.count(code) for code in NOT_CP1252)
        if bad and len(self._seen) < 3:
            self._seen += WORD.findall(block.decode("cp1252", "replace"))[:3]

    @property
    def mixed(self) -> bool:
        return self._foreign or self._good > MOST_GOOD * self.bad

    def words(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._seen))[:3]


class _Lines:
    """Watches the length of lines, so that no reader has to hold an endless one."""

    def __init__(self, limits: Limits) -> None:
        self._limit = limits.line_bytes
        self._columns = limits.columns
        self._open = 0
        self._line = 1
        self._delimiters = 0

    def add(self, block: bytes) -> None:
        data = np.frombuffer(block, dtype="uint8")
        ends = np.flatnonzero((data == 10) | (data == 13))
        if len(ends):
            self._line += len(ends)
            self._open = len(block) - int(ends[-1]) - 1
            self._delimiters = 0
        else:
            self._open += len(block)
            self._delimiters += max(block.count(mark) for mark in DELIMITERS)
        if self._open > self._limit:
            raise self._error()

    def _error(self) -> FoldlineError:
        size = f"{self._limit // MEGABYTE} MB"
        if self._delimiters > self._columns:
            problem = (
                f"Line {self._line:,} has over {counted(self._delimiters, 'field')}; the limit is "
                f"{self._columns:,}."
            )
            return FoldlineError("COLUMNS", problem, "Keep the columns you need.", f"line {self._line:,}")
        if self._line == 1:
            return FoldlineError(
                "NOT_TABLE", f"The first {size} have no line end.", "Upload a table of rows."
            )
        problem = f"Line {self._line:,} is longer than {size}."
        return FoldlineError("FIELD", problem, "Shorten or remove that field.", f"line {self._line:,}")
