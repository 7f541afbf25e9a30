"""Which column is likely the target, what kind of task it sets, and which class is of interest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from core.data.table import Column, Marks
from core.data.types.number_shares import FEW_CODES, commonest, number_marks, numeric_share
from core.data.types.number_text import common_unit, reads_as_numbers
from core.errors import FoldlineError
from core.recipe.suggestion.refused_targets import (
    DATES,
    refuse_measured,
    refuse_two_readings,
    refuse_units,
    refused_target,
    too_many,
)
from core.spec import WITH_LEVELS, Task
from core.standalone.cells import as_number
from core.standalone.counts import counted

TARGET_NAMES = (
    "target",
    "label",
    "class",
    "y",
    "outcome",
    "churn",
    "income",
    "survived",
    "price",
    "fail",
    "result",
)
POSITIVE_WORDS = (
    "yes",
    "true",
    "positive",
    "bad",
    "fail",
    "failed",
    "fraud",
    "churn",
    "spam",
    "up",
    ">50k",
)
OPPOSITES = {"1": ("0", "-1"), "y": ("n",), "t": ("f",)}
"""Short words that tell the positive class only beside one of these; in {1, 2} they are mere codes."""
LEAST_NUMBERS = 0.5
"""Share of the cells of a target of numbers that must be some."""
CODES = " If they are codes of classes, choose multiclass classification."
OTHER = "Choose another target."
CORRECT = "Choose another target, or correct the cells that should be numbers in the file."
EMPTY_CLASS = "If an empty cell is an answer of its own, write it as a word in the file, or choose another."


def guess_target(columns: Sequence[Column]) -> str:
    """The column that looks most like a target by its name, else the last one that could be."""
    able = [column for column in columns if column.kind not in ("id", "constant", "datetime", "text")]
    # The whole name says more than a word in it: price comes before energy_label. The last column is next.
    for column in able:
        if column.name.strip().lower() in TARGET_NAMES:
            return column.name
    for column in [*able[-1:], *able]:
        words = column.name.lower().replace("_", " ").split()
        if any(word in TARGET_NAMES for word in words):
            return column.name
    return able[-1].name if able else ""


@dataclass(frozen=True)
class TargetGuess:
    """How a column is read as a target.

    Attributes:
        reason: one sentence.
        marks: of numbers that are written with marks, as in ``ColumnChoice``.
    """

    task: Task
    reason: str
    marks: Marks = ""


def guess_task(
    column: Column,
    rows: int,
    values: Callable[[], pd.Series],
    decimal: str = ".",
    task: Task | None = None,
) -> TargetGuess:
    """The task that fits a target, with the reason in words.

    Args:
        rows: of the table.
        values: gives the column in the typed table; texts are read before they are judged.
        decimal: decimal mark of the file.
        task: as a person chose it.

    Raises:
        FoldlineError: ``TARGET`` when the column cannot be a target, or not one of that task.
    """
    if column.physical == "text" and task in (None, "regression"):
        numbers = _written_numbers(column, values(), decimal, asked=task is not None)
        if numbers is not None:
            return numbers
    if task is not None:
        return TargetGuess(task, f"{column.name!r} has {counted(column.unique, 'different value')}.")
    if too_many(column) and column.physical == "datetime":
        raise refused_target(column.name, "holds dates or times.", DATES)
    if too_many(column) or column.physical == "text":
        refuse_measured(column, values().dropna(), decimal)
    return TargetGuess(*task_by_levels(column, rows))


def _written_numbers(column: Column, values: pd.Series, decimal: str, asked: bool) -> TargetGuess | None:
    """A column of texts as a target of numbers; None where it holds classes and nobody asked for numbers."""
    if not asked and not reads_as_numbers(values, decimal):
        return None
    texts = values.dropna()
    marks = number_marks(texts, decimal)
    if asked and not (marks or reads_as_numbers(values, decimal)):
        refuse_units(column.name, texts, common_unit(texts))
    refuse_two_readings(column.name, texts, marks)
    numbers = as_number(texts, decimal, marks)
    unread = texts[numbers.isna()]
    if numeric_share(texts, decimal, marks) < LEAST_NUMBERS:
        refuse_units(column.name, texts, common_unit(texts))
        raise unreadable(column.name, len(unread), len(texts), str(unread.iloc[0]))
    reason = f"{column.name!r} is a number with {counted(numbers.nunique(), 'different value')}."
    if marks:
        marked = texts[as_number(texts, decimal).isna() & numbers.notna()]
        reason += f" Marks are left out: {marked.iloc[0]!r} is {numbers[marked.index[0]]:.15g}."
    if len(unread):
        reason += f" Without a target: {counted(len(unread), 'cell')} with no number, {commonest(unread)}."
    return TargetGuess("regression", reason, marks)


def unreadable(name: str, unread: int, cells: int, example: str) -> FoldlineError:
    """The refusal of a target of numbers most of whose cells are none."""
    return FoldlineError(
        "TARGET",
        f"{unread:,} of {counted(cells, 'cell')} of the target {name!r} cannot be read as numbers, such as "
        f"{example[:40]!r}.",
        "Correct them in the file, choose it again as target where they are numbers with marks such as "
        "1,234.50, or choose classification or another target.",
        name,
    )


def task_by_levels(column: Column, rows: int) -> tuple[Task, str]:
    """The task that fits the number of levels of a target, with the reason in words.

    Raises:
        FoldlineError: ``TARGET`` when the column cannot be a target.
    """
    name, unique = repr(column.name), column.unique
    if unique < 2:
        gaps = f", and {counted(column.missing, 'cell')} without a value" if column.missing else ""
        raise refused_target(column.name, f"has one value only{gaps}.", EMPTY_CLASS if gaps else OTHER)
    if unique == 2:
        return "binary", f"{name} has two values."
    if column.physical == "number":
        whole = column.kind in WITH_LEVELS
        if unique <= FEW_CODES and unique / rows <= 0.05 and whole:
            return "multiclass", (
                f"{name} has {counted(unique, 'different value')} and was marked as categorical."
            )
        codes = CODES if few_numbers(column) else ""
        return "regression", f"{name} is a number with {counted(unique, 'different value')}.{codes}"
    if too_many(column):
        raise refused_target(
            column.name, f"has {counted(unique, 'different text')}: it looks like an id.", CORRECT
        )
    return "multiclass", f"{name} has {counted(unique, 'different level')}."


def few_numbers(column: Column) -> bool:
    """Whether a column of numbers has so few different ones that they may be codes of classes."""
    return column.physical == "number" and 2 < column.unique <= FEW_CODES


def guess_positive(levels: Sequence[str], counts: Sequence[int]) -> str:
    """The positive class: a telling word, else the rarer one."""
    words = {level.lower().rstrip("."): level for level in levels}
    for word, level in words.items():
        if word in POSITIVE_WORDS or any(other in words for other in OPPOSITES.get(word, ())):
            return level
    return min(zip(counts, levels, strict=True))[1]
