"""In what a better model must not be worse: its probabilities, their calibration, any segment of rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from core.catalog.metrics import metrics_for
from core.challenge.one_look import Gap, gap
from core.digits import difference
from core.evaluate.intervals.units import units_of
from core.evaluate.prediction import Prediction
from core.evaluate.segments import adjust, segments
from core.results.challenge import Guardrail
from core.scoring.pairing import pair
from core.scoring.pairs import Floats
from core.spec import Metric
from core.standalone.counts import counted, first_of
from core.visible import visible

ALPHA = 0.05
FEWEST_ROWS, MOST_ROWS, MOST_COLUMNS = 100, 10_000, 20
"""Rows of a segment; rows and columns that segments are looked for in."""
MOST_TOLD = 3
BINS, DRAWS = 10, 400
MARGIN = 0.01
"""By how much the calibration error may grow without being called worse."""


@dataclass(frozen=True, eq=False)
class Rows:
    """The labelled rows of a contest.

    Attributes:
        truth: (n,) labels as str, or float64 numbers.
        groups, times: (n,) or None.
        inputs: (n, p) original columns that segments are made of, or None.
    """

    truth: Any
    groups: Any = None
    times: Any = None
    inputs: pd.DataFrame | None = None

    def take(self, rows: Any) -> Rows:
        """These row positions, or those of a mask, without the columns."""
        groups, times = (None if one is None else np.asarray(one)[rows] for one in (self.groups, self.times))
        return Rows(np.asarray(self.truth)[rows], groups, times)


def guardrails(metric: Metric, rows: Rows, models: Sequence[Prediction]) -> tuple[Guardrail, ...]:
    """What the score does not see; each that applies is in order, broken, or could not be judged.

    Args:
        models: what the current and the new model say of the rows.
    """
    every: tuple[Callable[..., Guardrail | None], ...] = (_probabilities, _calibration, _segments)
    return tuple(rail for make in every if (rail := make(metric, rows, models)) is not None)


def _probabilities(metric: Metric, rows: Rows, models: Sequence[Prediction]) -> Guardrail | None:
    """Their usual loss, where the score is another one."""
    losses = [one for one in metrics_for(models[0].task) if one.needs_proba and one.interval == "mean"]
    if metric in losses or not losses or any(one.proba is None for one in models):
        return None
    spec, name = losses[0], "probabilities"
    one = gap(spec, rows.truth, models, rows.groups, rows.times)
    if not one.is_judged:
        return Guardrail(name=name, state="not_judged", text=f"{spec.label}: {one.why}.")
    words = "worse beyond chance" if one.high < 0 else "not worse beyond chance"
    text = f"{spec.label} is {words}: better by {difference(one.value, one.low, one.high)}."
    return Guardrail(name=name, state="broken" if one.high < 0 else "ok", text=text)


def _calibration(metric: Metric, rows: Rows, models: Sequence[Prediction]) -> Guardrail | None:
    """How far probabilities are from what happened (expected calibration error), by a paired bootstrap."""
    if any(one.proba is None for one in models):
        return None
    name = "calibration"
    units = units_of(len(models[0]), len(models[0].classes), rows.groups, rows.times)
    if len(models[0]) < FEWEST_ROWS or units.count < 2 * BINS:
        return Guardrail(name=name, state="not_judged", text="There are too few rows to tell.")
    drawn = np.random.default_rng(0).multinomial(units.count, np.full(units.count, 1 / units.count), DRAWS)
    weights = np.vstack([np.ones(units.count), drawn])[:, units.codes]
    errors = [_errors(rows.truth, one, weights) for one in models]
    grown = errors[1] - errors[0]
    low, high = np.quantile(grown[1:], [ALPHA / 2, 1 - ALPHA / 2])
    broken = bool(low > 0 and grown[0] > MARGIN)
    words = "worse beyond chance" if broken else "not clearly worse"
    change = difference(float(grown[0]), low, high)
    text = (
        f"Calibration is {words}: probabilities miss what happened by {errors[1][0]:.1%} on average, "
        f"those of the current model by {errors[0][0]:.1%} (a change of {change})."
    )
    return Guardrail(name=name, state="broken" if broken else "ok", text=text)


def _errors(truth: Any, one: Prediction, weights: Floats) -> Floats:
    """(b,) expected calibration error under each set of row weights, over bins of equal size."""
    pairs = pair(truth, one)
    if pairs.task == "binary":
        chance, true = pairs.probabilities[:, -1], pairs.truth == len(pairs.classes) - 1
    else:
        chance = pairs.probabilities.max(axis=1)
        true = pairs.truth == pairs.probabilities.argmax(axis=1)
    ranks = np.argsort(np.argsort(chance, kind="stable"), kind="stable")
    inside = (ranks * BINS // len(ranks))[:, None] == np.arange(BINS)
    missed = weights @ (inside * (chance - true)[:, None])
    return np.asarray(np.abs(missed).sum(axis=1) / weights.sum(axis=1))


def _segments(metric: Metric, rows: Rows, models: Sequence[Prediction]) -> Guardrail | None:
    """Whether the new model is worse in any segment; p values for looking at many (Holm 1979)."""
    if rows.inputs is None:
        return None
    name = "segments"
    inputs, few = rows.inputs.reset_index(drop=True).iloc[:, :MOST_COLUMNS], np.arange(len(rows.truth))
    if len(few) > MOST_ROWS:
        few = np.sort(np.random.default_rng(0).permutation(len(few))[:MOST_ROWS])
    inputs, part, said = inputs.iloc[few], rows.take(few), [one.take(few) for one in models]
    found = [
        (f"{visible(str(column))}: {visible(words)}", mask)
        for column in inputs
        for words, mask in segments(inputs[column])
        if mask.sum() >= FEWEST_ROWS
    ]
    gaps = [(words, int(mask.sum()), _gap_of(metric, part, said, mask)) for words, mask in found]
    judged = [one for one in gaps if one[2].is_judged and np.isfinite(one[2].p_worse)]
    if not judged:
        return Guardrail(name=name, state="not_judged", text="No segment has enough rows to tell.")
    q = adjust(np.array([one.p_worse for _, _, one in judged]))
    of = counted(len(judged), "segment")
    if q.min() <= ALPHA:
        worse = [_told(metric, *judged[place]) for place in np.argsort(q, kind="stable") if q[place] <= ALPHA]
        text = f"Of {of} it is worse beyond chance in {len(worse)}: {first_of(worse, MOST_TOLD)}."
        return Guardrail(name=name, state="broken", text=text)
    lowest = _told(metric, *min(judged, key=lambda one: one[2].value))
    return Guardrail(
        name=name, state="ok", text=f"Of {of} in none worse beyond chance; the lowest is {lowest}."
    )


def _gap_of(metric: Metric, rows: Rows, models: Sequence[Prediction], mask: Any) -> Gap:
    part = rows.take(mask)
    return gap(metric, part.truth, [one.take(mask) for one in models], part.groups, part.times)


def _told(metric: Metric, words: str, many: int, one: Gap) -> str:
    by = difference(one.value, one.low, one.high)
    return f"{words} ({counted(many, 'row')}, gain in {metric.label} {by})"
