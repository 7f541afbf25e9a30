"""What is made of two columns by arithmetic, and whether it needs both."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.checks.formula import Term
from core.checks.strength import Evidence, number_strength


def made_of_two(one: Term, two: Term) -> list[Term]:
    """The difference, sum, product, larger and smaller of two columns, and both ratios."""
    a, b, names = one.values, two.values, (*one.columns, *two.columns)
    off = one.rounding + two.rounding
    product = np.abs(a) * two.rounding + np.abs(b) * one.rounding
    with np.errstate(divide="ignore", invalid="ignore"):
        made = [
            Term(a - b, off, names, "-"),
            Term(a + b, off, names, "+"),
            Term(a * b, product, names, "*"),
            Term(np.maximum(a, b), off, names, ">"),
            Term(np.minimum(a, b), off, names, "<"),
            Term(a / b, product / b**2, names, "/"),
            Term(b / a, product / a**2, names[::-1], "/"),
        ]
    finite = (np.where(np.isfinite(term.values), term.values, np.nan) for term in made)
    return [replace(term, values=values, parts=(one, two)) for term, values in zip(made, finite, strict=True)]


def with_one_dealt_anew(pair: Term, few: Evidence) -> float:
    """The strength of a pair after one of its columns was dealt anew among the rows; of either, the larger.

    What hardly falls by that is told by the other column alone, whatever its own bins make of it.
    """
    order = np.random.default_rng(few.subject.seed).permutation(len(few.rows))
    one, two = pair.parts
    dealt = made_of_two(_in(one, order), two), made_of_two(one, _in(two, order))
    same = [term for made in dealt for term in made if (term.sign, term.columns) == (pair.sign, pair.columns)]
    return max(number_strength(term.values, few) for term in same)


def _in(term: Term, order: np.ndarray) -> Term:
    return replace(term, values=term.values[order], rounding=term.rounding[order])
