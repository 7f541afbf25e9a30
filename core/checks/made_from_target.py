"""Number columns that were made from the target of all rows, such as its mean by level."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import chi2

from core.checks.finding import Finding, leave_out
from core.checks.pulled_means import pulled_to_the_mean
from core.checks.rounding import step_of
from core.checks.strength import Evidence, targets_of
from core.checks.thin_levels import whole_levels
from core.data.table import Column

MOST_MATES, MOST_OF_A_VALUE = 200, 1_000
"""Mean rows a level; the mean of more rows hardly knows any one of them. The same of the column's own values,
each of which many levels may have."""
LEAST_VALUES, LEAST_MIXED = 6, 4
"""Different values, and those of a class whose rows are of it in part."""
CHANCE = 1e-9
TOO_EXACT = 0.35
"""Share of what chance would leave between a column and the means."""
MOST_TARGETS = 5
NOISE = 0.2
"""Share of the variance of a column that may lie within levels whose means it follows."""
POWERS = 4
LEAST_LINES = 12
"""Levels in which the others' mean is looked for."""
LINE = 0.999
MOST_FOR_STEP = 5_000


def means_of_target(evidence: Evidence) -> list[Finding]:
    """Columns that follow the target's mean by their own values, or by level, closer than chance allows.

    The mean of n rows is off by its standard error from any curve that was not made from these rows.
    """
    subject = evidence.subject
    findings = []
    for column in subject.features("numeric"):
        if column.physical != "number" or column.unique < LEAST_VALUES:
            continue
        if _follows(evidence, column) or _pulled(evidence, column) or _leaves_own_out(evidence, column):
            reason = (
                f"{column.name} follows the mean of {subject.target} by level closer than chance allows: "
                "it was made from the target of all rows, that of the rows to be judged too."
            )
            fix = leave_out(column.name)
            findings.append(
                Finding(code="LEAKAGE", severity="error", column=column.name, reason=reason, fix=fix)
            )
    return findings


def _follows(evidence: Evidence, column: Column) -> bool:
    """Whether the target's mean by value, or by a level that says the value, lies too exactly on a curve."""
    by = [column, *(other for other in _categories(evidence, column) if _says(evidence, other, column.name))]
    rows = len(evidence.subject.frame)
    most = {column.name: MOST_OF_A_VALUE}
    few = [
        one.name for one in by if 1.5 <= (rows - one.missing) / one.unique <= most.get(one.name, MOST_MATES)
    ]
    return any(_follows_by(evidence, column, name) for name in few)


def _pulled(evidence: Evidence, column: Column) -> bool:
    """Whether a column is the share of a class by some level, pulled to that of all rows."""
    subject = evidence.subject
    if evidence.numbers:
        return False
    rows = subject.frame[[subject.target, column.name]].dropna()
    targets = targets_of(rows[subject.target], numbers=False)
    cells = rows[column.name].to_numpy(dtype="float64")
    step = step_of(cells[:MOST_FOR_STEP])
    sides = [*targets.T[:MOST_TARGETS], *((1 - targets.T) if targets.shape[1] == 1 else ())]
    return any(pulled_to_the_mean(cells, side, step) for side in sides)


def _follows_by(evidence: Evidence, column: Column, by: str) -> bool:
    rows = whole_levels(evidence, by)
    rows = rows[rows[column.name].notna()]
    codes = pd.factorize(rows[by])[0]
    counts = np.bincount(codes)
    if (counts > 1).sum() < LEAST_VALUES:
        return False
    targets = targets_of(rows[evidence.subject.target], evidence.numbers)[:, :MOST_TARGETS]
    cells = rows[column.name].to_numpy(dtype="float64")
    return any(_too_exact(codes, counts, cells, target) for target in targets.T)


def _too_exact(codes: np.ndarray, counts: np.ndarray, cells: np.ndarray, target: np.ndarray) -> bool:
    values, means = (np.bincount(codes, weights=one) / counts for one in (cells, target))
    if np.isin(target, (0.0, 1.0)).all() and ((means > 0) & (means < 1)).sum() < LEAST_MIXED:
        return False  # in levels of one class alone nothing varies, whatever they were made from
    freedom = len(target) - len(counts) - POWERS
    left = _beside(cells, codes, counts, target - means[codes])
    within = float((left**2).sum() / freedom) if freedom > 0 else 0.0
    return within > 0 and any(
        _on_curve(guess, counts, means, within, terms) for guess, terms in _curves(values, counts, means)
    )


def _beside(cells: np.ndarray, codes: np.ndarray, counts: np.ndarray, away: np.ndarray) -> np.ndarray:
    """What the cells of a level leave open of its rows: an honest column tells rows of a level apart."""
    unit = (cells - cells.mean()) / (cells.std() or 1.0)
    powers = np.column_stack([unit ** (power + 1) for power in range(POWERS)])
    powers -= np.column_stack([np.bincount(codes, weights=one) / counts for one in powers.T])[codes]
    weights, *_ = np.linalg.lstsq(powers, away, rcond=1e-9)
    return np.asarray(away - powers @ weights)


def _on_curve(guess: np.ndarray, counts: np.ndarray, means: np.ndarray, within: float, terms: int) -> bool:
    middle = np.average(means, weights=counts)
    told = float((counts * (guess - middle) ** 2).sum() / within)
    left = float((counts * (means - guess) ** 2).sum() / within)
    levels = len(counts) - terms
    return bool(
        levels > 2 and told > 0.5 * levels and left < TOO_EXACT * levels and chi2.cdf(left, levels) < CHANCE
    )


def _curves(values: np.ndarray, counts: np.ndarray, means: np.ndarray) -> list[tuple[np.ndarray, int]]:
    """Means by level as a line and as a curve of a value, each with its number of terms.

    The curve knows 1 / n, since means are often pulled to a middle by so many rows.
    """
    unit = (values - values.mean()) / (values.std() or 1.0)
    each, weight = 1 / counts, np.sqrt(counts)
    line = [np.ones_like(unit), unit]
    made = []
    pulled = [*line, each, unit * each]
    for terms in (line, pulled, [*pulled, unit**2, unit**3, expit(values)]):
        data = np.column_stack(terms)
        weights, *_ = np.linalg.lstsq(data * weight[:, None], means * weight, rcond=None)
        made.append((np.asarray(data @ weights), len(terms)))
    return made


def _categories(evidence: Evidence, column: Column) -> list[Column]:
    every = [c for c in evidence.subject.columns if c.kind in ("categorical", "id")]
    apart = (column.name, evidence.subject.target)
    return [c for c in every if c.unique >= LEAST_VALUES and c.name not in apart]


def _says(evidence: Evidence, level: Column, name: str) -> bool:
    """Whether rows of one level have one value of a column, or nearly one, in the sample."""
    codes = pd.factorize(evidence.rows[level.name])[0]
    values = evidence.rows[name].to_numpy(dtype="float64")
    used = (codes >= 0) & np.isfinite(values)
    places, cells = pd.factorize(codes[used])[0], values[used]
    counts = np.bincount(places)
    if not len(places) or not (counts > 1).any():
        return False
    spread = cells[counts[places] > 1].var()
    away = cells - (np.bincount(places, weights=cells) / counts)[places]
    return bool(spread > 0 and (away**2).sum() / (len(cells) - len(counts)) <= NOISE * spread)


def _leaves_own_out(evidence: Evidence, column: Column) -> bool:
    """Whether a column is, in every level of a category, an exact falling line of the row's own target."""
    for other in _categories(evidence, column):
        codes = pd.factorize(evidence.rows[other.name])[0]
        measured = evidence.rows[column.name].to_numpy(dtype="float64")
        used = (codes >= 0) & np.isfinite(measured)
        for target in evidence.targets.T[:MOST_TARGETS]:
            if _falls(codes[used], measured[used], target[used]):
                return True
    return False


def _falls(codes: np.ndarray, values: np.ndarray, target: np.ndarray) -> bool:
    if not len(codes):
        return False
    counts = np.maximum(np.bincount(codes), 1)
    one, two = (v - (np.bincount(codes, weights=v) / counts)[codes] for v in (values, target))
    both, own, other = (np.bincount(codes, weights=w) for w in (one * two, one**2, two**2))
    scale = 1e-12 * (values.var() + 1e-300)
    varied = (counts >= 3) & (other > 0)
    lines = varied & (own > scale) & (both < 0)
    exact = lines & (both**2 >= LINE * own * other)
    return bool(varied.sum() >= LEAST_LINES and exact.sum() >= 0.9 * varied.sum())
