"""Two runs side by side: what each scored and, on the same rows, whether the difference is real."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.catalog.metrics import METRICS
from core.digits import difference, is_defined, number
from core.recipe.split import rows_key
from core.scoring.pairs import Floats
from core.spec import Metric
from core.train.ranking.interval import Interval, possible
from core.train.ranking.paired_rows import paired_by_rows
from core.train.ranking.run_side import Kept, Side, side
from core.train.ranking.statistics import corrected_interval
from core.train.ranking.wording import HOLD_OUT

BY_FOLDS = (
    "Judged by the folds, because these runs keep nothing of the rows for this score. Runs of this version "
    "do, of tables of up to 1,000 groups, and their answer holds more often."
)


@dataclass(frozen=True)
class Standing:
    """Name, score and interval of one side; None where they are not known.

    Attributes:
        why: words that follow "no interval: ", where the score was chosen for being the best.
    """

    model: str
    score: float | None
    low: float | None
    high: float | None
    why: str = ""


@dataclass(frozen=True)
class Difference:
    """The second minus the first in units of the score, with its interval where there is one."""

    mean: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Versus:
    """Two runs side by side.

    Attributes:
        metric: that both have; empty when they share none.
        difference: None when they are not paired.
    """

    comparable: bool
    metric: str
    a: Standing
    b: Standing
    difference: Difference | None
    sentence: str
    notes: tuple[str, ...]


def _metric(a: Kept, b: Kept, first: Side, second: Side) -> str:
    """The metric that both have: that of the first run if possible; empty when there is none."""
    available = [set(one.scores) | set(one.tests) for one in (first, second)]
    wanted = (a.info.recipe.metric, b.info.recipe.metric)
    return next((metric for metric in wanted if all(metric in names for names in available)), "")


def _obstacle(a: Kept, b: Kept, first: Side, second: Side, metric: str) -> str:
    """Why the two cannot be compared; empty when they can."""
    old, new = a.info.recipe, b.info.recipe
    if not metric:
        return "they were scored by different metrics"
    if (old.task, old.target, old.positive) != (new.task, new.target, new.positive):
        return "they predict different things"
    if bool(first.tests) != bool(second.tests):
        return "one was scored on validation folds, the other on the test rows"
    if old.source.table != new.source.table:
        return "they come from different tables"
    if rows_key(old) != rows_key(new):
        return "other rows or another split"
    if first.sizes != second.sizes:
        return "the folds have other sizes"
    if first.fresh != second.fresh and len(first.sizes) == 1:
        return "they were judged on other hold-outs"
    return ""


def _standing(one: Side, metric: str) -> Standing:
    """Name, score and interval of one side, by the metric that ranked those that the list of runs shows."""
    if not metric:
        return Standing(one.model, None, None, None)
    if one.tests:
        test = one.tests[metric]
        return Standing(one.model, test.value, test.low, test.high)
    if one.own is not None and metric == one.metric:
        return Standing(one.model, one.own.mean, one.own.low, one.own.high, one.own.why)
    own = _by_folds(one.folds(metric), one)
    ends = possible(own.low, own.high, METRICS[metric]) if own.available else (None, None)
    return Standing(one.model, own.mean if is_defined(own.mean) else None, *ends)


def _by_folds(values: Floats, one: Side) -> Interval:
    return corrected_interval(values, *np.mean(one.sizes, axis=0))


def _paired_by_folds(first: Side, second: Side, metric: str) -> Interval:
    one, other = first.folds(metric), second.folds(metric)
    if first.fresh != second.fresh:
        return Interval(float(other.mean() - one.mean()))
    return _by_folds(other - one, first)


def versus(run_a: Kept, run_b: Kept) -> Versus:
    """The second run against the first.

    Validation scores of the same rows are paired row by row, as on a leaderboard, where the runs keep what
    that takes, else fold by fold; test scores are shown with their own intervals only, because predictions of
    single rows are not kept.

    Raises:
        FoldlineError: as ``side``.
    """
    first, second = side(run_a), side(run_b)
    metric = _metric(run_a, run_b, first, second)
    obstacle = _obstacle(run_a, run_b, first, second, metric)
    a, b = _standing(first, metric), _standing(second, metric)
    if obstacle:
        return Versus(False, metric, a, b, None, f"Not comparable: {obstacle}.", ())
    if first.tests:
        return Versus(True, metric, a, b, None, _by_tests(a, b, METRICS[metric].label), ())
    by_rows = paired_by_rows(first, second, metric)
    paired = by_rows or _paired_by_folds(first, second, metric)
    gap = Difference(paired.mean, *((paired.low, paired.high) if paired.available else (None, None)))
    notes = _notes(first, second, by_rows is not None)
    return Versus(True, metric, a, b, gap, _sentence(gap, METRICS[metric], (first, second)), notes)


def _notes(first: Side, second: Side, by_rows: bool) -> tuple[str, ...]:
    notes = []
    if first.picked != second.picked:
        notes.append(
            "The tuned score is the best of many trials on these very folds, which flatters it; there are no "
            "fresh folds to judge it on."
        )
    if first.fresh != second.fresh:
        notes.append("The tuned score is of fresh folds: the same rows, divided anew.")
    if not by_rows:
        notes.append(BY_FOLDS)
    if len(first.sizes) == 1:
        notes.append(HOLD_OUT)
    return tuple(notes)


def _sentence(gap: Difference, metric: Metric, sides: tuple[Side, Side]) -> str:
    name = metric.label
    if not is_defined(gap.mean):
        return f"{name} is not defined on these folds."
    size = difference(gap.mean, gap.low, gap.high)
    if gap.low is None or gap.high is None:
        return f"{name} differs by {size}; there is too little to tell whether that is more than chance."
    if gap.low <= 0 <= gap.high and gap.low < gap.high:
        return f"{name} differs by {size}: the two cannot be told apart."
    if gap.mean == 0:
        return f"{name} is the same."
    ahead = (gap.mean > 0) == (metric.better == "higher")
    if sides[ahead].picked:
        return (
            f"{name} differs by {difference(gap.mean, None, None)}; the better one was chosen by this very "
            "score, so these folds cannot tell whether that is more than chance."
        )
    return f"{name} differs by {size}: the second is {'better' if ahead else 'worse'} beyond chance."


def _by_tests(a: Standing, b: Standing, name: str) -> str:
    if not (is_defined(a.score) and is_defined(b.score)):
        return f"{name} is not defined on the test rows."
    shown = [number(one.score, a.score, b.score) for one in (a, b)]
    text = f"{name} on the same test rows: {shown[0]} and {shown[1]}."
    if a.low is None or a.high is None or b.low is None or b.high is None:
        return text
    apart = a.high < b.low or b.high < a.low
    return f"{text} Their intervals {'do not overlap' if apart else 'overlap'}."
