"""Which cells are missing, over several columns, telling the target."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from sklearn.tree import DecisionTreeRegressor

from core.checks.finding import Finding, Fix, Severity
from core.checks.strength import Evidence, level_means

LEAST_SHARE = 0.002
"""Of the rows that a column must lack, or have, to count."""
MOST_COLUMNS = 200
MOST_PAIRED = 20
LEAVES, LEAF = 32, 5
PLAIN = 0.005
"""Strength by which more columns must tell better than two, to be named instead."""
MUCH_LESS = 0.5
"""Share of what a column that tells much by itself leaves open, up to which several tell more than it."""
MATTERS = 0.05
"""Share of the splits' worth from which a column is named."""


def telling_gaps(evidence: Evidence, error: float, warn: float) -> list[Finding]:
    """The columns whose missing cells together tell the target, out of fold, as one finding."""
    empty = evidence.rows.isna()
    shares = {c.name: empty[c.name].mean() for c in evidence.subject.features()}
    names = [name for name, share in shares.items() if LEAST_SHARE <= share <= 1 - LEAST_SHARE]
    names = [name for name in names if evidence.alone[name] < error][:MOST_COLUMNS]
    if len(names) < 2:
        return []
    gaps = empty[names].to_numpy(dtype="float64")
    strength, columns = _of_all(evidence, gaps)
    pair_strength, pair = _of_pairs(evidence, gaps)
    if pair_strength > strength - PLAIN:
        strength, columns = pair_strength, pair
    if strength < min(error, warn):
        return []
    severity: Severity = "error" if strength >= error else "warn"
    listed = [names[i] for i in columns]
    alone = max(evidence.alone[name] for name in listed)
    if alone >= min(error, warn) and 1 - strength > MUCH_LESS * (1 - alone):
        return []  # one of them tells as much, and is named for that
    which = f"Which of {', '.join(listed)} are" if len(listed) > 1 else f"Whether {listed[0]} is"
    reason = (
        f"{which} missing tells {evidence.subject.target} "
        f"({evidence.measure} {strength:.3f}): they may be filled in, or emptied, after the fact."
    )
    fix = Fix(edit="leave_out", args={"columns": listed}, label="Leave them out")
    return [Finding(code="LEAKAGE", severity=severity, column=listed[0], reason=reason, fix=fix)]


def _of_all(evidence: Evidence, gaps: np.ndarray) -> tuple[float, list[int]]:
    """Strength of a small tree over all gaps and their number, and the columns that it uses."""
    data = np.column_stack([gaps, gaps.sum(axis=1)])

    def fitted(rows: np.ndarray) -> DecisionTreeRegressor:
        tree = DecisionTreeRegressor(max_leaf_nodes=LEAVES, min_samples_leaf=LEAF, random_state=0)
        return tree.fit(data[rows], evidence.targets[rows])

    guesses = evidence.out_of_fold(
        lambda fit, judged: fitted(fit).predict(data[judged]).reshape(len(judged), -1)
    )
    worth = fitted(np.arange(len(data))).feature_importances_
    single = [i for i in np.argsort(-worth[:-1]) if worth[i] >= MATTERS]
    by_number = worth[-1] >= MATTERS
    return evidence.strength(guesses), sorted(range(gaps.shape[1]) if by_number else single)


def _of_pairs(evidence: Evidence, gaps: np.ndarray) -> tuple[float, list[int]]:
    """The strongest pair of gaps, such as one cell or the other but not both, which no tree would find."""
    best: tuple[float, list[int]] = (0.0, [])
    for i, j in combinations(range(min(gaps.shape[1], MOST_PAIRED)), 2):
        codes = (2 * gaps[:, i] + gaps[:, j]).astype("int64")
        spread = np.ptp(_means(codes, evidence.targets[:, 0]))
        if spread > 2 * evidence.targets[:, 0].std() * np.sqrt(0.5):
            strength = evidence.strength(level_means(codes, 4, evidence.targets, evidence.folds))
            best = max(best, (strength, [i, j]))
    return best


def _means(codes: np.ndarray, values: np.ndarray) -> np.ndarray:
    counts = np.bincount(codes, minlength=4)
    return np.asarray((np.bincount(codes, weights=values, minlength=4)[counts > 0]) / counts[counts > 0])
