"""Bootstrap resamples of rows or of whole groups, as row counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from core.evaluate.intervals.units import group_codes
from core.scoring.pairs import Floats

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


def _counts(rng: np.random.Generator, units: int, times: int) -> Floats:
    picked = rng.integers(0, units, size=(times, units))
    picked += np.arange(times)[:, None] * units
    counts = np.bincount(picked.ravel(), minlength=times * units)
    return counts.reshape(times, units).astype(np.float64)
