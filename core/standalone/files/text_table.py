"""A new text table, read by the names of its columns."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from ..plan import TableFile
from .cells_of_file import without_nul
from .columns import columns_of
from .encoding import encoding_of
from .header import header_at
from .records import DELIMITERS, QUOTES, UnreadableFileError, count_rows, is_blank

FIRST_RECORDS = 400


def text_table(data: bytes, wanted: Mapping[str, str], file: TableFile, separator: str = "") -> pd.DataFrame:
    """The cells of a text table under its names.

    Args:
        data: its bytes, out of any archive.
        separator: between its fields; without it that of the training file, or another one under which the
            names of the model show.
        wanted: names of columns and their types.
        file: how the training file was read; the encoding and the place of the header are the new file's own.

    Raises:
        UnreadableFileError: when it has no header, wrong letters, or rows of another width than its header.
    """
    encoding = encoding_of([data], file.encoding)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        problem = f"Its letters are not {encoding} ({error.reason} at byte {error.start:,})."
        raise UnreadableFileError("ENCODING", problem, "Save it as UTF-8.") from error
    if "\n" not in text:  # pandas loses a cell when it leaves lines out that end in a carriage return alone
        text = text.replace("\r", "\n")
    file = replace(file, delimiter=separator) if separator else _with_separator(text, wanted, file)
    begin, names = columns_of(_first_records(text, file), wanted, file)
    if not count_rows(itertools.islice(_records(text, file), begin, None), len(names)):
        return pd.DataFrame(columns=names, dtype="str")
    frame = pd.read_csv(
        io.StringIO(text, newline=""),
        skiprows=begin,
        header=None,
        names=range(len(names)),
        dtype="str",
        na_filter=False,
        index_col=False,
        **_dialect(file),
    ).set_axis(names, axis=1)
    return without_nul(frame) if "\0" in text else frame


def _with_separator(text: str, wanted: Collection[str], file: TableFile) -> TableFile:
    """The options with the first separator that shows the header; that of the training file comes first."""
    quotes = dict.fromkeys((file.quote, *QUOTES))
    others = (replace(file, delimiter=mark, quote=quote) for quote in quotes for mark in DELIMITERS)
    return next((one for one in (file, *others) if _shows_columns(text, wanted, one)), file)


def _shows_columns(text: str, wanted: Collection[str], file: TableFile) -> bool:
    """Whether the first records hold a header with the wanted names, or as many fields as there were."""
    records = _first_records(text, file)
    if header_at(records, wanted) is not None:
        return True
    rows = [record for record in records[file.skip_rows :] if not is_blank(record)]
    return not file.header and bool(rows) and all(len(record) == len(file.names) for record in rows)


def _first_records(text: str, file: TableFile) -> list[list[str]]:
    return list(itertools.islice(_records(text, file), FIRST_RECORDS))


def _records(text: str, file: TableFile) -> Iterator[list[str]]:
    csv.field_size_limit(2**31 - 1)
    words = _dialect(file)
    return csv.reader(io.StringIO(text, newline=""), delimiter=words.pop("sep"), **words)


def _dialect(file: TableFile) -> dict[str, Any]:
    """Delimiter, quotes and escapes, in words that Python's csv and pandas share but for the first."""
    words: dict[str, Any] = {"sep": file.delimiter, "skipinitialspace": file.delimiter != " "}
    words |= {"quotechar": file.quote} if file.quote else {"quoting": csv.QUOTE_NONE}
    return words | ({"escapechar": file.escape} if file.escape else {})
