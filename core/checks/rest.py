"""A column that tells the target no better than the others do together is strong, not surely a leak."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.ensemble import ExtraTreesRegressor

from core.checks.finding import Finding
from core.checks.strength import Evidence, column_strength

MOST_ROWS, MOST_COLUMNS = 2_000, 60
TREES, LEAF = 60, 2
AS_MUCH = 2.0
"""How much more than the column the others may leave open to tell as well."""


def as_the_rest(findings: Sequence[Finding], evidence: Evidence, error: float) -> list[Finding]:
    """The same findings, an error being a warning where all other columns tell the target as well as it does.

    The columns that are errors themselves are not among the others.
    """
    leaks = [one.column for one in findings if one.severity == "error"]
    if not leaks:
        return list(findings)
    few = evidence.few(MOST_ROWS)
    columns = {c.name: c for c in few.subject.features()}
    open_by = {name: 1 - column_strength(few.rows[name], columns[name], few) for name in leaks}
    others = [name for name in columns if name not in leaks and columns[name].kind != "text"]
    rest = 1 - _strength_of(few, others[:MOST_COLUMNS]) if others else 1.0
    return [_weaker(one, rest, open_by, error) for one in findings]


def _weaker(one: Finding, rest: float, open_by: dict[str, float], error: float) -> Finding:
    if one.severity != "error" or rest > 1 - error or rest > AS_MUCH * open_by[one.column]:
        return one
    told = one.reason.split("):")[0]
    reason = f"{told}), and the others together tell as much: make sure that it is known before."
    return one.model_copy(update={"severity": "warn", "reason": reason})


def _strength_of(few: Evidence, names: list[str]) -> float:
    """Strength of a small forest over some columns, out of fold; levels as they come."""
    data = np.column_stack([as_numbers(few.rows[name]) for name in names])

    def guessed(fit: np.ndarray, judged: np.ndarray) -> np.ndarray:
        forest = ExtraTreesRegressor(TREES, min_samples_leaf=LEAF, random_state=0, max_features=0.5)
        fitted = forest.fit(data[fit], few.targets[fit].squeeze())
        return np.asarray(fitted.predict(data[judged])).reshape(len(judged), -1)

    return few.strength(few.out_of_fold(guessed))


def as_numbers(values: pd.Series) -> np.ndarray:
    """A column of any kind as (rows,) numbers without gaps; levels as they come."""
    if pd.api.types.is_numeric_dtype(values.dtype):
        numbers = values.to_numpy(dtype="float64", na_value=np.nan)
    elif pd.api.types.is_datetime64_any_dtype(values.dtype):
        numbers = values.astype("int64").to_numpy(dtype="float64")
    else:
        numbers = pd.factorize(values)[0].astype("float64")
    present = numbers[np.isfinite(numbers)]
    return np.where(np.isfinite(numbers), numbers, present.min() - 1 if len(present) else 0.0)
