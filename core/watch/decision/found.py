"""What windows say of a model: whether it is worse for sure, and whether it is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.catalog.metrics import METRICS
from core.scoring.pairs import Floats
from core.watch.decision.evidence import late_bets, wins_of
from core.watch.decision.losses import mean_ends
from core.watch.decision.score_drop import ONE_SIDED, p_of_drop, pooled_reach, worst_drop
from core.watch.decision.unevenness import alike_in, moments, unevenness
from core.watch.decision.window import Baseline, Losses, Policy, Window

Test = Literal["", "bet", "in a row"]


@dataclass(frozen=True)
class Drop:
    """By how much the score fell over some windows.

    Attributes:
        windows: those it stands on, in order.
        value: the fall, above 0 when the score got worse; None where there is no score.
        now: the score over them; None where it is not the mean loss or 1 minus it, and no window has one.
        averaged: whether that is the mean of the windows' scores, and not the score of all their rows.
    """

    windows: tuple[Window, ...]
    value: float | None
    now: float | None
    averaged: bool = False

    @property
    def labelled(self) -> int:
        """Labelled rows of the windows."""
        return sum(one.labelled for one in self.windows)


@dataclass(frozen=True)
class Evidence:
    """Whether a model got worse, by the test that says so, or by the one that comes nearest.

    Attributes:
        test: ``bet`` or ``in a row``; empty where neither could be made.
        proven: whether it is worse beyond chance; ``material`` by as much as matters.
        e: wealth of the bet; None where there is none.
        p: of the last windows together; None where they have no intervals.
        uneven: variance of the windows' mean losses in parts of what independent ones would have; 1 at least.
    """

    test: Test
    proven: bool
    material: bool
    drop: Drop
    e: float | None
    p: float | None
    uneven: float = 1.0

    @property
    def worse(self) -> bool:
        """Whether it is worse beyond chance and by as much as matters."""
        return self.proven and self.material


def fall(windows: Sequence[Window], baseline: Baseline) -> Drop:
    """By how much the score fell over windows: of all their losses where these are the score, else a mean.

    Losses of pairs are the score in the mean of all drawings only, so that there the scores count.
    """
    kept, sign = tuple(windows), 1.0 if baseline.better == "higher" else -1.0
    losses = pooled(windows)
    by_pairs = METRICS[baseline.metric].interval == "ranking"
    if baseline.own and not by_pairs and baseline.loss is not None and losses is not None:
        mean = losses.total / losses.units
        return Drop(kept, mean - baseline.loss[0], 1 - mean if sign > 0 else mean)
    scored = [one for one in windows if one.score is not None]
    if not scored or baseline.score is None:
        return Drop(kept, None, None)
    now = float(np.average([one.score or 0.0 for one in scored], weights=[one.labelled for one in scored]))
    return Drop(kept, sign * (baseline.score - now), now, len(scored) > 1)


def pooled(windows: Sequence[Window]) -> Losses | None:
    """The losses of several windows; None where there are none."""
    counts: dict[int, int] = {}
    for step, many in (pair for one in windows if one.losses for pair in one.losses.counts):
        counts[step] = counts.get(step, 0) + many
    return Losses(counts=tuple(sorted(counts.items()))) if counts else None


def evidence_of(windows: Sequence[Window], baseline: Baseline, policy: Policy) -> Evidence:
    """Whether the model got worse, by the bet or by windows in a row."""
    tol = policy.drop_that_matters(baseline)
    by_bet = _bet(windows, baseline, policy, tol)
    uneven = by_bet.uneven if by_bet else 1.0
    row = _in_a_row(windows, baseline, policy, tol, uneven)
    if by_bet is None or row is None:
        return by_bet or row or Evidence("", False, False, fall(windows, baseline), None, None)
    chosen = row if row.worse and not by_bet.worse else by_bet
    return Evidence(chosen.test, chosen.proven, chosen.material, chosen.drop, by_bet.e, row.p, uneven)


def _bet(windows: Sequence[Window], baseline: Baseline, policy: Policy, tol: float) -> Evidence | None:
    there = [one for one in windows if one.losses is not None]
    if baseline.loss is None or not there:
        return None
    losses = [one.losses for one in there if one.losses]
    bets = late_bets(wins_of(losses, baseline.loss[2]))
    drop = fall(there[int(bets.start[-1]) :], baseline)
    uneven = max(alike_in(there), float(unevenness(*moments(losses), bets.start)[-1]))
    log_wealth = float(bets.log_wealth[-1]) / uneven
    material = drop.value is not None and drop.value >= tol
    e = float(np.exp(min(log_wealth, 27.0)))
    return Evidence("bet", log_wealth >= np.log(policy.evidence), material, drop, e, None, uneven)


def _in_a_row(
    windows: Sequence[Window], baseline: Baseline, policy: Policy, tol: float, uneven: float
) -> Evidence | None:
    last = [one for one in windows if one.labelled][-policy.in_a_row :]
    ends = _ends([one for one in last if one.low is not None], baseline)
    if ends is None or len(ends) < policy.in_a_row:
        return None
    drops, better, _, then, _ = ends.T
    better = better * np.sqrt(uneven)
    rows = np.array([one.labelled for one in last], dtype=np.float64)
    together = float(np.average(drops, weights=rows))
    p = float(p_of_drop(together, pooled_reach(better, rows), then[0]))
    proven = bool((p_of_drop(drops, better, then) <= policy.p).all()) and p <= policy.together
    now = float(np.average([one.score or 0.0 for one in last], weights=rows))
    drop = Drop(tuple(last), together, now, len(last) > 1)
    return Evidence("in a row", proven, together >= tol, drop, None, p)


def _ends(windows: Sequence[Window], baseline: Baseline) -> Floats | None:
    """(windows, 5) drop; from the score to the better and worse end now, and to the worse and better then."""
    if baseline.score is None or baseline.low is None or baseline.high is None or not windows:
        return None
    then = (baseline.score - baseline.low, baseline.high - baseline.score)
    rows = []
    for one in windows:
        value, low, high = one.score, one.low, one.high
        if value is None or low is None or high is None:
            continue
        if baseline.better == "higher":
            rows.append((baseline.score - value, high - value, value - low, *then))
        else:
            rows.append((value - baseline.score, value - low, high - value, *then[::-1]))
    return np.array(rows).reshape(-1, 5)


def most_it_fell(windows: Sequence[Window], baseline: Baseline, uneven: float) -> tuple[float, Drop] | None:
    """The largest fall that windows leave open at 95 %, and the fall that was seen; None if unknown."""
    wider = float(np.sqrt(uneven))
    labelled = [one for one in windows if one.labelled]
    drop, losses = fall(labelled, baseline), pooled(labelled)
    if baseline.own and baseline.loss is not None and losses is not None and drop.value is not None:
        mean, _, high = mean_ends(losses)
        then, low, _ = baseline.loss
        return drop.value + ONE_SIDED * float(np.hypot(wider * (high - mean), then - low)), drop
    scored = [one for one in labelled if one.low is not None]
    ends = _ends(scored, baseline)
    if ends is None or len(ends) < len(labelled) or drop.value is None:
        return None
    rows = np.array([one.labelled for one in scored], dtype=np.float64)
    return float(worst_drop(drop.value, wider * pooled_reach(ends[:, 2], rows), ends[0, 4])), drop
