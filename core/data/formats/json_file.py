"""Reading JSON lines, or a JSON array, of flat objects."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from core.data.column_names import clean_names
from core.data.files.limits import Limits
from core.data.files.streams import open_bytes
from core.data.formats.frame import frame_from_file
from core.data.table import Note, ReadOptions
from core.data.text.encoding import find_encoding
from core.errors import FoldlineError
from core.standalone.counts import counted
from core.standalone.files.cells_of_file import JSON_LINES

EXACT = 2**53


def read_json_file(
    path: Path, compression: str, given: ReadOptions | None, limits: Limits
) -> tuple[pd.DataFrame, ReadOptions, list[Note]]:
    """The values of flat objects, one column a key; lines or an array, whatever was given.

    Raises:
        FoldlineError: ``ENCODING``, ``DAMAGED``, ``NESTED``, ``NOT_TABLE``, ``COLUMNS``, ``SIZE``,
            ``NO_ROWS``.
    """
    array = _is_array(path, compression)
    asked = given.encoding if given else ""
    if not array:
        with open_bytes(path, compression) as stream:
            encoding = find_encoding(stream, limits, asked).encoding
    else:
        encoding = "utf-8-sig" if asked.startswith("utf-8") else asked or "utf-8-sig"
    own = {"encoding": encoding, "delimiter": "," if array else JSON_LINES}
    read = (given or ReadOptions(format="jsonl", compression=compression)).model_copy(update=own)
    notes = _check(path, read, limits)
    frame = frame_from_file(path, read)
    names, name_notes = clean_names([str(name) for name in frame.columns])
    if list(names) != list(frame.columns):
        read = read.model_copy(update={"names": names})
        frame = frame.set_axis(list(names), axis=1)
    return frame, read, [*notes, *name_notes]


def _is_array(path: Path, compression: str) -> bool:
    with open_bytes(path, compression) as stream:
        return stream.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"[")


def _check(path: Path, read: ReadOptions, limits: Limits) -> list[Note]:
    """Every element must be a flat object; whole numbers beyond 2**53 are counted."""
    names: set[str] = set()
    rows = big = 0
    with open_bytes(path, read.compression) as stream:
        lines = [stream.read()] if read.delimiter != JSON_LINES else stream
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            for row in _objects(line.decode(read.encoding), number, read.delimiter != JSON_LINES):
                names.update(row)
                rows += 1
                big += sum(type(value) is int and abs(value) > EXACT for value in row.values())
            if len(names) > limits.columns:
                raise FoldlineError(
                    "COLUMNS", f"More than {limits.columns:,} keys.", "Keep the keys you need."
                )
    if rows == 0:
        raise FoldlineError("NO_ROWS", "The file has no rows.", "Upload a table with rows.")
    if rows * len(names) > limits.cells:
        raise FoldlineError(
            "SIZE", f"The file has {rows:,} x {counted(len(names), 'cell')}.", "Upload a part of it."
        )
    text = f"{counted(big, 'whole number', 'has')} more than 15 digits and may lose some; write them as text."
    return [Note(code="BIG_INTEGER", text=text)] if big else []


def _objects(text: str, line: int, array: bool) -> list[dict[str, object]]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        problem = f"Line {line:,} is not valid JSON: {error}."
        raise FoldlineError("DAMAGED", problem, "Correct that line.", f"line {line:,}") from error
    rows = document if array else [document]
    for row in rows:
        if not isinstance(row, dict):
            raise FoldlineError("NOT_TABLE", f"Line {line:,} is not an object.", "Give one object a line.")
        for name, value in row.items():
            if isinstance(value, dict | list):
                raise FoldlineError(
                    "NESTED", f"{name!r} holds a list or an object.", "Flatten or drop it.", name
                )
    return rows
