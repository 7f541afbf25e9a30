"""A bet that losses are larger than on the hold-out, which may have begun at any window.

Each window opens a new bet with 1/(k (k + 1)) of the wealth, k its number, so that the stakes add up to 1:
what is not staked yet lies idle. Wealth of all of them together exceeds 1/alpha with a chance of alpha at
most, ever, while the mean loss is not above the one bet against (Ville 1939; on late changes Shin and others
2023).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.challenge.betting import BETS, log_wins
from core.scoring.pairs import Codes, Floats
from core.watch.decision.window import STEPS, Losses

EDGE = 1e-6
"""A mean loss this near to 0 or 1 is taken to be so far from it, as no bet can be made at the end."""


@dataclass(frozen=True, eq=False)
class LateBets:
    """How the bets stand after each window.

    Attributes:
        log_wealth: (..., windows) natural log of the wealth of all bets together.
        start: (..., windows) the window, from 0, at which the bet began that has most of it.
    """

    log_wealth: Floats
    start: Codes


def late_bets(wins: Floats) -> LateBets:
    """The bets over windows.

    Args:
        wins: (..., windows, bets) log of what each bet makes of its wealth in a window.
    """
    shape, bets = wins.shape[:-1], wins.shape[-1]
    staked, best = (np.full((*shape[:-1], bets), -np.inf) for _ in range(2))
    since = np.zeros(best.shape, dtype=np.int64)
    wealth, start = np.empty(shape), np.empty(shape, dtype=np.int64)
    for place in range(shape[-1]):
        new = -np.log((place + 1) * (place + 2))
        staked = np.logaddexp(staked, new) + wins[..., place, :]
        since = np.where(best >= new, since, place)
        best = np.maximum(best, new) + wins[..., place, :]
        together = np.logaddexp.reduce(staked, axis=-1) - np.log(bets)
        wealth[..., place] = np.logaddexp(together, -np.log(place + 2))
        leading = best.argmax(axis=-1)[..., None]
        start[..., place] = np.take_along_axis(since, leading, axis=-1)[..., 0]
    return LateBets(wealth, start)


def wins_of(losses: Sequence[Losses], mean: float) -> Floats:
    """(windows, bets) log of what bets against a mean loss of at most ``mean`` make of losses."""
    rows = []
    against = min(max(mean, EDGE), 1 - EDGE)
    for one in losses:
        counts = np.array(one.counts, dtype=np.float64).reshape(-1, 2)
        rows.append(log_wins(counts[:, 0] / STEPS - against, against) @ counts[:, 1])
    return np.array(rows).reshape(-1, len(BETS))


def wins_of_counts(wrong: NDArray[np.int64], rows: int, means: Floats) -> Floats:
    """(draws, windows, bets) the same of losses of 0 or 1, for many deployments at once.

    Args:
        wrong: (draws, windows) losses of 1 among ``rows``.
        means: (draws,) the mean loss that is bet against.
    """
    against = np.clip(means, EDGE, 1 - EDGE)
    right_wins = np.log1p(-BETS)
    wrong_wins = np.log1p(BETS * (1 / against - 1)[:, None])
    return np.asarray(wrong[..., None] * wrong_wins[:, None, :] + (rows - wrong)[..., None] * right_wins)
