"""A new text table, read by the names of its columns."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import sys
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from ..plan import TableFile
from .cells_of_file import without_nul
from .columns import columns_of
from .decimal_mark import in_trained_mark
from .encoding import encoding_of
from .records import UnreadableFileError, count_rows

FIRST_RECORDS = 400


def text_table(path: str, wanted: Mapping[str, str], file: TableFile) -> pd.DataFrame:
    """The cells of a text table under its names, numbers with the decimal mark of the training file.

    Args:
        wanted: names of columns and their types.
        file: how the training file was read; the encoding and the place of the header are the new file's own.

    Raises:
        UnreadableFileError: when it has no header, wrong letters, or rows of another width than its header.
    """
    data = unpacked(path)
    encoding = encoding_of([data], file.encoding)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFileError("ENCODING", f"{path} cannot be read: {error}. Save it as UTF-8.") from error
    first = list(itertools.islice(_records(text, file), FIRST_RECORDS))
    begin, names = columns_of(first, wanted, file)
    if not count_rows(itertools.islice(_records(text, file), begin, None), len(names)):
        return pd.DataFrame(columns=names, dtype="str")
    frame = pd.read_csv(
        io.BytesIO(data),
        encoding=encoding,
        skiprows=begin,
        header=None,
        names=range(len(names)),
        dtype="str",
        na_filter=False,
        index_col=False,
        **_dialect(file),
    ).set_axis(names, axis=1)
    return _with_trained_mark(without_nul(frame) if "\0" in text else frame, wanted, file.decimal)


def unpacked(path: str) -> bytes:
    """The bytes of a file, out of the gzip or zip file that they may be in."""
    with open(path, "rb") as stream:
        data = stream.read()
    if data.startswith(b"\x1f\x8b"):
        return gzip.decompress(data)
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.read(archive.namelist()[0])
    return data


def _records(text: str, file: TableFile) -> Iterator[list[str]]:
    csv.field_size_limit(2**31 - 1)
    words = _dialect(file)
    return csv.reader(io.StringIO(text, newline=""), delimiter=words.pop("sep"), **words)


def _dialect(file: TableFile) -> dict[str, Any]:
    """Delimiter, quotes and escapes, in words that Python's csv and pandas share but for the first."""
    words: dict[str, Any] = {"sep": file.delimiter, "skipinitialspace": file.delimiter != " "}
    words |= {"quotechar": file.quote} if file.quote else {"quoting": csv.QUOTE_NONE}
    return words | ({"escapechar": file.escape} if file.escape else {})


def _with_trained_mark(frame: pd.DataFrame, wanted: Mapping[str, str], trained: str) -> pd.DataFrame:
    numbers = [name for name in wanted if wanted[name] == "number" and name in frame.columns]
    frame, mark, emptied = in_trained_mark(frame, numbers, trained)
    if mark != trained:
        lost = f"; {emptied:,} cells are no number with it and count as missing" if emptied else ""
        print(f"Numbers were read with the decimal mark {mark!r}{lost}.", file=sys.stderr)
    return frame
