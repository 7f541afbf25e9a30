"""The target of a recipe: the values to learn, and the rows that have one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.errors import FoldlineError
from core.recipe.columns import read_texts
from core.recipe.document import Recipe
from core.recipe.split import target_column
from core.recipe.suggestion.target_guess import LEAST_NUMBERS, unreadable
from core.standalone.cells import as_text, with_joined
from core.standalone.counts import counted
from core.standalone.target import read_target, target_gaps, target_rows, target_values


@dataclass(frozen=True, eq=False)
class Target:
    """The target column of a table.

    Attributes:
        values: (rows,) texts or float64; only those of ``rows`` mean something.
        rows: positions of the rows that are used, as they stand in the file or in another order.
        classes: class names, the positive one last when binary; empty for a regression.
        without: number of rows that have no target.
        gaps: the texts that these rows have in its place, with their numbers; ``""`` where it is empty.
        repeated: number of rows left out because an equal one, or one that is near, came before.
    """

    values: NDArray[Any]
    rows: NDArray[np.int64]
    classes: tuple[str, ...]
    without: int
    repeated: int
    gaps: Mapping[str, int] = field(default_factory=dict)


def _classes(recipe: Recipe, values: NDArray[Any]) -> tuple[str, ...]:
    names = np.unique(values)
    if len(names) < 2:
        listed = ", ".join(map(repr, names)) or "nothing"
        raise FoldlineError(
            "TARGET",
            f"The target {recipe.target!r} has only {listed}.",
            "Choose a target with at least two classes.",
            recipe.target,
        )
    if recipe.task == "binary":
        if len(names) > 2:
            some = ", ".join(map(repr, names[:5]))
            raise FoldlineError(
                "TARGET",
                f"The target {recipe.target!r} has {counted(len(names), 'class')} ({some}), not two.",
                "Choose the task multiclass, or mark the values that mean no value.",
                recipe.target,
            )
        positive = recipe.positive or str(names[1])
        if positive not in names:
            raise FoldlineError(
                "TARGET",
                f"The positive class {positive!r} does not occur in {recipe.target!r}.",
                f"Choose {names[0]!r} or {names[1]!r}.",
                recipe.target,
            )
        names = np.array(sorted(names, key=lambda name: name == positive), dtype=object)
    return tuple(str(name) for name in names)


def labels_of(recipe: Recipe, values: pd.Series) -> pd.Series:
    """The values of a target column as float64 or text, missing where its words for "no value" stand."""
    return read_target(values, target_column(recipe))


def as_learned(recipe: Recipe, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows with joined levels, and marked numbers, read as training reads them.

    Columns that the rows lack are passed over; the rows themselves where there is nothing to read.
    """
    read = {
        column.name: with_joined(as_text(frame[column.name]), column.joined)
        for column in recipe.columns
        if column.joined and column.name != recipe.target and column.name in frame.columns
    }
    for column in recipe.columns:
        is_marked = column.marks and column.kind == "numeric" and column.name != recipe.target
        if is_marked and column.name in frame.columns:
            numbers = read_texts(column, frame[column.name], recipe.source.read.decimal)[1]
            read[column.name] = numbers.reindex(frame.index)
    if recipe.target in frame.columns:
        target = recipe.column(recipe.target)
        if target.marks or target.joined:
            read[recipe.target] = labels_of(recipe, frame[recipe.target])
    return frame.assign(**read) if read else frame


def target_of(recipe: Recipe, frame: pd.DataFrame, order: NDArray[np.int64] | None = None) -> Target:
    """The target in a table.

    Args:
        frame: the stored table or some of its columns, the target among them; every row.
        order: as ``order_of_rows``; None takes the rows as they stand.

    Raises:
        FoldlineError: ``TARGET`` when it is not set, not there, or cannot be learned.
    """
    if not recipe.target or recipe.target not in frame.columns:
        raise FoldlineError(
            "TARGET", f"There is no target column {recipe.target!r}.", "Choose a target.", recipe.target
        )
    column = labels_of(recipe, frame[recipe.target])
    gaps = gaps_of(recipe, frame[recipe.target])
    asked = target_column(recipe)
    _check_read(recipe, column, gaps)
    rows = target_rows(frame, column, asked, order)
    if len(rows) < 20:
        raise FoldlineError(
            "TOO_FEW",
            f"Only {counted(len(rows), 'row', 'has')} a target; training needs 20.",
            "Load more rows.",
            recipe.target,
        )
    values = target_values(column, asked)
    classes = () if recipe.task == "regression" else _classes(recipe, values[rows])
    if recipe.task == "regression" and np.ptp(values[rows]) == 0:
        raise FoldlineError(
            "TARGET", f"The target {recipe.target!r} never changes.", "Choose another.", recipe.target
        )
    unknown = int(column.isna().sum())
    return Target(values, rows, classes, unknown, len(frame) - unknown - len(rows), gaps)


def gaps_of(recipe: Recipe, values: pd.Series) -> dict[str, int]:
    """The texts of the cells of a target column that are no value of it, commonest first, with their numbers.

    Texts that the reader took as missing are empty here; ``Column.words`` has them.
    """
    return target_gaps(values, labels_of(recipe, values))


def _check_read(recipe: Recipe, column: pd.Series, gaps: Mapping[str, int]) -> None:
    """Refuse a target of numbers most of whose cells are none and were not said to mean "no value"."""
    own = set(recipe.column(recipe.target).missing)
    unread = {text: cells for text, cells in gaps.items() if text and text not in own}
    lost, cells = sum(unread.values()), int(column.notna().sum()) + sum(unread.values())
    if recipe.task == "regression" and lost > (1 - LEAST_NUMBERS) * cells:
        raise unreadable(recipe.target, lost, cells, next(iter(unread)))
