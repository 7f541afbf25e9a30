"""What is told of a table: each column in numbers, missing values, columns that go together."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from core.data.table import Frozen, Physical
from core.spec import Kind, Role


class LevelCount(Frozen):
    """A level of a column and its number of rows."""

    level: str
    count: int


class ClassCounts(Frozen):
    """Rows of each class of the target along the bins or levels of a column: one list of counts a class."""

    classes: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


class TargetMeans(Frozen):
    """Mean of a number target along the bins or levels of a column, None where there is no row."""

    means: tuple[float | None, ...]
    counts: tuple[int, ...]


Along = ClassCounts | TargetMeans


def _is_none(value: object) -> bool:
    return value is None


ByTarget = Annotated[Along | None, Field(exclude_if=_is_none)]
"""The target along the bins or levels of a column; None without one, and for the target itself."""


class ColumnSummary(Frozen):
    """A column in numbers: what it is, and how many of its values are missing or different."""

    name: str
    physical: Physical
    kind: Kind
    role: Role
    missing: int
    unique: int


class TextStats(Frozen):
    """Length of the shortest and the longest text, in characters; None when there is none."""

    shortest: int | None
    longest: int | None


class TextSummary(ColumnSummary):
    """A column of texts: its commonest levels, and how many rows have another one."""

    stats: TextStats
    levels: tuple[LevelCount, ...]
    other: int
    by_target: ByTarget = None


class NumberStats(Frozen):
    """Where the values of a column lie; datetimes in seconds since 1970.

    Attributes:
        quantiles: share of the rows as text (such as ``0.05``) -> the value that so many do not exceed.
    """

    min: float
    max: float
    mean: float
    std: float
    median: float
    zeros: int
    quantiles: dict[str, float]


class NoStats(Frozen):
    """Of a column without a value."""


class Histogram(Frozen):
    """Rows in bins of equal width; ``clipped`` when the outermost ones also hold what lies beyond them."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    clipped: bool


class NumberSummary(ColumnSummary):
    """A column of numbers or datetimes."""

    stats: NumberStats | NoStats
    histogram: Histogram
    by_target: ByTarget = None


Summary = TextSummary | NumberSummary


class MissingColumn(Frozen):
    """A column with missing values: how many rows lack one, and their share."""

    name: str
    missing: int
    share: float


class MissingValues(Frozen):
    """Cells without a value, their share, and the columns that have some, the worst first."""

    cells: int
    share: float
    complete_rows: int
    columns: tuple[MissingColumn, ...]


class CorrelatedPair(Frozen):
    """Two number columns and Spearman's correlation of their values."""

    a: str
    b: str
    spearman: float


class TableProfile(Frozen):
    """A table in numbers.

    Attributes:
        sampled: random rows that the distributions were taken from.
        duplicates: rows that repeat an earlier one.
        target: the column that the others are shown against, or None.
        correlated: strongest first.
        target_levels: classes of the target; None when it was not asked for them.
    """

    rows: int
    sampled: int
    duplicates: int
    target: str | None
    columns: tuple[Summary, ...]
    missing: MissingValues
    correlated: tuple[CorrelatedPair, ...]
    target_levels: tuple[LevelCount, ...] | None = Field(default=None, exclude_if=_is_none)

    def column(self, name: str) -> Summary | None:
        """The column of that name, or None."""
        return next((column for column in self.columns if column.name == name), None)
