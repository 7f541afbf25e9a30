"""What the rule on retraining would do for one model: its false alarms and its delay, simulated for it.

``operating`` draws losses of 0 and 1. Those of other scores are drawn so too, with the mean of the hold-out;
no losses with that mean spread wider, so that a bet on real ones is decided sooner.
"""

from __future__ import annotations

import numpy as np

from core.catalog.metrics import METRICS
from core.data.table import Frozen
from core.digits import count, number
from core.evaluate.intervals.rates import Z
from core.standalone.counts import counted
from core.watch.decision.operating import DRAWS, YEAR, how_often, how_soon, operating
from core.watch.decision.window import Baseline, Policy

USUAL_FALL, USUAL_RISE = 0.1, 0.3
"""The change that is looked for, unless a person says: ten points of a score, of errors three tenths."""
USUAL_LABELS = 100


class Foreseen(Frozen):
    """The rule in a simulated year of weekly batches.

    Attributes:
        labels: labelled rows of each batch.
        change: of the score, in its units; of a score that falls when it gets better, in parts of it.
        false_alarms: share of years without change in which it asks for a retraining, with its 95 % interval.
        found: share of such changes that are found within the year; ``delay`` weeks until then, the median.
        text: both in a sentence.
        assumed: what was simulated.
    """

    labels: int
    change: float
    false_alarms: float
    low: float
    high: float
    found: float
    delay: float | None
    draws: int
    seed: int
    text: str
    assumed: str


def usual_change(baseline: Baseline) -> float:
    """The change that is looked for unless a person says."""
    return USUAL_FALL if baseline.better == "higher" else USUAL_RISE


def foresee(
    baseline: Baseline,
    policy: Policy,
    labels: int = USUAL_LABELS,
    change: float | None = None,
    units: float = 1.0,
    seed: int = 0,
    draws: int = DRAWS,
) -> Foreseen | None:
    """The rule for a model that did so on its hold-out; None where no bet can be made on its losses.

    Args:
        labels: labelled rows of a batch.
        change: as ``Foreseen.change``; ``usual_change`` when None.
        units: losses that a labelled row gives on average: fewer than one where rows come in groups, or
            where a score stands on some of them only.
    """
    if baseline.loss is None:
        return None
    fall = usual_change(baseline) if change is None else change
    in_parts = baseline.better == "lower" and not baseline.own
    scale = baseline.loss[0] if in_parts else 1.0
    score = abs(baseline.score or 0.0) or 1.0
    tol = policy.drop_that_matters(baseline) * (scale / score if in_parts else 1.0)
    rows, many = _hold_out(baseline), max(1, round(labels * units))
    rule = policy.model_copy(update={"tol": tol})
    rates = operating(rule, many, fall * scale, seed, draws, baseline.loss[0], rows)
    alarms = round(rates.false_alarms * draws)
    soon = how_soon(rates.found, rates.delay, _when(baseline, fall))
    text = f"With {counted(labels, 'label')} a week: {how_often(draws, alarms)} when nothing changes, {soon}."
    return Foreseen(
        labels=labels,
        change=fall,
        false_alarms=rates.false_alarms,
        low=rates.false_low,
        high=rates.false_high,
        found=rates.found,
        delay=rates.delay,
        draws=draws,
        seed=seed,
        text=text,
        assumed=_assumed(baseline, draws, seed, many, rows, labels),
    )


def _hold_out(baseline: Baseline) -> int:
    """Rows of a hold-out that knows its mean loss as well as this one, if its losses were of 0 and 1."""
    plain = baseline.stretch == 1 and METRICS[baseline.metric].stands_on == "all rows"
    mean, low, high = baseline.loss or (0.0, 0.0, 0.0)
    if (baseline.rows and plain and baseline.own) or not mean or high <= low:
        return max(1, baseline.rows)
    return max(1, int(np.ceil(mean * (1 - mean) * (2 * Z / (high - low)) ** 2)))


def _when(baseline: Baseline, change: float) -> str:
    name = baseline.label
    if baseline.better == "lower" and not baseline.own:
        return f"{name} rises by {change:.0%}"
    moved = "drops" if baseline.better == "higher" else "rises"
    if not baseline.own:
        return f"losses rise as much as those of an accuracy that drops by {100 * change:g} points"
    return f"{name} {moved} by {100 * change:g} points"


def _assumed(baseline: Baseline, draws: int, seed: int, many: int, rows: int, labels: int) -> str:
    """What was simulated, in sentences."""
    mean = number(baseline.loss[0] if baseline.loss else None)
    told = [
        f"Simulated (seed {seed}): {count(draws)} years of {YEAR} weekly batches without a change and as "
        f"many with one. Losses are 0 or 1 with a mean of {mean} as on the hold-out, independent of each "
        f"other; the hold-out has {counted(rows, 'row')}."
    ]
    if rows != baseline.rows:
        told.append("That hold-out is as certain of its mean as the real one.")
    if many != labels:
        alike = ", since rows next to each other are alike" if baseline.stretch > 1 else ""
        told.append(f"{counted(labels, 'label')} count as {many:,} losses, as in the batches so far{alike}.")
    if not baseline.own:
        told.append(f"{baseline.label} itself is no mean of losses; these stand for it.")
    told.append("Cool-down, and the rows that a retraining needs to learn from, come on top.")
    return " ".join(told)
