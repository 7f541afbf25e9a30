"""Values that are usual each and unusual together, by the rank correlations that a bundle remembers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from scipy.special import ndtri

from core.drift.profile.correlations import Correlations
from core.explain.domain import Domain
from core.results.one_row import Row
from core.results.predict import SchemaIssue

CLEAR = 0.6
FAR = 4.0
EDGE = 0.002
MOST = 3
CODE = "TOGETHER"
Span = tuple[float, float]


def odd_pairs(row: Row, known: Mapping[str, Domain], pairs: Correlations | None) -> list[SchemaIssue]:
    """The pairs of numbers of a row that do not go together as in training, the oddest first.

    Given one value, a normal copula with the remembered rank correlation says where the other should lie;
    more than four standard deviations off is told. Only pairs with a correlation of 0.6 or more tell enough.
    """
    if pairs is None:
        return []
    found = sorted(_odd(row, known, pairs), reverse=True)[:MOST]
    return [_issue(row, known, *names) for _, *names in found]


def _odd(row: Row, known: Mapping[str, Domain], pairs: Correlations) -> Iterator[tuple[float, str, str]]:
    places = {name: _normal(row.get(name), known.get(name)) for name in pairs.names}
    for i, first in enumerate(pairs.names):
        for j in range(i):
            second, rank = pairs.names[j], pairs.values[j, i]
            a, b = places[first], places[second]
            if a is None or b is None or not abs(rank) >= CLEAR:
                continue
            slope = float(2 * np.sin(np.pi * rank / 6))
            off = min(_apart(a, b, slope), _apart(b, a, slope)) / np.sqrt(max(1e-4, 1 - slope**2))
            if off > FAR:
                yield float(off), second, first


def _apart(one: Span, other: Span, slope: float) -> float:
    """How far a score is at least from where the other has it, as each lies somewhere in its span."""
    low, high = sorted(slope * end for end in other)
    return max(0.0, one[0] - high, low - one[1])


def _normal(cell: object, domain: Domain | None) -> Span | None:
    """Between which normal scores a number lies, as far as its bin tells; None outside of training's range.

    That it lies outside is told elsewhere.
    """
    at = domain.number(cell) if domain is not None and isinstance(cell, int | float) else None
    if at is None or domain is None or domain.low is None or domain.high is None:
        return None
    if not domain.low <= at <= domain.high or len(domain.values) < 3:
        return None
    low, high = ndtri(np.clip(domain.span_below(cell), EDGE, 1 - EDGE))  # type: ignore[arg-type]
    return float(low), float(high)


def _issue(row: Row, known: Mapping[str, Domain], first: str, second: str) -> SchemaIssue:
    shares = [known[name].share_below(row[name]) for name in (first, second)]
    text = (
        f"{first!r} and {second!r} lie in their ranges, but hardly together: {shares[0]:.0%} of the training "
        f"values lie below {row[first]:,.6g}, {shares[1]:.0%} below {row[second]:,.6g}, and the two go "
        "together otherwise there."
    )
    return SchemaIssue(code=CODE, column=second, text=text, severity="warn", count=1)
