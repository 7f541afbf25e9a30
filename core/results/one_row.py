"""What a model says of one row, why, along a column, and what would have to be different."""

from __future__ import annotations

from core.data.table import Frozen
from core.results.predict import SchemaIssue
from core.spec import Kind, Task

Cell = float | str | None
Row = dict[str, Cell]
"""A row as it is typed in: numbers, ISO times, texts; None for no value."""


class RowField(Frozen):
    """A column of the form.

    Attributes:
        low, high: ends of a number, or ISO times; None where the bundle tells none.
        whole: whether its numbers are whole ones.
        step: between two places of a slider; 0 without one.
        levels: that the bundle tells, the commonest first.
        more: whether there are levels that it does not tell.
        typical: the median, or the commonest level; None where most rows have no value, or it is not told.
        weight: how much the column matters, in the unit of ``RowForm.ranked_by``.
    """

    name: str
    kind: Kind
    low: Cell = None
    high: Cell = None
    whole: bool = False
    step: float = 0.0
    levels: tuple[str, ...] = ()
    more: bool = False
    typical: Cell = None
    weight: float = 0.0


class RowForm(Frozen):
    """The form of a model: its columns, those that matter most first, and rows to start from.

    Attributes:
        ranked_by: what the order of the columns stands on, in words.
        rows: rows of the training data that the bundle holds; empty where its rows are made up.
        basis: what typical and average rows are made of, in words.
        no_interval: why a predicted number comes without an interval; empty of classes.
    """

    task: Task
    target: str
    classes: tuple[str, ...]
    positive: str
    fields: tuple[RowField, ...]
    ranked_by: str
    rows: tuple[Row, ...]
    basis: str
    no_interval: str = ""

    @property
    def typical(self) -> Row:
        """The typical row."""
        return {field.name: field.typical for field in self.fields}


class RowAnswer(Frozen):
    """What the model says of a row.

    Attributes:
        shares: class -> probability, the positive class last; empty of a regression.
        low, high: of the prediction interval; None without one.
        interval: what that is and how often it held, in words.
        issues: what is odd about the row.
    """

    prediction: float | str
    shares: dict[str, float] = {}
    low: float | None = None
    high: float | None = None
    interval: str = ""
    issues: tuple[SchemaIssue, ...] = ()


class Contribution(Frozen):
    """The part of a column in the output.

    Attributes:
        value: what the row has in it.
        error: standard error of the amount, where it is an average over drawn orders; else None.
    """

    column: str
    value: Cell
    amount: float
    error: float | None = None


class RowWhy(Frozen):
    """The output of a row as a sum over its columns.

    Attributes:
        scale: what is explained, in words.
        output, base: of this row, and where the sum begins.
        begins: what the base is, in words.
        parts: one entry a column, the largest first.
        gap: output minus base minus the sum of the parts.
        adds_up: whether the gap is 0 but for rounding (1e-9 of the size of the numbers).
        method: how the parts were found, in words.
    """

    scale: str
    output: float
    base: float
    begins: str
    parts: tuple[Contribution, ...]
    gap: float
    adds_up: bool
    method: str


class RowCurve(Frozen):
    """The answer along one column while the others stay: probability of ``of``, or the predicted number."""

    column: str
    at: tuple[Cell, ...]
    answers: tuple[float, ...]
    of: str = ""


class RowChange(Frozen):
    """A cell that is different in another row."""

    column: str
    before: Cell
    after: Cell


class RowNearest(Frozen):
    """The nearest row that was found with another answer.

    Attributes:
        found: whether there is one; else the rest is the row that came nearest to the goal.
        changes: fewest columns first, then the least distance.
        answer: what the model says of the changed row.
        row: the changed row.
        tried: rows that were looked at.
        words: what was looked for and what was found.
    """

    found: bool
    changes: tuple[RowChange, ...] = ()
    answer: RowAnswer | None = None
    row: Row = {}
    tried: int = 0
    words: str = ""
