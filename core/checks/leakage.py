"""How much of the target one column alone gives away, out of fold."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from core.checks.finding import FEWEST_ENTITIES, Finding, Fix, Severity, Subject, keep_together, leave_out
from core.data.table import Column
from core.spec import CLASSIFICATION

MOST_ROWS = 20_000
LEAST_ROWS = 50
FOLDS = 3
BINS = 64
CLASSES = 20
SMOOTH = 5.0
EXACT = 1e-6


def leakage(subject: Subject, error: float, warn: float) -> list[Finding]:
    """Columns that nearly tell the target by themselves, or together by an exact sum.

    The strength of a column is out of fold, on at most 20,000 rows: 2 AUC - 1 for classes (mean of one
    against the rest, weighted by class), R2 for numbers, of the target's mean by level or bin. The bands
    follow DataRobot's target leakage check (normalised Gini .85 and .975).
    """
    rows = _rows(subject)
    if len(rows) < LEAST_ROWS or rows[subject.target].nunique() < 2:
        return []
    folds = np.random.default_rng(subject.seed).permutation(len(rows)) % FOLDS
    numbers = subject.task not in CLASSIFICATION
    targets = _targets(rows[subject.target], numbers)
    findings = []
    exact = exact_parts(rows, subject) if numbers else ()
    entities = subject.entities(FEWEST_ENTITIES)
    for column in subject.features():
        strength = _strength(rows[column.name], column, targets, folds, numbers)
        if column.name in exact:
            findings.append(_finding(column, "error", _exact_reason(column, exact, subject.target)))
        elif strength >= min(warn, error):
            severity: Severity = "error" if strength >= error else "warn"
            measure = f"{'R²' if numbers else 'Gini'} {strength:.3f}"
            if column in entities:
                reason = _entity_reason(column, subject.target, measure)
                findings.append(_finding(column, severity, reason, keep_together(column.name)))
            else:
                reason = _reason(column, subject.target, measure, severity)
                findings.append(_finding(column, severity, reason))
    return findings


def exact_parts(rows: pd.DataFrame, subject: Subject) -> tuple[str, ...]:
    """The number columns whose weighted sum is the target exactly, or nothing when there is no such sum."""
    names = [c.name for c in subject.features("numeric", "boolean") if c.physical == "number"]
    data = rows[[subject.target, *names]].dropna().to_numpy()
    if not names or len(data) < max(LEAST_ROWS, 5 * len(names)):
        return ()
    centred = data - data.mean(axis=0)
    scale = centred.std(axis=0)
    if scale[0] == 0:
        return ()
    unit = centred / np.where(scale > 0, scale, 1)
    weights, *_ = np.linalg.lstsq(unit[:, 1:], unit[:, 0], rcond=None)
    if np.abs(unit[:, 1:] @ weights - unit[:, 0]).max() > EXACT:
        return ()
    return tuple(name for name, weight in zip(names, weights, strict=True) if abs(weight) > 1e-3)


def _rows(subject: Subject) -> pd.DataFrame:
    rows = np.flatnonzero(subject.frame[subject.target].notna())
    if len(rows) > MOST_ROWS:
        rows = np.sort(np.random.default_rng(subject.seed).choice(rows, MOST_ROWS, replace=False))
    return subject.frame.iloc[rows]


def _targets(values: pd.Series, numbers: bool) -> np.ndarray:
    """One column of numbers, or a 0/1 column for each class (the larger one of two)."""
    if numbers:
        return values.to_numpy(dtype="float64")[:, None]
    classes = values.value_counts().index[:CLASSES]
    codes = classes.get_indexer(values)
    wanted = range(1) if len(classes) == 2 else range(len(classes))
    return np.column_stack([codes == code for code in wanted]).astype("float64")


def _strength(
    values: pd.Series, column: Column, targets: np.ndarray, folds: np.ndarray, numbers: bool
) -> float:
    if column.physical == "text":
        codes, levels = pd.factorize(values)
        guesses = _means(codes, len(levels), targets, folds)
    else:
        measured = _measured(values, column)
        codes, size = _bins(measured)
        guesses = (
            _lines(measured, codes, size, targets, folds) if numbers else _means(codes, size, targets, folds)
        )
    if numbers:
        return _explained(targets[:, 0], guesses[:, 0])
    weights = targets.mean(axis=0)
    ginis = [2 * roc_auc_score(truth, guess) - 1 for truth, guess in zip(targets.T, guesses.T, strict=True)]
    return float(np.average(ginis, weights=weights))


def _measured(values: pd.Series, column: Column) -> np.ndarray:
    if column.physical == "datetime":
        stamps = values.to_numpy().astype("datetime64[us]")
        return np.where(np.isnat(stamps), np.nan, stamps.astype("int64").astype("float64"))
    measured = values.to_numpy(dtype="float64")
    return np.where(np.isfinite(measured), measured, np.nan)


def _bins(measured: np.ndarray) -> tuple[np.ndarray, int]:
    """The bin of each row, -1 where there is no value: equal counts inside, equal widths outside."""
    present = measured[~np.isnan(measured)]
    if not len(present):
        return np.full(len(measured), -1), 0
    edges = np.union1d(
        np.quantile(present, np.linspace(0, 1, BINS + 1)),
        np.linspace(present.min(), present.max(), BINS + 1),
    )
    codes = np.searchsorted(edges, measured, side="right")
    return np.where(np.isnan(measured), -1, codes), len(edges) + 1


def _means(codes: np.ndarray, size: int, targets: np.ndarray, folds: np.ndarray) -> np.ndarray:
    """The target's mean by code, pulled towards the mean of all, from the rows of the other folds."""
    places = codes + 1  # a place of its own for missing values
    out = np.empty_like(targets)
    for fold in range(FOLDS):
        fit, judged = folds != fold, folds == fold
        counts = np.bincount(places[fit], minlength=size + 1)
        overall = targets[fit].mean(axis=0)
        for k in range(targets.shape[1]):
            sums = np.bincount(places[fit], weights=targets[fit, k], minlength=size + 1)
            out[judged, k] = ((sums + SMOOTH * overall[k]) / (counts + SMOOTH))[places[judged]]
    return out


def _lines(
    measured: np.ndarray, codes: np.ndarray, size: int, targets: np.ndarray, folds: np.ndarray
) -> np.ndarray:
    """The target's mean by bin, joined by straight lines, from the rows of the other folds."""
    out = np.empty_like(targets)
    for fold in range(FOLDS):
        fit, judged = folds != fold, folds == fold
        seen = fit & (codes >= 0)
        counts = np.bincount(codes[seen], minlength=size)
        filled = counts > 0
        if not filled.any():
            out[judged, 0] = targets[fit, 0].mean()
            continue
        centres = np.bincount(codes[seen], weights=measured[seen], minlength=size)[filled] / counts[filled]
        means = np.bincount(codes[seen], weights=targets[seen, 0], minlength=size)[filled] / counts[filled]
        empty = fit & (codes < 0)
        alone = targets[empty, 0].mean() if empty.any() else targets[fit, 0].mean()
        guesses = np.interp(measured[judged], centres, means)
        out[judged, 0] = np.where(codes[judged] < 0, alone, guesses)
    return out


def _explained(truth: np.ndarray, guess: np.ndarray) -> float:
    return float(1 - np.mean((truth - guess) ** 2) / np.var(truth))


def _finding(column: Column, severity: Severity, reason: str, fix: Fix | None = None) -> Finding:
    fix = fix or leave_out(column.name)
    return Finding(code="LEAKAGE", severity=severity, column=column.name, reason=reason, fix=fix)


def _reason(column: Column, target: str, measure: str, severity: Severity) -> str:
    if severity == "error":
        return f"{column.name} alone gives {target} away ({measure}): it may be known only after the fact."
    return (
        f"{column.name} alone tells {target} unusually well ({measure}): make sure that it is known before."
    )


def _entity_reason(column: Column, target: str, measure: str) -> str:
    return (
        f"{column.name} alone tells {target} ({measure}): rows of one {column.name} are alike. "
        "Keep them on one side of every split; the column is then no input."
    )


def _exact_reason(column: Column, exact: tuple[str, ...], target: str) -> str:
    if len(exact) == 1:
        return f"{target} is {column.name} on another scale."
    return f"{target} is a weighted sum of {', '.join(exact)}, exactly."
