"""Copies of rows in which a cell or two were changed, by any amount."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from core.checks.finding import Subject
from core.spec import CLASSIFICATION
from core.standalone.rows.near_copies import near_parts

MOST_ASKED, MOST_ROWS, LEAST_ROWS = 400, 8_000, 60
MOST_COLUMNS = 40
Way = Literal["near", "exact", "finest"]
WAYS: tuple[Way, ...] = ("near", "exact", "finest")
NEARLY, EXACTLY = 0.01, 1e-9
"""Difference of scaled numbers that count as the same, nearly or but for the digits of a float."""
FINE = 0.2
"""Different values a row from which a column tells most rows apart."""
COLUMNS_EACH = 5
"""Columns that there must be for each that may differ."""
PLATEAU, LEAST_PAIRS, ALIKE = 0.8, 12, 0.95


@dataclass(frozen=True)
class Changed:
    """Rows that repeat another one but for a cell or two.

    Attributes:
        share: of the rows.
        columns: in how many they differ at most; 0 where there are no copies.
        way: how rows are compared.
    """

    share: float = 0.0
    columns: int = 0
    way: Way = "near"


def changed_copies(subject: Subject) -> Changed:
    """The rows that repeat another one but for one or two columns.

    Between rows of their own the number of pairs grows manifold with each column more that may differ;
    between copies it stays. It is counted three times: with numbers that are nearly the same, exactly the
    same, and among rows that have the same value in the column of most values.
    """
    names = compared_columns(subject)[:MOST_COLUMNS]
    frame = subject.frame[subject.frame[subject.target].notna().to_numpy()]
    if len(frame) < LEAST_ROWS or len(names) < COLUMNS_EACH:
        return Changed()
    order = np.random.default_rng(subject.seed).permutation(len(frame))
    whole = len(frame)
    frame = frame.iloc[order[:MOST_ROWS]]
    asked = np.arange(min(MOST_ASKED, len(frame)))
    apart = same_group(subject, frame, asked)
    apart[asked, asked] = True
    for way in WAYS:
        differing = columns_that_differ(frame, names, asked, way)
        differing[apart] = len(names)
        share, columns = _plateau_of_changes(subject, frame, differing, len(names))
        if share > 0:
            return Changed(min(1.0, share * whole / len(frame)), columns, way)
    return Changed()


def _plateau_of_changes(
    subject: Subject, frame: pd.DataFrame, differing: np.ndarray, columns: int
) -> tuple[float, int]:
    """Share of the asked rows with a copy, and in how many columns it was changed; 0, 0 for none."""
    for changed in (1, 2):
        if columns < COLUMNS_EACH * changed:
            break
        pairs, wider = ((differing >= 1) & (differing <= most) for most in (changed, 2 * changed))
        count = int(pairs.sum())
        if count < max(LEAST_PAIRS, 0.01 * len(pairs)) or count < PLATEAU * int(wider.sum()):
            continue
        one, two = np.nonzero(pairs)
        alike = alike_targets(subject, frame[subject.target], one, two[:, None])
        if alike.mean() >= ALIKE:
            return float(pairs.any(axis=1).mean()), changed
    return 0.0, 0


def columns_that_differ(frame: pd.DataFrame, names: list[str], asked: np.ndarray, way: Way) -> np.ndarray:
    """(asked, rows) in how many columns two rows differ; in all where the finest has to agree and does not.

    Numbers differ from 1 % of their width on, or at all.
    """
    numeric, codes = near_parts(frame, names)
    differing = np.zeros((len(asked), len(frame)), dtype="int16")
    for values in numeric.T:
        same = NEARLY if way == "near" else EXACTLY
        differing += np.abs(values[asked, None] - values[None, :]) > same
    for column in codes.T:
        differing += column[asked, None] != column[None, :]
    if way == "finest":
        tells = frame[names[0]].nunique() >= FINE * len(frame)
        finest = pd.factorize(frame[names[0]])[0]
        differing[(finest[asked, None] != finest[None, :]) | (not tells)] = len(names)
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
