"""Bootstrap resamples of rows or of whole groups, as row counts, and scores of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from core.evaluate.intervals.units import group_codes
from core.scoring.pairs import Floats, Pairs, Sample
from core.spec import Metric

CHUNK = 1_000_000


def resamples(rows: int, classes: int) -> int:
    """How many resamples are worth their time: 1,000, down to 200 for large tables or many classes.

    The budget is 100 million ranked weights; 1,000 binary resamples fit it up to 50,000 rows. With 200 the
    ends of an interval are uncertain by about a tenth of its width.
    """
    return int(np.clip(100_000_000 // (rows * max(classes, 1)), 200, 1000))


def draws(rows: int, groups: Any, count: int, seed: int, width: int = 1) -> Iterator[Floats]:
    """Resamples with replacement, a few at a time.

    Args:
        rows: number of rows n.
        groups: (n,) group ids; whole groups are drawn. None draws rows.
        count: number of resamples.
        seed: equal seeds give equal resamples.
        width: numbers kept for each resample beside its weights; keeps memory bounded.

    Yields:
        (b, n) how often each row was drawn; b adds up to ``count``.
    """
    rng = np.random.default_rng(seed)
    codes = None if groups is None else group_codes(groups)
    units = rows if codes is None else int(codes.max()) + 1
    step = max(1, CHUNK // max(rows, width))
    for start in range(0, count, step):
        counts = _counts(rng, units, min(step, count - start))
        yield counts if codes is None else counts[:, codes]


def percentiles(drawn: Floats, level: float = 0.95) -> tuple[float, float]:
    """Both ends of the middle ``level`` of the numbers."""
    low, high = np.percentile(drawn, [50 * (1 - level), 50 * (1 + level)])
    return float(low), float(high)


def bootstrap(
    metrics: Sequence[Metric],
    judged: Mapping[str, Pairs],
    groups: Any = None,
    count: int = 1000,
    seed: int = 0,
) -> dict[str, dict[str, Floats]]:
    """Scores of several predictions of the same rows on the same resamples, so that they can be paired.

    Args:
        metrics: the scores.
        judged: name -> truth and prediction; all have the same rows in the same order.

    Returns:
        name -> metric id -> (count,) scores; NaN where a resample does not define the score.
    """
    first = next(iter(judged.values()))
    parts: dict[str, dict[str, list[Floats]]] = {name: {m.id: [] for m in metrics} for name in judged}
    width = len(first.classes) ** 2
    for weights in draws(len(first), groups, count, seed, width):
        for name, pairs in judged.items():
            sample = Sample(pairs, weights)
            for metric in metrics:
                parts[name][metric.id].append(metric.make(sample))
    return {
        name: {key: np.concatenate(scores) for key, scores in by_metric.items()}
        for name, by_metric in parts.items()
    }


def _counts(rng: np.random.Generator, units: int, times: int) -> Floats:
    picked = rng.integers(0, units, size=(times, units))
    picked += np.arange(times)[:, None] * units
    counts = np.bincount(picked.ravel(), minlength=times * units)
    return counts.reshape(times, units).astype(np.float64)
