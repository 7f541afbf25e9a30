"""Two runs side by side: what each scored and, on the same folds, whether the difference is real."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from core.catalog.metrics import METRICS
from core.catalog.models import MODELS
from core.digits import difference, is_defined, number
from core.errors import FoldlineError
from core.recipe.document import Recipe
from core.recipe.split import rows_key
from core.results.base import parsed
from core.results.compare import CompareResult
from core.results.evaluate import EvaluateResult, TestScore
from core.results.tune import Gain, TuneResult
from core.spec import Metric
from core.train.judging.validation_score import FLATTERED
from core.train.ranking.interval import Interval, possible
from core.train.ranking.statistics import corrected_interval


class Info(Protocol):
    """What is asked of a stored run's facts."""

    @property
    def kind(self) -> str: ...
    @property
    def recipe(self) -> Recipe: ...


class Kept(Protocol):
    """What is asked of a stored run (``core.store.runs.Run``)."""

    @property
    def info(self) -> Info: ...
    @property
    def payload(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Side:
    """The model that stands for a run.

    Attributes:
        model: its name.
        scores: metric -> fold scores (None where undefined); empty for a test result.
        tests: metric -> score on the test rows; empty for the others.
        sizes: (rows to fit, rows to validate) of each fold.
        picked: the folds chose it among many trials, so its scores flatter it.
        fresh: its gain was measured on other folds than those.
    """

    model: str
    scores: Mapping[str, Sequence[float | None]]
    tests: Mapping[str, TestScore]
    sizes: Sequence[tuple[int, int]]
    picked: bool = False
    fresh: bool = False


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


def side(run: Kept) -> Side:
    """The best of a comparison, the best trial of a search, or the tested model.

    Raises:
        FoldlineError: ``RUN`` for a run of another kind or without a finished model; ``RESULT``
            when what it found has an unknown form.
    """
    kind, payload = run.info.kind, run.payload
    if kind == "compare" and (compared := parsed(CompareResult, payload)).board:
        best = compared.candidate(compared.board[0].id)
        return Side(best.label, best.scores, {}, compared.sizes)
    if kind == "tune":
        tuned = parsed(TuneResult, payload)
        name, folds = f"{MODELS[tuned.model].label}, tuned", {tuned.metric: tuned.best.folds}
        fresh = isinstance(tuned.gain, Gain) and tuned.gain.fresh_folds
        return Side(name, folds, {}, tuned.sizes, picked=True, fresh=fresh)
    if kind == "evaluate":
        tested = parsed(EvaluateResult, payload)
        return Side(tested.model, {}, tested.scores, ())
    raise FoldlineError("RUN", f"A run of the kind {kind!r} has no score to compare.", "Choose another run.")


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
    return ""


def _standing(one: Side, metric: str) -> Standing:
    """Name, score and interval of one side; None where they are not known."""
    if not metric:
        return Standing(one.model, None, None, None)
    if one.tests:
        test = one.tests[metric]
        return Standing(one.model, test.value, test.low, test.high)
    own = _interval(_folds(one, metric), one)
    if one.picked:
        return Standing(one.model, own.mean if is_defined(own.mean) else None, None, None, FLATTERED)
    ends = possible(own.low, own.high, METRICS[metric]) if own.available else (None, None)
    return Standing(one.model, own.mean if is_defined(own.mean) else None, *ends)


def _folds(one: Side, metric: str) -> np.ndarray[Any, Any]:
    return np.array([np.nan if value is None else value for value in one.scores[metric]])


def _interval(values: np.ndarray[Any, Any], one: Side) -> Interval:
    fit, valid = np.mean(one.sizes, axis=0)
    return corrected_interval(values, float(fit), float(valid))


def versus(run_a: Kept, run_b: Kept) -> Versus:
    """The second run against the first.

    Fold scores of the same split are paired with the corrected resampled interval; test scores are shown
    with their own intervals only, because predictions of single rows are not kept.

    Raises:
        FoldlineError: as ``side``.
    """
    first, second = side(run_a), side(run_b)
    metric = _metric(run_a, run_b, first, second)
    obstacle = _obstacle(run_a, run_b, first, second, metric)
    a, b = _standing(first, metric), _standing(second, metric)
    if obstacle:
        return Versus(False, metric, a, b, None, f"Not comparable: {obstacle}.", ())
    notes = _notes(first, second)
    if first.tests:
        return Versus(True, metric, a, b, None, _by_tests(a, b, METRICS[metric].label), notes)
    paired = _interval(_folds(second, metric) - _folds(first, metric), first)
    gap = Difference(paired.mean, *((paired.low, paired.high) if paired.available else (None, None)))
    return Versus(True, metric, a, b, gap, _sentence(gap, METRICS[metric], (first, second)), notes)


def _notes(first: Side, second: Side) -> tuple[str, ...]:
    if first.picked == second.picked:
        return ()
    flattered = "The tuned score is the best of many trials on these very folds, which flatters it"
    where = "; the Tune page gives its gain on fresh folds" if first.fresh or second.fresh else ""
    return (f"{flattered}{where}.",)


def _sentence(gap: Difference, metric: Metric, sides: tuple[Side, Side]) -> str:
    name = metric.label
    if not is_defined(gap.mean):
        return f"{name} is not defined on these folds."
    size = difference(gap.mean, gap.low, gap.high)
    if gap.low is None or gap.high is None:
        return f"{name} differs by {size}; one fold cannot tell whether that is more than chance."
    if gap.low <= 0 <= gap.high and gap.low < gap.high:
        return f"{name} differs by {size}: the two cannot be told apart."
    if gap.mean == 0:
        return f"{name} is the same on every fold."
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
