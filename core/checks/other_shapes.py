"""Products of powers, and roots of sums of squares, of which the target is made but for rounding."""

from __future__ import annotations

import numpy as np

from core.checks.formula import LEAST_ROWS, Formula, Term, all_at_once

LEAST_SHARE = 0.9
"""Of the rows in which the target and a column must be above nothing."""
MOST_RATE, HUNDRED = 1.0, 100.0


def other_shapes(target: Term, terms: list[Term]) -> list[Formula]:
    """What is found of the logarithm of the target, and of its square."""
    logs, wanted = [one for term in terms for one in _logs(term)], _log(target)
    found = [] if wanted is None or len(logs) < 2 else [all_at_once(wanted, logs)]
    squares = [_square(term) for term in terms]
    return [*found, all_at_once(_square(target), squares)]


def _square(term: Term) -> Term:
    off = 2 * np.abs(term.values) * term.rounding + term.rounding**2
    return Term(term.values**2, off, term.columns, "^")


def _log(term: Term) -> Term | None:
    """None where too few values are above nothing."""
    above = np.isfinite(term.values) & (term.values > 0)
    if above.sum() < max(LEAST_ROWS, LEAST_SHARE * np.isfinite(term.values).sum()):
        return None
    size = np.where(above, term.values, np.nan)
    return Term(np.log(size), term.rounding / size, term.columns)


def _logs(term: Term) -> list[Term]:
    """The logarithm, and those of one more or less by a rate, such as a tax or a discount."""
    made = [_log(term)]
    low, high = np.nanmin(term.values), np.nanmax(term.values)
    whole = HUNDRED if high > MOST_RATE else 1.0
    if low >= 0 and high <= whole:
        rate, off = term.values / whole, term.rounding / whole
        made += [_log(Term(1 + sign * rate, off, term.columns)) for sign in (1, -1)]
    return [one for one in made if one is not None and np.nanstd(one.values) > 0]
