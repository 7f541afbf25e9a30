"""A bet against "the new model is not better" that may be looked at after every row.

Source: Waudby-Smith and Ramdas 2024, "Estimating means of bounded random variables by betting". Wealth that
starts at 1 and may be bet only on what is not so yet grows beyond 1 / alpha with a chance of alpha at most,
however often it is looked at (Ville 1939).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.scoring.pairs import Floats

ALPHA = 0.05
BETS = np.geomspace(0.01, 0.95, 12)
"""Parts of the wealth that are bet; wealth is the mean over them, so none need be chosen by the data."""
MEANS = 401
"""Values of the mean that are asked for a confidence sequence, from -1 to 1."""
LOOKS = 200
"""Points at which a confidence sequence is drawn; the bet itself is settled with every row."""
CHUNK = 2_000


@dataclass(frozen=True, eq=False)
class Bet:
    """How a bet has gone.

    Attributes:
        evidence: (n,) wealth after each row, against a mean of 0 or less.
        proven: the first row count at which it reached 1 / alpha, or None.
    """

    evidence: Floats
    proven: int | None


def bet(differences: Floats, least: float = 0.0) -> Bet:
    """The bet that the mean of the differences is larger than ``least``.

    Args:
        differences: (n,) each in [-1, 1], in the order in which the rows came.
        least: of the mean, in (-1, 1); a smaller mean is not what is looked for.
    """
    wealth = np.exp(_log_wealth(np.asarray(differences, dtype=np.float64) - least, 1 + least))
    reached = np.flatnonzero(wealth >= 1 / ALPHA)
    return Bet(wealth, int(reached[0]) + 1 if len(reached) else None)


def _log_wealth(moved: Floats, most: float) -> Floats:
    """(n,) log of the mean wealth of all bets on (n,) values of which none is below ``-most``."""
    logs = np.cumsum(log_wins(moved, most), axis=1)
    return np.asarray(np.logaddexp.reduce(logs, axis=0) - np.log(len(BETS)))


def log_wins(moved: Floats, most: float) -> Floats:
    """(bets, n) log of what each bet makes of its wealth at (n,) values of which none is below ``-most``."""
    return np.asarray(np.log1p((BETS / most)[:, None] * moved[None, :]))


@dataclass(frozen=True, eq=False)
class Sequence:
    """Where the mean lies, at all looks together with a chance of 1 - alpha.

    Attributes:
        rows: (looks,) rows seen.
        mean, low, high: (looks,) of the differences.
    """

    rows: Floats
    mean: Floats
    low: Floats
    high: Floats


def confidence_sequence(differences: Floats, looks: int = LOOKS) -> Sequence:
    """The confidence sequence of the mean of bounded differences.

    Each value of the mean is bet against from above and from below, with half of alpha each; those that have
    ever lost are out, so that the ends never widen.

    Args:
        differences: (n,) each in [-1, 1], in the order in which the rows came; n at least 1.
    """
    values = np.asarray(differences, dtype=np.float64)
    grid = np.linspace(-1, 1, MEANS)
    rows = np.unique(np.linspace(1, len(values), min(looks, len(values))).round().astype(np.int64))
    above, below = (np.zeros((len(BETS), MEANS)) for _ in range(2))
    out = np.zeros(MEANS, dtype=bool)
    ends = []
    start = 0
    for stop in rows:
        for at in range(start, stop, CHUNK):
            part = values[at : min(at + CHUNK, stop), None] - grid[None, :]
            for place, share in enumerate(BETS):
                above[place] += np.log1p(share / (1 + grid + 1e-9) * part).sum(axis=0)
                below[place] += np.log1p(-share / (1 - grid + 1e-9) * part).sum(axis=0)
        start = stop
        wealth = np.maximum(np.logaddexp.reduce(above, axis=0), np.logaddexp.reduce(below, axis=0))
        out |= wealth - np.log(len(BETS)) >= np.log(2 / ALPHA)
        there = grid[~out]
        ends.append((there.min(), there.max()) if len(there) else (np.nan, np.nan))
    low, high = np.array(ends).T
    step = grid[1] - grid[0]
    mean = np.cumsum(values)[rows - 1] / rows
    return Sequence(rows.astype(np.float64), mean, np.maximum(low - step, -1), np.minimum(high + step, 1))
