"""Bringing any column into the physical type that the reference had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from core.data.table import MISSING_WORDS, Physical
from core.spec import COLUMN_KINDS, Kind
from core.standalone.cells import as_datetime, as_number, as_text, is_infinite

WHOLE = r"^(-?\d+)\.0+$"


class ColumnLike(Protocol):
    """What a column must say of itself: core.data.table.Column and core.recipe.document.ColumnChoice do."""

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> Kind: ...


@dataclass(frozen=True)
class TypedColumn:
    """A column in the physical type of the reference, and what the conversion met.

    Attributes:
        values: float64, ``str`` or datetime64[us]; what could not be read is missing.
        given: cells that held something.
        infinite: cells that held plus or minus infinity.
        unread: cells that held something finite that could not be read in this type.
        was: the physical type that the column came in.
        zoned: whether its times carried a zone.
    """

    values: pd.Series
    given: int
    infinite: int
    unread: int
    was: Physical
    zoned: bool

    @property
    def parse_rate(self) -> float:
        """Share of the finite cells that could be read; 1 when there were none."""
        finite = self.given - self.infinite
        return 1.0 if finite <= 0 else 1.0 - self.unread / finite


def came_as(series: pd.Series) -> Physical:
    """The physical type that a column of any dtype stands for."""
    if pd.api.types.is_numeric_dtype(series.dtype):
        return "number"
    return "datetime" if pd.api.types.is_datetime64_any_dtype(series.dtype) else "text"


def physical_of(kind: Kind, series: pd.Series) -> Physical:
    """The physical type in which a column of this kind is watched."""
    return COLUMN_KINDS[kind].read_as or ("number" if came_as(series) == "number" else "text")


def typed(series: pd.Series, physical: Physical, format: str = "", decimal: str = ".") -> TypedColumn:
    """The column in that physical type; never raises, whatever the cells are.

    Args:
        format: strptime format of datetimes written as text; empty means ISO 8601.
        decimal: the decimal mark of numbers written as text.
    """
    series = _plain(series)
    was = came_as(series)
    zoned = getattr(series.dtype, "tz", None) is not None
    infinite = 0
    if was == "text" and physical != "text":
        infinite = int(is_infinite(series, decimal).sum()) if physical == "number" else 0
        series = series.mask(series.astype("str").str.strip().isin(MISSING_WORDS))
    given = int(series.notna().sum())
    values = _converted(series, physical, format, decimal)
    lost = given - int(values.notna().sum()) if physical != "text" else 0
    if was == "number" and physical == "number":
        infinite = lost
    return TypedColumn(values, given, infinite, max(0, lost - infinite), was, zoned)


def _converted(series: pd.Series, physical: Physical, format: str, decimal: str) -> pd.Series:
    if physical == "number":
        return as_number(series, decimal)
    if physical == "datetime":
        return as_datetime(series, format)
    text = as_text(series)
    return text.str.replace(WHOLE, r"\1", regex=True) if text.str.endswith(".0").any() else text


def _plain(series: pd.Series) -> pd.Series:
    """Cells that pandas can compare: lists and the like become their text, complex numbers too.

    So do durations, of which a reader of files has made numbers, with a word on their unit.
    """
    if pd.api.types.is_complex_dtype(series.dtype) or pd.api.types.is_timedelta64_dtype(series.dtype):
        return series.astype("str")
    if series.dtype != object:
        return series
    odd = series.map(lambda cell: not isinstance(cell, str | int | float | None))
    return series.where(~odd, series.map(str, na_action="ignore")) if odd.any() else series
