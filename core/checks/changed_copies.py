"""Copies of rows in which a cell or two were changed, by any amount."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.checks.finding import Subject
from core.spec import CLASSIFICATION
from core.standalone.rows.near_copies import near_parts

MOST_ASKED, MOST_ROWS, LEAST_ROWS = 400, 8_000, 60
MOST_COLUMNS = 40
SAME = 0.01
"""Difference of scaled numbers up to which they count as the same."""
COLUMNS_EACH = 5
"""Columns that there must be for each that may differ."""
PLATEAU, LEAST_PAIRS, ALIKE = 0.8, 12, 0.95


def changed_copies(subject: Subject) -> tuple[float, int]:
    """Share of the rows that repeat another one but for one or two columns, and for how many; 0, 0 for none.

    Between rows of their own the number of pairs grows manifold with each column more that may differ;
    between copies it stays.
    """
    names = compared_columns(subject)[:MOST_COLUMNS]
    frame = subject.frame[subject.frame[subject.target].notna().to_numpy()]
    if len(frame) < LEAST_ROWS or len(names) < COLUMNS_EACH:
        return 0.0, 0
    order = np.random.default_rng(subject.seed).permutation(len(frame))
    whole = len(frame)
    frame = frame.iloc[order[:MOST_ROWS]]
    asked = np.arange(min(MOST_ASKED, len(frame)))
    differing = columns_that_differ(frame, names, asked)
    differing[same_group(subject, frame, asked)] = len(names)
    differing[asked, asked] = len(names)
    for changed in (1, 2):
        if len(names) < COLUMNS_EACH * changed:
            break
        pairs, wider = ((differing >= 1) & (differing <= most) for most in (changed, 2 * changed))
        count = int(pairs.sum())
        if count < max(LEAST_PAIRS, 0.01 * len(asked)) or count < PLATEAU * int(wider.sum()):
            continue
        one, two = np.nonzero(pairs)
        alike = alike_targets(subject, frame[subject.target], one, two[:, None])
        if alike.mean() >= ALIKE:
            return min(1.0, float(pairs.any(axis=1).mean()) * whole / len(frame)), changed
    return 0.0, 0


def columns_that_differ(frame: pd.DataFrame, names: list[str], asked: np.ndarray) -> np.ndarray:
    """(asked, rows) in how many columns two rows differ; numbers do from 1 % of their width on."""
    numeric, codes = near_parts(frame, names)
    differing = np.zeros((len(asked), len(frame)), dtype="int16")
    for values in numeric.T:
        differing += np.abs(values[asked, None] - values[None, :]) > SAME
    for column in codes.T:
        differing += column[asked, None] != column[None, :]
    return differing


def compared_columns(subject: Subject) -> list[str]:
    """The features by which rows are near: those that tell rows apart best first."""
    features = [c for c in subject.features() if c.unique > 1]
    return [c.name for c in sorted(features, key=lambda c: -c.unique)]


def same_group(subject: Subject, frame: pd.DataFrame, asked: np.ndarray) -> np.ndarray:
    """(asked, rows) whether two rows are of one group, and so on one side of every split anyway."""
    same = np.zeros((len(asked), len(frame)), dtype=bool)
    for column in subject.columns:
        if column.role == "group":
            groups = pd.factorize(frame[column.name])[0]
            same |= groups[asked, None] == groups[None, :]
    return same


def alike_targets(subject: Subject, target: pd.Series, asked: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(asked, k) whether the target is the same, or nearly the same number, in (asked, k) other rows."""
    if subject.task in CLASSIFICATION:
        codes = pd.factorize(target)[0]
        return np.asarray(codes[asked, None] == codes[others])
    values = target.to_numpy(dtype="float64")
    low, high = np.quantile(values, (0.05, 0.95))
    return np.asarray(np.abs(values[asked, None] - values[others]) <= 0.1 * ((high - low) or values.std()))
