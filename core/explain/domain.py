"""Where the values of each column lie, by what a bundle tells, and rows drawn from that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.data.typed_rows import typed_in
from core.drift.profile.document import ColumnProfile, ReferenceProfile
from core.export.bundle.open import Bundle
from core.export.bundle.schema import SchemaColumn
from core.results.one_row import Cell

Numbers = NDArray[np.float64]
MOSTLY = 0.5
PLACES = 100
DAY = 86_400


@dataclass(frozen=True, eq=False)
class Domain:
    """Where the values of a column lie.

    Attributes:
        column: of the schema.
        low, high: ends of numbers, or seconds since 1970 of times; None where there are none.
        values, weights: sorted numbers and how often each counts; both ends where nothing is remembered.
        edges: between the bins that the values are means of; empty when they are the values themselves.
        levels, counts: levels and their rows; equal counts where they are not remembered.
        missing: share of the rows without a value.
        whole: whether its numbers are whole ones.
    """

    column: SchemaColumn
    low: float | None
    high: float | None
    values: Numbers
    weights: Numbers
    levels: tuple[str, ...]
    counts: Numbers
    missing: float
    whole: bool
    edges: Numbers

    @property
    def name(self) -> str:
        """Of the column."""
        return self.column.name

    @property
    def is_time(self) -> bool:
        """Whether its values are times."""
        return self.column.kind == "datetime"

    @property
    def step(self) -> float:
        """A step of 1, 2 or 5 times a power of ten that parts the range into 100 or a little more."""
        if self.low is None or self.high is None or not self.high > self.low:
            return 0.0
        if self.is_time:
            return float(DAY)
        power = 10.0 ** np.floor(np.log10((self.high - self.low) / PLACES))
        ratio = (self.high - self.low) / PLACES / power
        step = float(power * (5 if ratio >= 5 else 2 if ratio >= 2 else 1))
        return max(1.0, step) if self.whole else step

    def cell(self, number: float) -> Cell:
        """The cell of a number, or of a time in seconds since 1970."""
        if self.is_time:
            return pd.Timestamp(round(number), unit="s").isoformat()
        return float(round(number)) if self.whole else float(f"{number:.12g}")

    def cell_of(self, level: str) -> Cell:
        """The cell of a level."""
        return float(level) if self.column.physical == "number" else level

    def share_below(self, cell: Cell) -> float:
        """The share of the values that lie below, those at the very value counted half."""
        at = self.number(cell)
        if at is None or not self.weights.sum():
            return 0.5
        below, here = self.weights[self.values < at].sum(), self.weights[self.values == at].sum()
        return float((below + here / 2) / self.weights.sum())

    def span_below(self, cell: Cell) -> tuple[float, float]:
        """Between which shares of the values a cell lies: those below its bin, or its value, and with it."""
        at = self.number(cell)
        if at is None or not self.weights.sum():
            return 0.0, 1.0
        if len(self.edges):
            first, last = (np.searchsorted(self.edges, at, side=side) for side in ("left", "right"))
        else:
            first, last = (np.searchsorted(self.values, at, side=side) for side in ("left", "right"))
            last -= 1
        ends = np.concatenate([[0.0], np.cumsum(self.weights) / self.weights.sum()])
        return float(ends[first]), float(ends[max(first, last + 1)])

    def number(self, cell: Cell) -> float | None:
        """The number of a cell, or the seconds of a time; None where it is neither."""
        try:
            if cell is None:
                return None
            return pd.Timestamp(str(cell)).timestamp() if self.is_time else float(cell)
        except ValueError:
            return None

    def at(self, shares: Numbers) -> list[Cell]:
        """The cells below which these shares of the rows with a value lie."""
        if self.levels:
            ends = np.cumsum(self.counts) / self.counts.sum()
            return [self.cell_of(self.levels[place]) for place in _places(ends, shares)]
        if not len(self.values):
            return [None] * len(shares)
        if len(self.values) == 2 and self.is_time:
            return [self.cell(value) for value in self.values[0] + shares * np.ptp(self.values)]
        ends = np.cumsum(self.weights) / self.weights.sum()
        return [self.cell(self.values[place]) for place in _places(ends, shares)]

    @property
    def typical(self) -> Cell:
        """The median or the commonest level; None where most rows have no value.

        A median within half a step of an end is that end: a bin of many zeros may hold a few other values.
        """
        if self.missing > MOSTLY:
            return None
        if self.levels:
            return self.cell_of(self.levels[int(self.counts.argmax())])
        median = self.at(np.array([0.5]))[0]
        for end in (self.low, self.high):
            if end is not None and isinstance(median, float) and abs(median - end) <= self.step / 2:
                return self.cell(end)
        return median


def _places(ends: Numbers, shares: Numbers) -> NDArray[np.int64]:
    return np.minimum(np.searchsorted(ends, shares), len(ends) - 1)


def domains(bundle: Bundle, profile: ReferenceProfile | None) -> dict[str, Domain]:
    """The domain of each column that the model reads."""
    known = {} if profile is None else {column.name: column for column in profile.columns}
    return {c.name: _domain(c, known.get(c.name), bundle) for c in bundle.schema.inputs}


def _domain(column: SchemaColumn, seen: ColumnProfile | None, bundle: Bundle) -> Domain:
    low, high = _ends(column)
    levels, counts = _levels(column, seen)
    has_numbers = column.kind == "numeric" and seen is not None and len(seen.values) > 0
    if has_numbers and seen is not None:
        values, weights = seen.values, seen.weights
    else:
        values = np.array([] if low is None or high is None or levels else [low, high])
        weights = np.ones(len(values))
    missing = 0.0 if seen is None else seen.missing_rate
    whole = column.kind == "numeric" and _is_whole(values, _given(column, bundle))
    if whole and low is not None and high is not None:
        low, high = float(np.ceil(low)), float(np.floor(high))
    edges = seen.edges if has_numbers and seen is not None else np.empty(0)
    return Domain(column, low, high, values, weights, levels, counts, missing, whole, edges)


def _ends(column: SchemaColumn) -> tuple[float | None, float | None]:
    if column.low is None or column.high is None or column.kind not in ("numeric", "datetime"):
        return None, None
    if column.kind == "datetime":
        return pd.Timestamp(str(column.low)).timestamp(), pd.Timestamp(str(column.high)).timestamp()
    return float(column.low), float(column.high)


def _levels(column: SchemaColumn, seen: ColumnProfile | None) -> tuple[tuple[str, ...], Numbers]:
    if not column.levels:
        return (), np.empty(0)
    known = {} if seen is None else dict(seen.levels)
    if not any(known.get(level) for level in column.levels):
        return column.levels, np.ones(len(column.levels))
    return column.levels, np.array([float(known.get(level, 0)) for level in column.levels])


def _given(column: SchemaColumn, bundle: Bundle) -> Numbers:
    """The numbers of a column in the rows of the bundle, where these are real."""
    if bundle.recipe.export.made_up or column.name not in bundle.sample.columns:
        return np.empty(0)
    place = bundle.sample.columns.index(column.name)
    cells = [row[place] for row in bundle.sample.rows]
    return np.array([cell for cell in cells if isinstance(cell, float)])


def _is_whole(values: Numbers, given: Numbers) -> bool:
    """Whether numbers are whole: those of the rows that are known, else most means of bins."""
    told = given if len(given) else values
    return bool(len(told)) and float(np.mean(told == np.round(told))) > (0.999 if len(given) else MOSTLY)


def drawn(known: dict[str, Domain], texts: dict[str, list[Cell]], rows: int, seed: int) -> pd.DataFrame:
    """Rows that are drawn column by column, each with its values as often as training had them.

    Args:
        texts: cells of the columns that have neither numbers nor levels, taken in turn.

    Returns:
        As ``typed_in``: ``rows`` rows, the columns of ``known``.
    """
    rng = np.random.default_rng(seed)
    even = (np.arange(rows) + 0.5) / rows
    cells: dict[str, list[Cell]] = {}
    for name, domain in known.items():
        shares = rng.permutation(even)
        present = (shares - domain.missing) / max(1e-12, 1 - domain.missing)
        free = texts.get(name, [])
        there = [free[i % len(free)] for i in range(rows)] if free else domain.at(np.clip(present, 0, 1))
        cells[name] = [None if p < 0 else cell for p, cell in zip(present, there, strict=True)]
    return typed_in(cells)
