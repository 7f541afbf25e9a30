"""Joint drift: can a classifier tell old rows from new, and by what?

Source: Lopez-Paz and Oquab 2017, Revisiting Classifier Two-Sample Tests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier

from core.data.table import Frozen
from core.drift.profile.document import ColumnProfile, Numbers
from core.drift.tests.lots import Codes, auc_of_lots, halves, lots_of_sides
from core.drift.tests.matrix import coded, drawn, ranked
from core.drift.tests.text_classifier import least_auc, mann_whitney
from core.standalone.counts import counted
from core.watch.words.wording import told_apart

JointState = Literal["drift", "weak", "stable", "too_few_rows", "not_computed"]
ROWS = 20_000
FEWEST = 100
FEWEST_LOTS = 10
ALARM_P = 0.009
ALARM_AUC = 0.60
# What a shift of 0.25 standard deviations gives, where a single column counts as drifted (D = 0.10).
RELATIONS_AUC = 0.57
RELATIONS_P = 0.001
WEAK_AUC = 0.55
Z = 2.326
DRIVERS = 10
LEAST_DRIVER = 0.1
EXPLAINED_ROWS = 2_000
PAIRS = 10
FIT_SHARE = 0.9
Sides = list[Numbers]
Lots = Sequence[Codes | None]
"""The lot of each row of the old and of the new side; None of a side whose rows are independent."""


class Driver(Frozen):
    """How much the AUC falls when this column is shuffled."""

    column: str
    drop: float


class Separation(Frozen):
    """How well old and new rows can be told apart.

    Attributes:
        auc: on held-out rows; 0.5 means not at all, and less means no more than that.
        p: one-sided, Mann-Whitney on the held-out rows.
        share: of the rows that could be told apart: 2 AUC - 1, at least 0.
        drivers: the columns that give it away, the strongest first; only when it is weak or drift.
    """

    state: JointState
    auc: float | None = None
    p: float | None = None
    share: float | None = None
    drivers: tuple[Driver, ...] = ()
    reason: str


class JointDrift(Separation):
    """Both questions: do the rows differ at all, all columns as they are, and do their relations differ?

    Attributes:
        n_reference, n_current: rows that were used.
        relations: every column ranked within its own side, so that only relations are left.
    """

    n_reference: int
    n_current: int
    relations: Separation

    @property
    def drifted(self) -> bool:
        """Whether one of the two raised the alarm."""
        return "drift" in (self.state, self.relations.state)


def not_computed(reason: str, state: JointState = "not_computed") -> JointDrift:
    """The answer when the test could not be run."""
    relations = Separation(state=state, reason=reason)
    return JointDrift(state=state, reason=reason, n_reference=0, n_current=0, relations=relations)


def joint_drift(
    old: Mapping[str, pd.Series],
    new: Mapping[str, pd.Series],
    columns: Sequence[ColumnProfile],
    seed: int = 0,
    rows: int = ROWS,
    groups: Lots = (None, None),
    in_lots: bool = True,
) -> JointDrift:
    """Compare two samples of typed columns as wholes.

    Row order does not matter, unless neighbouring rows are alike: then blocks of them are kept together.

    Args:
        old, new: column to values, the physical types of the profiles.
        columns: the columns that both may have.
        rows: at most that many a side are used.
        groups: what the rows of each side belong to, where that is known.
        in_lots: whether blocks of the file are looked for where it is not.
    """
    names, a, b = coded(old, new, columns)
    if not names:
        return not_computed("No column can be compared on both sides.")
    if min(len(a), len(b)) < FEWEST:
        return _few(f"{counted(min(len(a), len(b)), 'row')} on one side; at least {FEWEST} are needed.")
    lots = lots_of_sides((a, b), groups, rows, seed) if in_lots else [None, None]
    counts = [len(np.unique(of)) for of in lots if of is not None]
    if counts and min(counts) < FEWEST_LOTS:
        come = counted(min(counts), "lot")
        return _few(f"The rows of one side come in {come}; at least {FEWEST_LOTS} are needed.")
    sides = [_split(side, of, rows, [seed, n]) for n, (side, of) in enumerate(zip((a, b), lots, strict=True))]
    parts, judged_lots = [side[:2] for side in sides], [side[2] for side in sides]
    together = judged_lots if counts else (None, None)
    whole = separate([part[0] for part in parts], [part[1] for part in parts], names, seed, lots=together)
    related = Separation(state="not_computed", reason="One column has no relations.")
    if len(names) > 1:
        ranks = paired(parts, names, seed)
        related = separate(*ranks, seed, RELATIONS_P, RELATIONS_AUC, together)
    used = [sum(map(len, part)) for part in parts]
    return JointDrift(**dict(whole), n_reference=used[0], n_current=used[1], relations=related)


def _split(
    side: Numbers, lots: Codes | None, rows: int, seed: Sequence[int]
) -> tuple[Numbers, Numbers, Codes]:
    """Rows to fit on, rows to judge on and the lots of these; no lot is in both."""
    rng = np.random.default_rng(seed)
    if lots is None:
        side = drawn(side, rows, rng)
        middle = len(side) // 2
        return side[:middle], side[middle:], np.arange(len(side) - middle)
    chosen = np.sort(rng.permutation(len(side))[:rows])
    side, lots = side[chosen], lots[chosen]
    first, second = halves(lots, rng)
    return side[first], side[second], lots[second]


def paired(
    parts: Sequence[tuple[Numbers, Numbers]], names: Sequence[str], seed: int
) -> tuple[Sides, Sides, Sequence[str]]:
    """Fit and held-out halves of both sides in ranks, with the products of the PAIRS most changed pairs.

    The pairs are chosen on the fit halves only, so the held-out test stays valid. Ranks alone would hide a
    changed correlation from trees: no first split on one column gains anything. For the same reason a
    tenth of the fit rows is left out at random; else both sides would fill each bin alike.
    """
    rng = np.random.default_rng([seed, 2])
    fit = [ranked(part[0], rng) for part in parts]
    ranked_halves = [ranked(part[1], rng) for part in parts]
    changed = np.triu(np.abs(np.corrcoef(fit[0], rowvar=False) - np.corrcoef(fit[1], rowvar=False)), k=1)
    order = np.argsort(-changed, axis=None, kind="stable")[:PAIRS]
    pairs = [(int(i), int(j)) for i, j in zip(*np.unravel_index(order, changed.shape), strict=True) if i < j]
    kept = [half[rng.random(len(half)) < FIT_SHARE] for half in fit]
    labels = [*names, *(f"{names[i]} with {names[j]}" for i, j in pairs)]
    return _multiplied(kept, pairs), _multiplied(ranked_halves, pairs), labels


def _multiplied(sides: Sides, pairs: Sequence[tuple[int, int]]) -> Sides:
    def product(side: Numbers, i: int, j: int) -> Numbers:
        return np.asarray((side[:, i] - 0.5) * (side[:, j] - 0.5))

    return [np.column_stack([side, *(product(side, i, j) for i, j in pairs)]) for side in sides]


def _few(reason: str) -> JointDrift:
    return not_computed(reason, "too_few_rows")


def separate(
    fit: Sides,
    judged: Sides,
    names: Sequence[str],
    seed: int,
    alarm_p: float = ALARM_P,
    alarm_auc: float = ALARM_AUC,
    lots: Lots = (None, None),
) -> Separation:
    """Fit on some rows of the old and the new side, judge on the held-out rows of both, in these lots."""
    truth = np.repeat([0, 1], [len(side) for side in fit])
    model = HistGradientBoostingClassifier(
        max_iter=60, max_leaf_nodes=15, early_stopping=False, class_weight="balanced", random_state=seed
    )
    model.fit(np.vstack(fit), truth)
    old, new = (model.predict_proba(side)[:, 1] for side in judged)
    if lots[0] is None or lots[1] is None:
        auc, p = mann_whitney(old, new)
        least = least_auc(len(old), len(new), Z)
    else:
        auc, p, error = auc_of_lots(old, new, lots[0], lots[1])
        least = Z * error
    state = _state(auc, p, least, alarm_p, alarm_auc)
    drivers = _drivers(model, judged, names, seed) if state in ("drift", "weak") else ()
    share, reason = max(0.0, 2 * auc - 1), _sentence(state, auc, drivers)
    return Separation(state=state, auc=auc, p=p, share=share, drivers=drivers, reason=reason)


def _state(auc: float, p: float, least: float, alarm_p: float, alarm_auc: float) -> JointState:
    if p <= ALARM_P and auc >= WEAK_AUC:
        return "drift" if p <= alarm_p and auc >= alarm_auc else "weak"
    return "stable" if least <= ALARM_AUC - 0.5 else "too_few_rows"


def _sentence(state: JointState, auc: float, drivers: Sequence[Driver]) -> str:
    by = ", ".join(driver.column for driver in drivers[:3])
    if state in ("drift", "weak"):
        return f"A model can tell new rows from old ones{told_apart(auc)}" + (
            f", most by {by}." if by else "."
        )
    if state == "too_few_rows":
        return "A model cannot tell new rows from old ones, but so few rows cannot rule it out."
    return (
        "No difference found: a model that tries to tell new rows from old ones does no better than chance."
    )


def _drivers(
    model: HistGradientBoostingClassifier, judged: Sequence[Numbers], names: Sequence[str], seed: int
) -> tuple[Driver, ...]:
    """Permutation importance on at most EXPLAINED_ROWS held-out rows a side."""
    sides = [side[:EXPLAINED_ROWS] for side in judged]
    rows = np.vstack(sides)
    cut = len(sides[0])
    rng = np.random.default_rng(seed)

    def auc(matrix: Numbers) -> float:
        scores = model.predict_proba(matrix)[:, 1]
        return mann_whitney(scores[:cut], scores[cut:])[0]

    whole, drivers = auc(rows), []
    for position, name in enumerate(names):
        shuffled = rows.copy()
        shuffled[:, position] = rng.permutation(shuffled[:, position])
        drivers.append(Driver(column=name, drop=whole - auc(shuffled)))
    drivers.sort(key=lambda d: (-d.drop, d.column))
    return tuple(d for d in drivers[:DRIVERS] if d.drop > max(0.0, drivers[0].drop * LEAST_DRIVER))
