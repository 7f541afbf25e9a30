"""How often the rule is wrong, and how soon it is right: a seeded simulation of many deployments at once.

Losses are of 0 and 1, as those of accuracy; rows, the hold-out's too, are drawn independently. What is
simulated is the part of the rule that says whether the model got worse; cool-down and rows to learn from come
on top.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from core.digits import count
from core.evaluate.intervals.enough import FEWEST_ROWS
from core.evaluate.intervals.rates import share_ends, share_interval
from core.scoring.pairs import Floats
from core.standalone.counts import counted
from core.watch.decision.evidence import late_bets, wins_of_counts
from core.watch.decision.losses import FEWEST, SIDE
from core.watch.decision.score_drop import p_of_drop, pooled_reach
from core.watch.decision.unevenness import unevenness
from core.watch.decision.window import USUAL_DROP, Policy

YEAR = 52
CHANGE = 11
"""Weeks before the drop."""
DRAWS = 2_000
ALL, HALF = 0.995, 0.5
"""Share of drops found from which on all are said to be, and below which no delay is said."""


@dataclass(frozen=True)
class World:
    """What is simulated.

    Attributes:
        labels: that come a window, and windows a year.
        drop: of the score, from window CHANGE on; 0.05 is five points.
        loss: mean loss before that, 0.15 of an accuracy of 0.85.
        holdout: rows of the hold-out.
    """

    labels: int = 100
    drop: float = 0.1
    loss: float = 0.15
    holdout: int = 1_000
    windows: int = YEAR


@dataclass(frozen=True)
class Rates:
    """What the rule does in such a world.

    Attributes:
        false_alarms: share of years without any change in which a retraining is asked for; ``false_low`` and
            ``false_high`` its 95 % interval, as so many ``draws`` tell it.
        found: share of drops that are found within the year, without a false alarm before.
        delay: windows from the drop to the first demand, in the median of those found; None where none is.
        text: in a sentence.
    """

    world: World
    draws: int
    false_alarms: float
    false_low: float
    false_high: float
    found: float
    delay: float | None
    text: str


def operating(
    policy: Policy,
    labels_per_window: int,
    drop: float = 0.1,
    seed: int = 0,
    draws: int = DRAWS,
    loss: float = 0.15,
    holdout: int = 1_000,
) -> Rates:
    """Chance of a false alarm within a year of weekly checks, and how soon a drop is found.

    Args:
        labels_per_window: labels that come between two checks.
        drop: of the score, in the score's units; of a score that ends at 1.
        loss: mean loss of the model when nothing changes, such as 1 minus the accuracy of the hold-out.
        holdout: rows of the hold-out.
    """
    world = World(labels_per_window, drop, loss, holdout)
    rng = np.random.default_rng(seed)
    quiet = _first_alarm(policy, world, np.full(world.windows, loss), rng, draws)
    rate = np.where(np.arange(world.windows) >= CHANGE, min(1.0, loss + drop), loss)
    first = _first_alarm(policy, world, rate, rng, draws)
    alarms = int((quiet < world.windows).sum())
    low, high = share_interval(alarms, draws)
    in_time = first[first >= CHANGE]
    after = in_time[in_time < world.windows]
    found = len(after) / max(1, len(in_time))
    delay = float(np.median(after - CHANGE + 1)) if len(after) else None
    text = _sentence(world, draws, alarms, found, delay)
    return Rates(world, draws, alarms / draws, low, high, found, delay, text)


def _first_alarm(
    policy: Policy, world: World, rate: Floats, rng: np.random.Generator, draws: int
) -> NDArray[np.int64]:
    """(draws,) the first window that asks for a retraining; their number where none does."""
    then = rng.binomial(world.holdout, world.loss, draws)
    now = rng.binomial(world.labels, rate, (draws, len(rate)))
    asked = asks(policy, world, then, now)
    return np.where(asked.any(axis=1), asked.argmax(axis=1), len(rate)).astype(np.int64)


def asks(policy: Policy, world: World, then: NDArray[np.int64], now: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(draws, windows) whether the model is called worse after each window.

    Args:
        then: (draws,) wrong rows of the hold-out.
        now: (draws, windows) wrong rows of each window.
    """
    tol = USUAL_DROP if policy.tol is None else policy.tol
    asked = np.zeros(now.shape, dtype=bool)
    if world.holdout < FEWEST:
        return asked
    share = then / world.holdout
    by_bet, uneven = _by_bet(policy, world, then, now, tol)
    asked |= by_bet
    if world.labels < FEWEST_ROWS:
        return asked
    high = share_ends(np.float64(1) * then, np.full(len(then), float(world.holdout)))[1]
    best = share_ends(np.float64(1) * now, np.full(now.shape, float(world.labels)))[0]
    width, view = policy.in_a_row, np.lib.stride_tricks.sliding_window_view
    if width > now.shape[1]:
        return asked
    drops = view(now / world.labels - share[:, None], width, axis=1)
    reach = view(now / world.labels - best, width, axis=1) * np.sqrt(uneven[:, width - 1 :, None])
    back = (high - share)[:, None]
    alone = (p_of_drop(drops, reach, back[..., None]) <= policy.p).all(axis=-1)
    mean = drops.mean(axis=-1)
    together = p_of_drop(mean, pooled_reach(reach, np.ones(width)), back) <= policy.together
    asked[:, width - 1 :] |= alone & together & (mean >= tol)
    return asked


def _by_bet(
    policy: Policy, world: World, then: NDArray[np.int64], now: NDArray[np.int64], tol: float
) -> tuple[NDArray[np.bool_], Floats]:
    """(draws, windows) whether the bet calls it worse, and how uneven the windows are."""
    right = world.holdout - then
    upper = np.where(right > 0, betaincinv(then + 1.0, np.maximum(right, 1.0), 1 - SIDE), 1.0)
    bets = late_bets(wins_of_counts(now, world.labels, upper))
    before = np.concatenate([np.zeros((len(now), 1)), np.cumsum(now, axis=1)], axis=1)
    many = (np.arange(now.shape[1]) + 1 - bets.start) * world.labels
    drop = (before[:, 1:] - np.take_along_axis(before, bets.start, axis=1)) / many
    uneven = unevenness(np.full(now.shape, world.labels), now, now, bets.start)
    proven = bets.log_wealth / uneven >= np.log(policy.evidence)
    return proven & (drop - (then / world.holdout)[:, None] >= tol), uneven


def how_often(draws: int, alarms: int) -> str:
    """How often the rule is wrong when nothing changes, as so many simulated years tell."""
    if not alarms:
        return f"no false alarm in {count(draws)} years"
    years = draws / alarms
    if years >= 2:
        return f"a false alarm once in {count(years)} years"
    return f"false alarms in {1 / years:.0%} of years"


def how_soon(found: float, delay: float | None, when: str, weeks: int = YEAR - CHANGE) -> str:
    """How soon the rule is right.

    Args:
        found: share of the drops that are found within ``weeks``, ``delay`` weeks after them.
        when: what happens, such as ``the score drops by 10 points``.
    """
    if delay is None:
        return f"not found within {counted(weeks, 'week')} when {when}"
    if found < HALF:
        return f"found in only {found:.0%} of cases within {counted(weeks, 'week')} when {when}"
    share = "" if found >= ALL else f" ({found:.0%} of such drops within {counted(weeks, 'week')})"
    return f"found after {counted(delay, 'week')} when {when}{share}"


def _sentence(world: World, draws: int, alarms: int, found: float, delay: float | None) -> str:
    labels = f"{counted(world.labels, 'label')} a week and {counted(world.holdout, 'hold-out row')}"
    right = how_soon(found, delay, f"the score drops by {100 * world.drop:g} points")
    return f"With {labels}: {how_often(draws, alarms)} when nothing changes, {right}."
