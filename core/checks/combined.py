"""Two or three columns of which the target is a sum, product, ratio or difference, but for rounding."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from core.checks.cuts import LEAST_OF_A_CLASS, SURE_ROWS, parts_classes, three_that_part
from core.checks.finding import Finding, Severity, leave_out
from core.checks.formula import LEAST_ROWS, Term, all_at_once, one_by_one
from core.checks.made_of_two import made_of_two, with_one_dealt_anew
from core.checks.mostly_equal import mostly_equal
from core.checks.other_shapes import other_shapes
from core.checks.pair_search import pairs_beside
from core.checks.rounding import step_of
from core.checks.strength import Evidence, measured_values, number_strength

MOST_ROWS = 1_500
MOST_DATES, PAIRED = 6, 14
"""Columns of dates that are read, and columns of all kinds that are paired with each other."""
PERFECT, ALONE, MUCH_LESS = 0.999, 0.9, 0.2
"""Strength of a pair that leaves no doubt, of a column that tells much by itself, share of it left open."""
WORTH_A_LOOK, LOOKS = 0.5, 12
"""Share of the spread of ranks that the target explains in a pair that is measured, and how many are."""
YEAR, DAY = 365.2425, 86_400e6
"""Days, and microseconds."""
MOST_TARGETS = 6


def combined_columns(evidence: Evidence, error: float, warn: float) -> list[Finding]:
    """The columns that tell the target together by an arithmetic of two or three, none of them alone."""
    few = evidence.few(MOST_ROWS)
    terms = _terms(few)
    if len({term.columns for term in terms}) < 2 or len(few.rows) < LEAST_ROWS:
        return []
    pairs = _pairs(terms, few)
    for target in _targets(few):
        formulas = [all_at_once(target, terms), one_by_one(target, [*terms, *pairs])]
        formulas += other_shapes(target, terms) if few.numbers else []
        formula = max(formulas, key=lambda one: (one.follows, bool(one.terms)))
        columns = tuple(dict.fromkeys(name for term in formula.terms for name in term.columns))
        if len(columns) >= 2:
            return _findings(columns, *formula.verdict(few.subject.target))
    told = {name for name, strength in evidence.alone.items() if strength >= error}
    terms, pairs = ([one for one in some if not told.intersection(one.columns)] for some in (terms, pairs))
    if len(terms) < 2:
        return []
    found = _strongest_pair(few, terms, pairs, error, warn)
    return found or (_mostly(few, terms, pairs) if few.numbers else _three(few, terms))


def _targets(few: Evidence) -> list[Term]:
    """The target, or an indicator of each class and, where their names are numbers, these."""
    targets = [one for one in few.targets.T[:MOST_TARGETS] if one.std() > 0]
    if not few.numbers:  # what holds of a handful of rows is no formula
        targets = [one for one in targets if LEAST_OF_A_CLASS <= one.sum() <= len(one) - LEAST_OF_A_CLASS]
    if not few.numbers:
        named = pd.to_numeric(few.rows[few.subject.target], errors="coerce").to_numpy(dtype="float64")
        targets += [named] if np.isfinite(named).all() and len(targets) > 1 else []
    return [_single(target, few.subject.target) for target in targets]


def _terms(few: Evidence) -> list[Term]:
    """The columns of dates, in days and as years, then those of numbers: what goes with the target first."""
    dates, numbers = [], []
    for column in few.subject.features("numeric", "boolean", "datetime"):
        if column.physical == "text":
            continue
        values = measured_values(few.rows[column.name], column)
        if not np.isfinite(values).mean() >= 0.5 or not np.nanstd(values) > 0:
            continue
        if column.physical == "datetime":
            dates.append(_single(values / DAY, column.name))
        else:
            numbers.append(_single(values, column.name))
    years = [_single(np.floor(1970 + one.values / YEAR), one.columns[0]) for one in dates[:MOST_DATES]]
    years = [one for one in years if np.nanstd(one.values) > 0]
    spread = _spread_of_ranks(numbers, few)
    return [*dates[:MOST_DATES], *years, *(numbers[i] for i in np.argsort(-spread, kind="stable"))]


def _single(values: np.ndarray, name: str) -> Term:
    return Term(values, np.full(len(values), step_of(values) / 2), (name,))


def _pairs(terms: list[Term], few: Evidence) -> list[Term]:
    """Differences, sums, products and ratios of the first columns and of pairs that stand out."""
    data = np.column_stack([term.values for term in terms])
    beside = pairs_beside(data, few.targets, few.numbers)
    chosen = [*combinations(terms[:PAIRED], 2), *((terms[i], terms[j]) for i, j in beside)]
    pairs = []
    for one, two in chosen:
        if one.columns == two.columns:
            continue
        pairs += made_of_two(one, two)
    return pairs


def _strongest_pair(
    few: Evidence, terms: list[Term], pairs: list[Term], error: float, warn: float
) -> list[Finding]:
    """The pair that tells most by its difference, sum, product or ratio, where no column alone does."""
    spread = _spread_of_ranks(pairs, few)
    places = [i for i in np.argsort(-spread)[:LOOKS] if spread[i] >= WORTH_A_LOOK]
    if not places:
        return []
    measured = {i: number_strength(pairs[i].values, few) for i in places}
    place = max(places, key=lambda i: measured[i])
    best, strength = pairs[place], measured[place]
    parting = _parting(few, [pairs[i] for i in places])
    if strength < PERFECT and parting is not None:
        best, strength = parting, 1.0
    single = max(number_strength(term.values, few) for term in terms if term.columns[0] in best.columns)
    dates = all(few.subject.frame[name].dtype.kind == "M" for name in best.columns)
    least = min(warn, error) if dates else error
    if strength < least or single >= strength or 1 - strength > MUCH_LESS * (1 - single):
        return []
    if best is parting and single > ALONE:
        return []
    if 1 - strength >= MUCH_LESS * (1 - with_one_dealt_anew(best, few)):
        return []
    perfect = strength >= PERFECT and single <= ALONE and not few.numbers
    certain = strength >= error if dates else perfect
    certain &= best is not parting or len(few.rows) >= SURE_ROWS
    reason = (
        f"{best.words[0].upper()}{best.words[1:]} tells {few.subject.target} "
        f"({few.measure} {strength:.3f}), neither of them alone: make sure that both are known before."
    )
    return _findings(best.columns, reason, "error" if certain else "warn")


def _parting(few: Evidence, pairs: list[Term]) -> Term | None:
    """The first pair of which one cut parts two classes."""
    if few.numbers or few.targets.shape[1] > 1:
        return None
    return next((one for one in pairs if parts_classes(one.values, few.targets[:, 0] > 0)), None)


def _mostly(few: Evidence, singles: list[Term], pairs: list[Term]) -> list[Finding]:
    """The pair that is the target to the last digit in most of the rows, where no column alone is."""
    target = _single(few.targets[:, 0], few.subject.target)
    share, best = mostly_equal(target, singles, pairs)
    if best is None:
        return []
    reason = (
        f"{target.columns[0]} is {best.words} in {share:.0%} of the rows, to the last digit: "
        "make sure that both are known before."
    )
    return _findings(best.columns, reason, "warn")


def _three(few: Evidence, terms: list[Term]) -> list[Finding]:
    """Three columns whose weighted sum parts two classes."""
    if few.numbers or few.targets.shape[1] > 1:
        return []
    found = three_that_part(terms, few.targets[:, 0] > 0)
    if not found or max(number_strength(term.values, few) for term in found) > ALONE:
        return []
    columns = tuple(dict.fromkeys(name for term in found for name in term.columns))
    target = few.subject.target
    reason = (
        f"The classes of {target} are parted without a mistake by a weighted sum of {', '.join(columns)}: "
        "make sure that they are known before."
    )
    return _findings(columns, reason, "warn")


def _spread_of_ranks(terms: list[Term], few: Evidence) -> np.ndarray:
    """(terms,) how much of the spread of ranks the target explains: by classes, or along a straight line."""
    if not terms:
        return np.empty(0)
    data = np.column_stack([term.values for term in terms])
    sparse = np.isfinite(data).mean(axis=0) < 0.5
    data = np.where(np.isfinite(data), data, np.nanmean(np.where(sparse, 0.0, data), axis=0))
    ranks = pd.DataFrame(data).rank().to_numpy()
    ranks = (ranks - ranks.mean(axis=0)) / np.maximum(ranks.std(axis=0), 1e-12)
    target = few.targets
    if few.numbers:
        order = pd.Series(target[:, 0]).rank().to_numpy()
        explained = (((order - order.mean()) / order.std()) @ ranks / len(ranks)) ** 2
    else:
        rest = 1 - target.sum(axis=1, keepdims=True)
        classes = np.column_stack([target, rest]) if (rest > 0).any() else target
        counts = classes.sum(axis=0)[:, None]
        explained = ((classes.T @ ranks) ** 2 / np.maximum(counts, 1)).sum(axis=0) / len(ranks)
        explained /= _most_by_classes(counts[:, 0] / len(ranks))
    return np.where(sparse, 0.0, explained)


def _most_by_classes(shares: np.ndarray) -> float:
    """What classes of these shares explain of the spread of ranks where they lie one above the other."""
    middles = np.cumsum(shares) - shares / 2
    return float(12 * (shares * (middles - 0.5) ** 2).sum()) or 1.0


def _findings(columns: tuple[str, ...], reason: str, severity: Severity) -> list[Finding]:
    return [
        Finding(code="LEAKAGE", severity=severity, column=name, reason=reason, fix=leave_out(name))
        for name in columns
    ]
