"""How often predictions of a probability came true on the hold-out, and what a score would be by that.

The estimate of NannyML's CBPE (Garcia 2022): calibrate on the hold-out, then take every new row as positive
with its calibrated probability. It sees other columns and is blind to another dependence of the target on
them, so that it may warn and never clears.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.isotonic import IsotonicRegression

from core.catalog.metrics import METRICS
from core.digits import number, span
from core.evaluate.prediction import Prediction
from core.scoring.pairing import pair
from core.scoring.pairs import Floats, Sample
from core.spec import Metric
from core.standalone.counts import counted
from core.watch.decision.estimate import Estimate
from core.watch.decision.window import Level

BINS, FEWEST_IN_BIN = 20, 20
FEWEST_HELD_OUT, FEWEST_ROWS = 200, 100
MOST_OUTSIDE = 0.1
"""Share of rows outside of what training had beyond which nothing is estimated."""
DRAWS, MOST_ROWS = 200, 5_000


def levels_of(y_true: Any, prediction: Prediction) -> tuple[Level, ...]:
    """The calibration of a model on (n,) labels of its hold-out; empty where there are too few, or no shares.

    Raises:
        FoldlineError: ``METRIC`` as ``core.scoring.pairing.pair``.
    """
    if prediction.proba is None or len(prediction) < FEWEST_HELD_OUT:
        return ()
    chance, true = _called(prediction), _came_true(pair(y_true, prediction))
    order = np.argsort(chance, kind="stable")
    parts = np.array_split(order, min(BINS, len(order) // FEWEST_IN_BIN))
    at = np.array([chance[part].mean() for part in parts])
    many = np.array([len(part) for part in parts])
    shares = np.array([true[part].mean() for part in parts])
    risen = IsotonicRegression(y_min=0, y_max=1).fit_transform(at, shares, sample_weight=many)
    return tuple(
        Level(at=float(a), share=float(s), rows=int(n)) for a, s, n in zip(at, risen, many, strict=True)
    )


def _called(prediction: Prediction) -> Floats:
    """(n,) the probability that is calibrated."""
    proba = np.asarray(prediction.proba, dtype=np.float64)
    return proba[:, -1] if prediction.task == "binary" else proba.max(axis=1)


def _came_true(pairs: Any) -> Floats:
    last = len(pairs.classes) - 1
    true = (
        pairs.truth == last if pairs.task == "binary" else pairs.truth == pairs.probabilities.argmax(axis=1)
    )
    return np.asarray(true, dtype=np.float64)


def estimate(
    metric: Metric,
    prediction: Prediction,
    levels: Sequence[Level],
    outside: int = 0,
    stretch: int = 1,
    seed: int = 0,
) -> Estimate:
    """The score that the predictions would have if their probabilities came true as on the hold-out.

    Args:
        levels: of the same model, from ``levels_of``.
        outside: rows that lie outside of what training had.
        stretch: rows next to each other that count as one, as neighbours are alike.
    """
    n, found = len(prediction), {"metric": metric.id, "n": len(prediction)}
    why = _refused(metric, prediction, levels, outside, stretch)
    if why:
        return Estimate(**found, text=f"{metric.label} is not estimated without labels: {why}.")
    rng = np.random.default_rng(seed)
    used = prediction if n <= MOST_ROWS else prediction.take(rng.permutation(n)[:MOST_ROWS])
    value, draws = _scores(metric, used, levels, rng)
    if not np.isfinite(value) or not np.isfinite(draws).all():
        return Estimate(**found, text=f"{metric.label} is not estimated: these rows do not define it.")
    wider = float(np.sqrt(stretch))
    low, high = (value + wider * (float(np.quantile(draws, q)) - value) for q in (0.025, 0.975))
    low, high = max(low, metric.low), min(high, metric.high)
    text = (
        f"{metric.label} is estimated at {number(value, low, high)} ({span(low, high, value)}) without "
        "labels, if the target depends on the columns as it did. Only labels can show whether it does."
    )
    return Estimate(**found, value=value, low=low, high=high, text=text)


def _refused(
    metric: Metric, prediction: Prediction, levels: Sequence[Level], outside: int, stretch: int
) -> str:
    """Why nothing is estimated; empty where something is."""
    n = len(prediction)
    if prediction.task == "regression" or prediction.proba is None:
        return "the model gives no probabilities"
    if prediction.task == "multiclass" and not _is_share_of_right(metric):
        return "of several classes only the share of right answers can be"
    if not levels:
        return "the bundle does not tell how its probabilities came true; pack the model again after its test"
    if n < FEWEST_ROWS:
        return f"there are only {counted(n, 'row')}"
    equal = _equal_rows(_called(prediction), levels) / stretch
    wanted = sum(one.rows for one in levels) / 3 if metric.needs_proba else 0.0
    if equal < max(FEWEST_HELD_OUT, wanted):
        return f"few rows of the hold-out have such probabilities (as good as {counted(round(equal), 'row')})"
    if outside > MOST_OUTSIDE * n:
        return f"{outside / n:.0%} of the rows lie outside of what the model has learned from"
    return ""


def _equal_rows(chance: Floats, levels: Sequence[Level]) -> float:
    """Rows of the hold-out that know as much, had they the probabilities of these rows (effective size)."""
    at, rows = (np.array([getattr(one, name) for one in levels], dtype=np.float64) for name in ("at", "rows"))
    place = np.searchsorted((at[1:] + at[:-1]) / 2, chance)
    share = np.bincount(place, minlength=len(levels)) / len(chance)
    return float(1 / np.sum(share**2 / rows))


def _is_share_of_right(metric: Metric) -> bool:
    return metric.interval == "share" and metric.stands_on == "all rows"


def _scores(
    metric: Metric, used: Prediction, levels: Sequence[Level], rng: np.random.Generator
) -> tuple[float, Floats]:
    """The score by the calibration, and (DRAWS,) scores with drawn calibrations and drawn labels."""
    at, share, rows = (np.array([getattr(one, name) for one in levels]) for name in ("at", "share", "rows"))
    chance = _called(used)
    hits = share * rows
    drawn = np.sort(rng.beta(hits + 0.5, rows - hits + 0.5, size=(DRAWS, len(levels))), axis=1)
    chances = np.stack([np.interp(chance, at, one) for one in (share, *drawn)])
    happened = np.vstack([chances[:1], rng.random((DRAWS, len(chance))) < chances[1:]])
    if used.task == "multiclass":
        means = happened.mean(axis=1)
        return float(means[0]), means[1:]
    both = Prediction(
        used.task, used.classes, np.tile(used.labels, 2), np.tile(np.asarray(used.proba), (2, 1))
    )
    truth = np.repeat(np.array([used.classes[-1], used.classes[0]], dtype=object), len(chance))
    scores = metric.make(Sample(pair(truth, both), np.hstack([happened, 1 - happened])))
    return float(scores[0]), scores[1:]


def estimate_for(
    metric: str, prediction: Prediction | None, levels: Sequence[Level], outside: int, stretch: int
) -> Estimate | None:
    """``estimate`` of the score of that id; None of rows that could not be predicted.

    Raises:
        FoldlineError: ``CATALOG`` for an unknown metric.
    """
    if prediction is None:
        return None
    return estimate(METRICS[metric], prediction, levels, outside, stretch)
