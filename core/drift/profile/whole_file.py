"""The rows with a target and those without one put together: a reference for rows of which nobody knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np

from core.drift.profile.document import ColumnProfile, Numbers, ReferenceProfile

DIGEST = 1 << 64


def whole_file(reference: ReferenceProfile) -> ReferenceProfile:
    """The reference of all rows of a training file; itself where every one has a target, or none is known.

    Predictions of rows without a target count as those of the others do: where only a hold-out was
    predicted, for as large a share of the rows.
    """
    others = reference.unlabelled
    if others is None:
        return reference
    by_name = {column.name: column for column in (*others.columns, *others.predictions)}
    said = next((one.n for one in reference.predictions), 0) / max(1, reference.n)
    target = reference.target
    return replace(
        reference,
        columns=tuple(_together(one, by_name.get(one.name)) for one in reference.columns),
        n=reference.n + others.n,
        predictions=tuple(_together(one, by_name.get(one.name), said) for one in reference.predictions),
        target=target and replace(target, n=target.n + others.n, missing=target.missing + others.n),
        rows=_sum_of(reference.rows, others.rows),
        labelled=_sum_of(reference.labelled, others.labelled),
        pairs=others.pairs,
        repeated=others.repeated,
        repeated_labelled=others.repeated_labelled,
        unlabelled=None,
    )


def told_alike(others: ReferenceProfile, told: ReferenceProfile) -> ReferenceProfile:
    """The rows without a target, with no level of a column of which none of the other rows is told."""
    untold = {column.name for column in told.columns if column.rest and not column.levels}

    def of(column: ColumnProfile) -> ColumnProfile:
        if column.name not in untold:
            return column
        return replace(column, levels={}, rest=column.rest + sum(column.levels.values()))

    return replace(others, columns=tuple(map(of, others.columns)))


def _together(one: ColumnProfile, other: ColumnProfile | None, share: float = 1.0) -> ColumnProfile:
    """The distribution of a column over the rows of both, in the bins of the first where it has bins.

    The design effects are those of ``other``.

    Args:
        share: how much a row of ``other`` counts.
    """
    if other is None:
        return one
    values, weights = _numbers(one, other, share)
    levels = _sums(one.levels, other.levels, share)
    together = replace(
        one,
        n=one.n + round(other.n * share),
        missing=one.missing + min(round(other.n * share), round(other.missing * share)),
        unread=one.unread + round(other.unread * share),
        low=_end(min, (one.low, other.low)),
        high=_end(max, (one.high, other.high)),
        values=values,
        weights=weights,
        levels=levels,
        rest=one.rest + round(other.rest * share),
        parts={part: _sums(sizes, other.parts.get(part, {}), share) for part, sizes in one.parts.items()},
        design=other.design,
        design_missing=other.design_missing,
    )
    distinct = max(one.distinct, other.distinct, len(levels), 0 if len(one.edges) else len(values))
    once = one.singletons + other.singletons if together.rest else sum(n == 1 for n in levels.values())
    return replace(together, distinct=distinct, singletons=once)


def _numbers(one: ColumnProfile, other: ColumnProfile, share: float) -> tuple[Numbers, Numbers]:
    """Sorted values of both with the rows that each stands for."""
    rows, added = _rows(one), _rows(other) * share
    if len(one.edges):
        places = np.searchsorted(one.edges, other.values, side="left")
        return one.values, rows + np.bincount(places, added, len(rows))
    values, where = np.unique(np.concatenate([one.values, other.values]), return_inverse=True)
    sums = np.bincount(where, np.concatenate([rows, added]), len(values))
    return values, np.asarray(sums, dtype=np.float64)


def _rows(column: ColumnProfile) -> Numbers:
    """The rows that each of the values of a column stands for."""
    return column.weights * (column.present / max(1.0, float(column.weights.sum())))


def _sums(one: Mapping[str, int], other: Mapping[str, int], share: float) -> dict[str, int]:
    """The rows of each level, the most frequent first."""
    sums = Counter(dict(one)) + Counter({name: round(n * share) for name, n in other.items()})
    return dict(sums.most_common())


def _end(outer: Callable[[Iterable[float]], float], ends: tuple[float | None, float | None]) -> float | None:
    known = [end for end in ends if end is not None]
    return outer(known) if known else None


def _sum_of(one: str, other: str) -> str:
    """The digest of the rows of both; empty where one is not known."""
    return f"{(int(one, 16) + int(other, 16)) % DIGEST:016x}" if one and other else ""
