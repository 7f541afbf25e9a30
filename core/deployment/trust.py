"""What is to be known of single rows before a prediction is trusted, and the shares behind it by column."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.data.table import Frozen
from core.errors import FoldlineError
from core.export.bundle.schema import Schema, SchemaColumn
from core.export.schema_check import Conformed, conform
from core.standalone.cells import as_number, as_text, with_joined

UNSEEN, OUTSIDE = "unseen", "outside"
Mask = NDArray[np.bool_]


class Measured(Frozen):
    """Counts of rows that checks are held against.

    Attributes:
        missing: column -> share of the rows without a value.
        unseen: input whose levels are known -> rows with another one.
        outside: input with a range -> rows outside it.
        flags: kind of a flag -> rows that have it in any column.
    """

    rows: int
    missing: dict[str, float] = {}
    unseen: dict[str, int] = {}
    outside: dict[str, int] = {}
    flags: dict[str, int] = {}


@dataclass(frozen=True, eq=False)
class Trusted:
    """Rows as the model takes them, with their flags.

    Attributes:
        conformed: None when they lack what the model needs, and ``problem`` says what.
        flags: kind -> (n,) whether a row has it.
    """

    conformed: Conformed | None
    measured: Measured
    flags: dict[str, Mask]
    problem: FoldlineError | None = None


def trusted(frame: pd.DataFrame, schema: Schema) -> Trusted:
    """Rows held against the schema of a model; what is wrong is told, never raised."""
    missing = {str(name): float(cells.isna().mean()) for name, cells in frame.items() if len(frame)}
    try:
        conformed = conform(frame, schema)
    except FoldlineError as error:
        if error.code != "SCHEMA":
            raise
        return Trusted(None, Measured(rows=len(frame), missing=missing), {}, error)
    counts: dict[str, dict[str, int]] = {UNSEEN: {}, OUTSIDE: {}}
    flags = {kind: np.zeros(len(frame), dtype=bool) for kind in counts}
    for column in schema.inputs:
        values = conformed.frame[column.name]
        if len(frame):
            missing[column.name] = float(values.isna().mean())
        for kind, mask in ((UNSEEN, _unseen(values, column)), (OUTSIDE, _outside(values, column, schema))):
            if mask is not None:
                counts[kind][column.name] = int(mask.sum())
                flags[kind] |= mask
    measured = Measured(
        rows=len(frame),
        missing=missing,
        unseen=counts[UNSEEN],
        outside=counts[OUTSIDE],
        flags={kind: int(rows.sum()) for kind, rows in flags.items()},
    )
    return Trusted(conformed, measured, flags)


def _unseen(values: pd.Series, column: SchemaColumn) -> Mask | None:
    """(n,) rows with a level that training never saw; None where not all of its levels are known."""
    if not column.complete:
        return None
    texts = with_joined(as_text(values), column.joined)
    return (texts.notna() & ~texts.isin(column.levels)).to_numpy(bool)


def _outside(values: pd.Series, column: SchemaColumn, schema: Schema) -> Mask | None:
    """(n,) rows with a number outside the range of training; later times are nothing odd."""
    if column.kind != "numeric" or column.low is None or column.high is None:
        return None
    numbers = as_number(values, schema.decimal, column.marks)
    return ((numbers < float(column.low)) | (numbers > float(column.high))).to_numpy(bool)
