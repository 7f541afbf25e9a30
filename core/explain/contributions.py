"""The output of one row as a sum over the original columns, by the way that suits the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.explain.origins import Origins
from core.explain.output import Output, booster_of
from core.standalone.counts import counted

Numbers = NDArray[np.float64]
SAME = 1e-9
PATH_ROWS, FEWEST_PATHS, MOST_PATHS = 2_000, 8, 64
SHARED = "what a column made of several adds is shared equally among them"


@dataclass(frozen=True, eq=False)
class Parts:
    """A sum that gives the output.

    Attributes:
        amounts: (d,) by column.
        errors: (d,) standard errors, or None where the amounts are exact.
        begins, method: in words.
    """

    output: float
    base: float
    amounts: Numbers
    errors: Numbers | None
    begins: str
    method: str

    @property
    def gap(self) -> float:
        """What the sum misses."""
        return float(self.output - (self.base + self.amounts.sum()))

    @property
    def adds_up(self) -> bool:
        """Whether the sum gives the output but for rounding."""
        size = max(1.0, abs(self.output), abs(self.base), float(np.abs(self.amounts).max(initial=0.0)))
        return abs(self.gap) <= SAME * size


def contributions(
    output: Output, row: pd.DataFrame, columns: Sequence[str], sources: Origins, average: pd.DataFrame
) -> Parts:
    """The parts of each column in the output of a row.

    LightGBM: its own TreeSHAP (Lundberg et al. 2020). A weighted sum: coefficient times distance from the
    mean. Else: a path from drawn rows to this one, see ``along_paths``.

    Args:
        row: one typed row.
        sources: of each prepared column.
        average: typed rows whose mean is what a row is compared with.
    """
    booster = booster_of(output.model)
    if booster is not None and output.margin | (output.place is None):
        return _by_trees(output, booster, row, columns, sources)
    weights = _weights(output, row)
    if weights is not None:
        return _by_weights(output, weights, row, columns, sources, average)
    return along_paths(output, row, columns, average)


def _gathered(values: Numbers, columns: Sequence[str], sources: Origins) -> Numbers:
    """(d,) sums by original column of what (m,) prepared columns add."""
    place = {name: i for i, name in enumerate(columns)}
    amounts = np.zeros(len(columns))
    for value, names in zip(values, sources, strict=True):
        for name in names:
            amounts[place[name]] += value / len(names)
    return amounts


def _dense(matrix: Any) -> Numbers:
    return np.asarray(matrix.toarray() if hasattr(matrix, "toarray") else matrix, dtype=np.float64)


def _by_trees(
    output: Output, booster: Any, row: pd.DataFrame, columns: Sequence[str], sources: Origins
) -> Parts:
    matrix = _dense(output.prepared(row))
    found = np.asarray(booster.predict(matrix, pred_contrib=True, validate_features=False))
    parts = found.reshape(-1, matrix.shape[1] + 1)  # a class after the other; the last of each is the base
    whole = parts[0] if output.place is None else output.chosen(parts.T)
    amounts = _gathered(whole[:-1], columns, sources)
    begins = "the mean output of the training rows, as LightGBM weighs them"
    method = f"LightGBM's own contributions (TreeSHAP), summed back to the original columns; {SHARED}"
    return Parts(float(output.of_matrix(matrix)[0]), float(whole[-1]), amounts, None, begins, method)


def _weights(output: Output, row: pd.DataFrame) -> Numbers | None:
    """(m,) the coefficients of a model that is a weighted sum, proved on the row; else None."""
    model, scale = output.model, 1.0
    if hasattr(model, "regressor_") and hasattr(getattr(model, "transformer_", None), "scale_"):
        model, scale = model.regressor_, float(model.transformer_.scale_[0])
    found = getattr(model, "coef_", None)
    if found is None or (output.place is not None and not output.margin):
        return None
    coefficients = np.atleast_2d(_dense(found)) * scale
    whole = coefficients[0] if output.place is None else output.chosen(coefficients.T)
    matrix = _dense(output.prepared(row))[0]
    steps = matrix * np.linspace(0.0, 2.0, 3)[:, None]
    moved = np.diff(output.of_matrix(steps))
    size = max(1.0, float(np.abs(moved).max()))
    return whole if np.abs(moved - float(whole @ matrix)).max() <= SAME * size else None


def _by_weights(
    output: Output,
    weights: Numbers,
    row: pd.DataFrame,
    columns: Sequence[str],
    sources: Origins,
    average: pd.DataFrame,
) -> Parts:
    matrix = _dense(output.prepared(row))
    mean = _dense(output.prepared(average)).mean(axis=0, keepdims=True)
    amounts = _gathered(weights * (matrix - mean)[0], columns, sources)
    found = output.of_matrix(np.vstack([matrix, mean]))
    method = f"Coefficient times distance from the mean; {SHARED}"
    begins = "the output of the mean row"
    return Parts(float(found[0]), float(found[1]), amounts, None, begins, method)


def along_paths(output: Output, row: pd.DataFrame, columns: Sequence[str], average: pd.DataFrame) -> Parts:
    """The parts by permutation sampling (Strumbelj and Kononenko 2014), on the original columns.

    Each path begins at a drawn row and takes the values of this one column after column, in a drawn order and
    in its reverse; a column's part is the mean of the steps that it makes. All steps of a path add up to the
    difference of its ends, so the parts add up whatever was drawn; how they are shared has a standard error.

    Args:
        average: typed rows; as many paths begin at its first rows as 2,000 rows allow, 8 to 64.
    """
    d = len(columns)
    paths = min(len(average), MOST_PATHS, max(FEWEST_PATHS, PATH_ROWS // (d + 1))) // 2 * 2
    rng = np.random.default_rng(0)
    once = [rng.permutation(d) for _ in range(paths // 2)]
    ranks = np.array([np.argsort(order) for pair in once for order in (pair, pair[::-1])])
    starts = average.iloc[np.arange(paths) // 2 if len(average) < paths else np.arange(paths)]
    values = output(_steps(row, starts, columns, ranks)).reshape(paths, d + 1)
    moved = np.diff(values, axis=1)
    amounts = np.take_along_axis(moved, ranks, axis=1)
    pairs = amounts.reshape(paths // 2, 2, d).mean(axis=1)
    errors = pairs.std(axis=0, ddof=1) / np.sqrt(len(pairs))
    method = f"The mean of {paths} paths on the original columns (sampled Shapley values)"
    begins = f"the mean output of {counted(paths, 'drawn row')}"
    base = float(values[:, 0].mean())
    return Parts(float(output(row)[0]), base, amounts.mean(axis=0), errors, begins, method)


def _steps(
    row: pd.DataFrame, starts: pd.DataFrame, columns: Sequence[str], ranks: NDArray[np.int64]
) -> pd.DataFrame:
    """The rows of all paths, (paths x (d + 1)): after t steps the columns of rank below t are this row's."""
    paths, d = ranks.shape
    time = np.arange(d + 1)
    origin = np.repeat(np.arange(1, paths + 1), d + 1)
    both = pd.concat([row[list(columns)], starts[list(columns)]], ignore_index=True)
    taken = {}
    for place, name in enumerate(columns):
        is_ours = (ranks[:, place][:, None] < time).ravel()
        taken[name] = both[name].array.take(np.where(is_ours, 0, origin))
    return pd.DataFrame(taken)
