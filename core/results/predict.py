"""What predicting new rows has found."""

from __future__ import annotations

from typing import ClassVar, Literal

from core.data.table import Frozen
from core.results.base import Columns, Result
from core.spec import Task


class SchemaIssue(Frozen):
    """How new rows differ from what a model was trained on, or what was noticed while they were read.

    Attributes:
        code: NO_ROWS, EXTRA_COLUMNS, ROWS_WITHOUT_VALUE, EMPTY_COLUMN, TYPE, NEW_VALUES, RARE_VALUES, RANGE,
            TIME_OF_DAY, VERSIONS, FORMULA, or that of a note of the reader.
        column: the column it is about, or empty.
        text: one plain sentence.
        count: of cells, rows or columns.
    """

    code: str
    column: str = ""
    text: str
    severity: Literal["warn", "info"]
    count: int = 0


class Bins(Frozen):
    """Numbers counted in equal bins: lower ends, upper ends and counts."""

    low: tuple[float, ...]
    high: tuple[float, ...]
    count: tuple[int, ...]


class PredictResult(Result):
    """Predictions as a page shows them; the files of the result hold all rows.

    Attributes:
        head: the first rows: column -> values, the predictions before the given columns.
        left_out: format of a file -> why it was not written.
        positive: the positive class, or empty.
        model: in words.
        counts: rows by predicted class, most frequent first; None for a regression.
        bins: of the predicted number, or of the positive class's probability; None for several classes.
        result: id in the store, whose files hold the predictions.
    """

    KIND: ClassVar[str] = "predict"

    rows: int
    findings: tuple[SchemaIssue, ...]
    head: Columns
    left_out: dict[str, str]
    task: Task
    target: str
    positive: str
    model: str
    counts: dict[str, int] | None = None
    bins: Bins | None = None
    result: str = ""
