"""Comparing new data with the schema of a model, before predicting."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.digits import counted
from core.errors import FoldlineError
from core.export.bundle.schema import Schema, SchemaColumn
from core.results.predict import SchemaIssue
from core.spec import COLUMN_KINDS
from core.standalone.cells import as_datetime, as_number, as_text
from core.standalone.table import typed_column

SHOWN = 5


@dataclass(frozen=True, eq=False)
class Conformed:
    """New data that a model can take, and what is different about it.

    Attributes:
        frame: the input columns in the order and the physical types of the schema.
        issues: what is different, table first, then by column.
    """

    frame: pd.DataFrame
    issues: tuple[SchemaIssue, ...]


def conform(frame: pd.DataFrame, schema: Schema) -> Conformed:
    """The input columns of new data, checked against the training data.

    Args:
        frame: typed or all-text rows; extra columns and any order are fine.

    Raises:
        FoldlineError: ``SCHEMA`` when a column that the model needs is missing or there twice; the hint
            offers the nearest name.
    """
    names = [str(name) for name in frame.columns]
    needed = [column.name for column in schema.inputs]
    _check_names(names, needed)
    issues: list[SchemaIssue] = []
    expected = {column.name for column in schema.columns}
    extra = [name for name in names if name not in expected]
    if extra:
        shown = ", ".join(map(repr, extra[:SHOWN])) + (" and more" if len(extra) > SHOWN else "")
        text = f"{len(extra)} columns are not part of the model and are ignored: {shown}."
        issues.append(_note("EXTRA_COLUMNS", "", text, len(extra)))
    if not len(frame):
        issues.append(_warning("NO_ROWS", "", "The table has no rows.", 0))
    inputs = frame.set_axis(names, axis=1)[needed]
    for column in schema.inputs if len(frame) else ():
        issues += _check(inputs[column.name], column, schema)
    issues += _check_rows(inputs)
    typed = {column.name: _typed(inputs[column.name], column, schema) for column in schema.inputs}
    return Conformed(pd.DataFrame(typed, index=frame.index), tuple(issues))


def _warning(code: str, column: str, text: str, count: int) -> SchemaIssue:
    return SchemaIssue(code=code, column=column, text=text, severity="warn", count=count)


def _note(code: str, column: str, text: str, count: int) -> SchemaIssue:
    return SchemaIssue(code=code, column=column, text=text, severity="info", count=count)


def _check_names(names: list[str], needed: list[str]) -> None:
    missing = [name for name in needed if name not in names]
    doubled = [name for name in needed if names.count(name) > 1]
    if doubled:
        raise FoldlineError(
            "SCHEMA", f"The column {doubled[0]!r} is there more than once.", "Keep one of them.", doubled[0]
        )
    if missing:
        listed = ", ".join(map(repr, missing[:SHOWN])) + (" and more" if len(missing) > SHOWN else "")
        are = "is" if len(missing) == 1 else "are"
        raise FoldlineError(
            "SCHEMA",
            f"{counted(len(missing), 'column')} that the model needs {are} missing: {listed}.",
            _nearest(missing, [name for name in names if name not in needed]),
            missing[0],
        )


def _nearest(missing: list[str], spare: list[str]) -> str:
    folded = {name.casefold().strip(): name for name in spare}
    pairs = []
    for name in missing:
        close = difflib.get_close_matches(name.casefold().strip(), list(folded), n=1, cutoff=0.6)
        if close:
            pairs.append(f"rename {folded[close[0]]!r} to {name!r}")
    return (
        f"Perhaps {'; '.join(pairs[:SHOWN])}." if pairs else "Add them, or use a model trained without them."
    )


def _check_rows(inputs: pd.DataFrame) -> list[SchemaIssue]:
    """Rows that say nothing are predicted like all others, and told."""
    empty = int((inputs.isna() | inputs.eq("")).all(axis=1).sum()) if inputs.shape[1] > 1 else 0
    if not empty:
        return []
    text = f"{empty:,} rows hold no value that the model reads; their predictions say nothing about them."
    return [_warning("ROWS_WITHOUT_VALUE", "", text, empty)]


def _check(values: pd.Series, column: SchemaColumn, schema: Schema) -> list[SchemaIssue]:
    given = _given(values, column, schema)
    if not given.notna().any():
        text = f"{column.name!r} has no value in any row."
        return [_warning("EMPTY_COLUMN", column.name, text, len(values))]
    facts = COLUMN_KINDS[column.kind]
    if facts.levels:
        return _check_levels(as_text(given), column)
    if facts.read_as not in ("number", "datetime"):
        return []
    read = (
        as_number(given, schema.decimal) if facts.read_as == "number" else as_datetime(given, column.format)
    )
    return [*_check_type(given, read, column), *_check_range(read, column)]


def _given(values: pd.Series, column: SchemaColumn, schema: Schema) -> pd.Series:
    if pd.api.types.is_numeric_dtype(values.dtype) or pd.api.types.is_datetime64_any_dtype(values.dtype):
        return values
    text = as_text(values)
    return text.mask(text.isin([*schema.missing, *column.missing]))


def _typed(values: pd.Series, column: SchemaColumn, schema: Schema) -> pd.Series:
    """The column as the reader would have stored it in a table like the training table."""
    return typed_column(values, column.physical, column.format, schema.missing, schema.decimal)


def _check_type(given: pd.Series, read: pd.Series, column: SchemaColumn) -> list[SchemaIssue]:
    lost = given.notna() & read.isna()
    if not lost.any():
        return []
    kind = "number" if column.kind == "numeric" else "date"
    count, example = int(lost.sum()), str(given[lost].iloc[0])[:40]
    verb = "is" if count == 1 else "are"
    cells = f"{counted(count, 'cell')} of {column.name!r}"
    text = f"{cells} {verb} no {kind}, such as {example!r}: taken as missing."
    return [_warning("TYPE", column.name, text, count)]


def _check_levels(texts: pd.Series, column: SchemaColumn) -> list[SchemaIssue]:
    new = texts[texts.notna() & ~texts.isin(column.levels)]
    if not column.complete or not len(new):
        return []
    shown = ", ".join(repr(str(level)[:40]) for level in new.unique()[:SHOWN])
    text = (
        f"Values of {column.name!r} that training never saw in {counted(len(new), 'cell')}, such as {shown}."
    )
    return [_warning("NEW_VALUES", column.name, text, len(new))]


def _check_range(read: pd.Series, column: SchemaColumn) -> list[SchemaIssue]:
    if column.low is None or column.high is None:
        return []
    dates = column.kind == "datetime"
    low, high = (
        (pd.Timestamp(str(column.low)), pd.Timestamp(str(column.high)))
        if dates
        else (column.low, column.high)
    )
    outside = int(np.sum((read < low) | (read > high)))
    if not outside:
        return []
    lie = "lies" if outside == 1 else "lie"
    span = f"{column.low} to {column.high}"
    text = f"{counted(outside, 'cell')} of {column.name!r} {lie} outside the training range {span}."
    return [_note("RANGE", column.name, text, outside)]
