"""The rows in the body of a request: records, or the tensors of the Open Inference Protocol."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..counts import counted
from .refusal import RefusedRequestError

NUMBER_TYPES = (
    "FP64",
    "FP32",
    "FP16",
    "INT64",
    "INT32",
    "INT16",
    "INT8",
    "UINT64",
    "UINT32",
    "UINT16",
    "UINT8",
)
HALF = rb"\ud"
"""How JSON begins the half of a character; two of them are one."""
CELLS = (str, int, float, bool, type(None))
LARGEST = 2**53
"""From there on a whole number of JSON is another one as a float."""


@dataclass(frozen=True, eq=False)
class Asked:
    """What a request asks for.

    Attributes:
        cells: the values, as they were given, of the columns that the model reads and of those that are kept.
        unread: names that were given and that are neither read nor kept.
        outputs: names of the answers that are wanted; all when empty.
        id: that the answer repeats, or None.
    """

    cells: Mapping[str, list[Any]]
    unread: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    id: str | None = None


def parsed_body(body: bytes) -> Any:
    """What JSON says; no number that JSON has none for, and no half of a character, which no text can hold.

    Raises:
        RefusedRequestError: 400 ``JSON``, 422 ``TWICE``.
    """
    try:
        document = json.loads(body, parse_constant=_no_number, object_pairs_hook=_without_doubles)
        if HALF in body.lower():
            json.dumps(document, ensure_ascii=False).encode()
        return document
    except (ValueError, RecursionError) as error:
        raise RefusedRequestError(400, "JSON", "The body is not JSON.") from error


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) < len(pairs):
        raise RefusedRequestError(422, "TWICE", "An object names something twice.")
    return named


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


@dataclass(frozen=True)
class Wanted:
    """What is read from a body.

    Attributes:
        columns: that the model reads; a request without one of them is refused.
        kept: further columns that are kept where they are given; all others are left out.
        rows: the most that a request may have.
    """

    columns: Sequence[str]
    kept: Sequence[str]
    rows: int


def asked_in_records(document: Any, wanted: Wanted) -> Asked:
    """The rows of ``{"rows": [{column: value, ...}, ...]}``, or of the list alone; null is no value.

    Raises:
        RefusedRequestError: 400 ``FORM``, 413 ``ROWS``, 422 ``NO_ROWS``, ``COLUMN`` or ``CELL``.
    """
    rows = document.get("rows") if isinstance(document, dict) else document
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RefusedRequestError(400, "FORM", 'Give {"rows": [{"column": value, ...}, ...]}.')
    check_rows(len(rows), wanted.rows)
    named = dict.fromkeys(name for row in rows for name in row)
    for name in wanted.columns:
        if name not in named:
            raise RefusedRequestError(422, "COLUMN", "No row names a column that the model needs.", name)
    cells = {
        name: [row.get(name) for row in rows] for name in (*wanted.columns, *wanted.kept) if name in named
    }
    return Asked(cells, _left_unread(named, cells))


def _left_unread(given: Iterable[str], taken: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(name for name in given if name not in taken)


def check_rows(rows: int, most: int) -> None:
    """See that there are rows, and not too many.

    Raises:
        RefusedRequestError: 422 ``NO_ROWS``, 413 ``ROWS``.
    """
    if rows > most:
        raise RefusedRequestError(413, "ROWS", f"{counted(rows, 'row', 'is')} more than {most:,}.")
    if not rows:
        raise RefusedRequestError(422, "NO_ROWS", "There are no rows.")


def cells_of(values: Sequence[Any], name: str) -> pd.Series:
    """A column as a file would have it: numbers as such where all are, else texts.

    Raises:
        RefusedRequestError: 422 ``CELL`` for what is no value, or is none that a float64 can hold.
    """
    for value in values:
        if not isinstance(value, CELLS):
            raise RefusedRequestError(422, "CELL", "A cell is a list or an object, not a value.", name)
        if isinstance(value, int) and abs(value) > LARGEST:
            raise RefusedRequestError(422, "CELL", "A whole number is too large; give it as text.", name)
    plain = [value for value in values if value is not None]
    if plain and all(isinstance(value, int | float) and not isinstance(value, bool) for value in plain):
        return pd.Series([np.nan if value is None else float(value) for value in values], dtype="float64")
    texts = [None if value is None else _text(value) for value in values]
    return pd.Series(texts, dtype="str")


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def asked_in_tensors(document: Any, wanted: Wanted) -> Asked:
    """The rows of a V2 inference request: one tensor a column, of the shape [n] or [n, 1].

    Raises:
        RefusedRequestError: 400 ``FORM``, 413 ``ROWS``, 422 ``NO_ROWS``, ``SHAPE``, ``COLUMN``, ``TWICE`` or
            ``CELL``.
    """
    inputs = document.get("inputs") if isinstance(document, dict) else None
    if not isinstance(inputs, list) or not all(isinstance(one, dict) for one in inputs):
        raise RefusedRequestError(
            400, "FORM", 'Give {"inputs": [{"name", "shape", "datatype", "data"}, ...]}.'
        )
    tensors = {str(one.get("name")): one for one in inputs}
    if len(tensors) < len(inputs):
        raise RefusedRequestError(422, "TWICE", "Two inputs have the same name.")
    for name in wanted.columns:
        if name not in tensors:
            raise RefusedRequestError(422, "COLUMN", "No input has the name of a column it needs.", name)
    cells = {name: _flat(tensors[name], name) for name in (*wanted.columns, *wanted.kept) if name in tensors}
    sizes = {len(part) for part in cells.values()}
    if len(sizes) != 1:
        raise RefusedRequestError(422, "SHAPE", "The inputs have different numbers of rows.")
    check_rows(sizes.pop(), wanted.rows)
    names, id = _outputs(document), None if document.get("id") is None else str(document["id"])
    return Asked(cells, _left_unread(tensors, cells), names, id)


def _outputs(document: Mapping[str, Any]) -> tuple[str, ...]:
    outputs = document.get("outputs") or []
    if not isinstance(outputs, list) or not all(isinstance(one, dict) for one in outputs):
        raise RefusedRequestError(400, "FORM", 'Give "outputs" as [{"name"}, ...], or leave them out.')
    return tuple(str(one.get("name")) for one in outputs)


def _flat(one: Mapping[str, Any], name: str) -> list[Any]:
    shape, data = one.get("shape"), one.get("data")
    if not isinstance(shape, list) or not isinstance(data, list):
        raise RefusedRequestError(422, "SHAPE", "An input has no shape or no data.", name)
    flat = [cell for row in data for cell in (row if isinstance(row, list) else [row])]
    if shape not in ([len(flat)], [len(flat), 1]):
        raise RefusedRequestError(422, "SHAPE", "The shape of an input does not fit its data.", name)
    if one.get("datatype") not in (*NUMBER_TYPES, "BYTES", "BOOL"):
        raise RefusedRequestError(422, "CELL", "An input has a datatype that is not known.", name)
    return flat
