"""What is different about new rows, column by column, in words that are the same wherever a model is used."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from ..cells import as_text, holds_durations, says_truth, with_joined
from ..counts import agreeing, counted, first_of
from .lost_cells import given_cells, lost_notes, read_cells
from .midnight import midnight_notes
from .trained_column import RowNote, TrainedColumn

SHOWN = 5
FEWEST_OUTSIDE = 2
MANY_OUTSIDE = 0.2
TOTAL_WORDS = ("total", "totals", "grand total", "sum", "summe", "gesamt", "insgesamt")


def extra_notes(names: Sequence[str], expected: Collection[str]) -> list[RowNote]:
    """A note on columns that the training table did not have."""
    extra = [name for name in names if name not in expected]
    if not extra:
        return []
    listed = first_of(list(map(repr, extra)), SHOWN)
    text = f"Ignored, since no part of the model: {counted(len(extra), 'column')}, {listed}."
    return [RowNote("EXTRA_COLUMNS", "", text, "info", len(extra))]


def row_notes(inputs: pd.DataFrame) -> list[RowNote]:
    """A note on rows that say nothing; they are predicted like all others."""
    empty = int((inputs.isna() | inputs.eq("")).all(axis=1).sum()) if inputs.shape[1] > 1 else 0
    if not empty:
        return []
    rows = counted(empty, "row", "holds")
    text = f"{rows} no value that the model reads; what is predicted there says nothing."
    return [RowNote("ROWS_WITHOUT_VALUE", "", text, "warn", empty)]


def end_notes(raw: pd.DataFrame) -> list[RowNote]:
    """A note when the last row of a raw table looks like a total or a footer."""
    cells = [str(cell).strip() for cell in raw.iloc[-1] if not pd.isna(cell) and str(cell).strip()]
    if len(raw) > 2 and cells and cells[0].lower().rstrip(":") in TOTAL_WORDS:
        text = "The last row looks like a total; leave it out if it is one."
        return [RowNote("TOTAL", "", text, "info", 1)]
    if len(raw) > 2 and raw.shape[1] > 2 and len(cells) == 1:
        text = f"The last row has only {cells[0][:60]!r}; leave it out if it is a footer."
        return [RowNote("FOOTER", "", text, "info", 1)]
    return []


def column_notes(
    values: pd.Series, column: TrainedColumn, missing: Sequence[str], decimal: str
) -> list[RowNote]:
    """What is different about one column: empty, cells lost, values never seen, out of range, days alone.

    Args:
        values: raw or typed cells, at least one.
        missing: texts that mean "no value" in every column.
        decimal: the decimal mark of numbers written as text.
    """
    given = given_cells(values, column, missing)
    durations = duration_notes(values, column.name) if column.physical == "number" else []
    durations += finer_notes(values, column.name)
    if not given.notna().any():
        text = f"{column.name!r} has no value in any row."
        return [RowNote("EMPTY_COLUMN", column.name, text, "warn", len(values))]
    if column.complete or column.levels or column.rare is not None:
        return _level_notes(with_joined(as_text(given), column.joined), column)
    if column.kind not in ("numeric", "datetime"):
        return []
    numbers, read = column.kind == "numeric", read_cells(given, column, decimal)
    at_midnight = [] if numbers else midnight_notes(read, column)
    lost = lost_notes(given, given.notna() & read.isna(), column, decimal)
    truth = truth_notes(given, column.name, column.physical == "number") if numbers else []
    return [*durations, *lost, *truth, *_range_notes(read, column), *at_midnight]


def duration_notes(values: pd.Series, name: str) -> list[RowNote]:
    """A note on the unit in which lengths of time are numbers."""
    text = f"{name!r} holds durations; they are read as numbers of seconds."
    return [RowNote("DURATION", name, text, "info", len(values))] if holds_durations(values) else []


def finer_notes(values: pd.Series, name: str) -> list[RowNote]:
    """A note on times that are cut to microseconds, since they are given in nanoseconds."""
    if not pd.api.types.is_datetime64_any_dtype(values.dtype):
        return []
    finer = int((values.dt.nanosecond.fillna(0) != 0).sum())
    text = f"{name!r}: {counted(finer, 'time')} of nanoseconds {agreeing('is', finer)} cut to microseconds."
    return [RowNote("NANOSECONDS", name, text, "info", finer)] if finer else []


def truth_notes(given: pd.Series, name: str, always: bool = False) -> list[RowNote]:
    """A note on true and false in a column of numbers.

    Args:
        given: cells of any type and number, missing where they hold no value.
        always: also where no other cell stands beside them, since it is known that there are others.
    """
    truth = says_truth(given)
    count, present = int(truth.sum()), int(given.notna().sum())
    if not count or (count == present and not always):
        return []
    cells = counted(count, "cell", "says")
    text = f"{name!r}: {cells} true or false among numbers, and {agreeing('was', count)} read as 1 or 0."
    return [RowNote("TRUE_FALSE", name, text, "warn", count)]


def _level_notes(texts: pd.Series, column: TrainedColumn) -> list[RowNote]:
    new = texts[texts.notna() & ~texts.isin(column.levels)]
    if not len(new) or (not column.complete and column.rare is None):
        return []
    if column.rare is not None:
        return [_uncommon_note(len(new), int(texts.notna().sum()), column.name, column.rare)]
    shown = ", ".join(repr(str(level)[:40]) for level in new.unique()[:SHOWN])
    text = (
        f"Values of {column.name!r} that training never saw in {counted(len(new), 'cell')}, such as {shown}."
    )
    return [RowNote("NEW_VALUES", column.name, text, "warn", len(new))]


def _uncommon_note(count: int, present: int, name: str, rare: float) -> RowNote:
    """A note on values that are not among the common ones of training; no other is remembered."""
    if rare == 1:
        text = (
            f"Which values of {name!r} training had is not kept in this file, so that new ones are not told."
        )
        return RowNote("NOT_KEPT", name, text, "info", count)
    share, spread = count / present, 3 * (max(rare, 1 / present) * (1 - rare) / present) ** 0.5
    if share <= rare + spread:
        text = (
            f"{share:.1%} of the values of {name!r} are rare ones, as in training ({rare:.1%}). Which ones "
            "training had is not kept, so that new ones among them are not told."
        )
        return RowNote("RARE_VALUES", name, text, "info", count)
    text = (
        f"{share:.1%} of the values of {name!r} are not among the common ones of training, where "
        f"{rare:.1%} were not. Whether training had them is not kept."
    )
    return RowNote("RARE_VALUES", name, text, "warn", count)


def span(low: float | str, high: float | str) -> str:
    """The range of a column in training as a person reads it; "about", since a bundle's ends are rounded.

    Args:
        low, high: numbers, or ISO times.
    """
    return f"about {_end(low)} to {_end(high)}"


def _end(value: float | str) -> str:
    return f"{value:,.10g}" if isinstance(value, int | float) else str(value).removesuffix("T00:00:00")


def _range_notes(read: pd.Series, column: TrainedColumn) -> list[RowNote]:
    """Cells outside the training range; a warning where they are many, or one lies far outside.

    Later times are nothing odd, however many: of times only those that lie far outside are a warning.
    """
    if column.low is None or column.high is None:
        return []
    values, numbers = read.dropna(), column.kind != "datetime"
    low, high = (
        (float(column.low), float(column.high))
        if numbers
        else (pd.Timestamp(str(column.low)), pd.Timestamp(str(column.high)))
    )
    outside = values[(values < low) | (values > high)]
    if not len(outside):
        return []
    beyond = (low - outside).where(outside < low, outside - high)
    many = numbers and len(outside) >= max(FEWEST_OUTSIDE, MANY_OUTSIDE * len(values))
    warns = bool(many or (beyond > high - low).any())
    extreme = outside.iloc[int(beyond.to_numpy().argmax())]
    farthest = _end(float(extreme)) if numbers else _end(pd.Timestamp(extreme).isoformat())
    lie = agreeing("lies", len(outside))
    such = f", such as {farthest}" if len(outside) > 1 else f": {farthest}"
    text = (
        f"{len(outside):,} of {counted(len(values), 'value')} of {column.name!r} {lie} outside the training "
        f"range, {span(column.low, column.high)}{such}."
    )
    advice = " Check unit, sensor and entry." if numbers else " Check the dates and how they are written."
    severity = "warn" if warns else "info"
    return [RowNote("RANGE", column.name, text + (advice if warns else ""), severity, len(outside))]
