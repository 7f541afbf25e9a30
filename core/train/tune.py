"""Search the settings of one model: grid, random or Bayesian, in one trial loop through Optuna."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import optuna

from core.catalog.metrics import METRICS
from core.errors import FoldlineError
from core.recipe.document import Candidate
from core.recipe.fingerprint import fingerprint
from core.results.base import Failure, failure
from core.results.tune import Gain, NoGain, Trial, TuneResult
from core.train.compare import Tried, scorer, sizes
from core.train.folds.fold_cache import Work
from core.train.folds.runner import LATER, Progress, Runner
from core.train.folds.unit import Unit
from core.train.ranking.statistics import Interval, corrected_interval, paired_bootstrap
from core.train.search_space import Plan, distribution, edges, planned
from core.train.split import split_rows

optuna.logging.set_verbosity(optuna.logging.WARNING)
UNDER_WAY = 8
"""Units that a search gives out before it waits for the oldest trial among them."""


@dataclass
class Loop:
    """The trial loop: gives out units and takes their scores, so that trials run side by side.

    A trial is proposed from exactly the trials up to ``lag`` before it, told in their order, whichever of
    them ended first: the search is the same again on any number of processors.
    """

    work: Work
    plan: Plan
    progress: Progress
    started: float

    def __post_init__(self) -> None:
        metric = METRICS[self.work.recipe.metric]
        up = metric.better == "higher"
        self.study = optuna.create_study(
            sampler=self.plan.sampler, direction="maximize" if up else "minimize"
        )
        self.trials: dict[str, optuna.Trial] = {}
        self.tried: dict[str, Tried] = {}
        self.cut_by = ""
        self.lag = max(2, math.ceil(UNDER_WAY / len(self.work.split.folds)))
        self.ended: dict[str, float] = {}
        self.told = 0

    def units(self) -> Iterator[Unit]:
        """The untuned model first, then trials one by one; every fold of a trial is a unit."""
        yield from self._unit("default", self.plan.candidate)
        for number in range(self.plan.trials):
            while not self._tell(number - self.lag):
                yield LATER
            if self._over(number):
                return
            trial = self.study.ask({n: distribution(p, r) for n, (p, r) in self.plan.params.items()})
            key = f"trial_{number + 1}"
            self.trials[key] = trial
            params = {**self.plan.candidate.params, **trial.params}
            yield from self._unit(key, self.plan.candidate.model_copy(update={"id": key, "params": params}))

    def _unit(self, key: str, candidate: Candidate) -> Iterator[Unit]:
        folds = len(self.work.split.folds)
        self.tried[key] = Tried(candidate, folds)
        for fold in range(folds):
            yield Unit(key, candidate, fold)

    def _tell(self, until: int) -> bool:
        """Tell the study of the trials up to this one, in order; whether all of them had ended."""
        while self.told <= until:
            key = f"trial_{self.told + 1}"
            if key not in self.ended:
                return False
            score = self.ended[key]
            failed = optuna.trial.TrialState.FAIL
            outcome = {"values": score} if math.isfinite(score) else {"state": failed}
            self.study.tell(self.trials[key], **outcome)
            self.told += 1
        return True

    def _over(self, given: int) -> bool:
        """Whether to give out no more trials; the time cap leaves room for one."""
        if self.progress.should_stop():
            self.cut_by = "stop"
        elif given and time.perf_counter() - self.started > self.work.recipe.tuning.seconds:
            self.cut_by = "time"
        return bool(self.cut_by)

    def take(self, outcome: Any) -> None:
        """Keep what a fold gave, and tell when all folds of a trial are there."""
        one = self.tried[outcome.unit.key]
        one.cpu_seconds += outcome.cpu
        if outcome.error:
            one.error = one.error or outcome.error
        else:
            # A search needs scores only; the predictions of a thousand trials would fill the memory.
            one.take(outcome.unit.fold, {**outcome.value, "prediction": None})
        if one.error is None and one.finished < one.folds:
            return
        self.ended[outcome.unit.key] = math.nan if one.error else _mean(one.of(self.work.recipe.metric))
        self.progress.event("trial", **self.facts(outcome.unit.key).model_dump(mode="json"))

    def facts(self, key: str) -> Trial:
        """A trial as it is stored."""
        one = self.tried[key]
        values = one.of(self.work.recipe.metric)
        return Trial(
            trial=key,
            params={name: one.candidate.params.get(name) for name in self.plan.params},
            all_params=one.candidate.params,
            status=one.status,
            error=failure(one.error),
            score=score if one.status == "done" and np.isfinite(score := _mean(values)) else None,
            folds=_scores(values),
            seconds=one.fit_seconds + one.predict_seconds,
        )


def _scores(values: np.ndarray[Any, Any]) -> tuple[float | None, ...]:
    return tuple(float(v) if np.isfinite(v) else None for v in values)


def _mean(values: np.ndarray[Any, Any]) -> float:
    """The mean of the folds whose rows define the score; NaN when none does."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else math.nan


def tune(work: Work, progress: Progress, run: Runner) -> TuneResult:
    """Search the settings of the chosen model and say honestly what was gained.

    The gain is measured on new folds that the search never used (where rows may be shuffled), paired with the
    untuned model, because the best of many trials on the same folds flatters itself.

    Raises:
        FoldlineError: as ``planned``; ``TUNE`` when no trial succeeded.
    """
    started = time.perf_counter()
    loop = Loop(work, planned(work.recipe), progress, started)
    folds = len(work.split.folds)
    searching, judging = (loop.plan.trials + 1) * folds, 2 * folds
    total = searching + judging
    progress.progress(0, total, "Starting the search")
    for done, outcome in enumerate(run(scorer(work), loop.units()), start=1):
        loop.take(outcome)
        progress.progress(done, total, _where(outcome.unit.key, loop.plan.trials))
    if progress.should_stop():
        loop.cut_by = "stop"
    progress.progress(searching, total, "Measuring the gain on new folds")
    trials = [
        loop.facts(key) for key in loop.tried if key != "default" and loop.tried[key].status != "stopped"
    ]
    better = METRICS[work.recipe.metric].better
    finished = [(t.score, t) for t in trials if t.score is not None]
    if not finished:
        done = any(t.status == "done" for t in trials)
        none = "No fold defines the score." if done else "It was stopped before a trial ended."
        reason = next((t.error.problem for t in trials if t.error), none)
        raise FoldlineError("TUNE", f"No trial succeeded. {reason}", "Change the search space or try again.")
    _, best = (max if better == "higher" else min)(finished, key=lambda pair: pair[0])
    candidate = loop.tried[best.trial].candidate
    return TuneResult(
        task=work.recipe.task,
        metric=work.recipe.metric,
        better=better,
        model=candidate.model,
        search=work.recipe.tuning.search,
        planned=loop.plan.trials,
        fingerprint=fingerprint(work.recipe, "tune"),
        split=fingerprint(work.recipe, "split"),
        words=work.split.words,
        sizes=tuple(sizes(work)),
        space={name: wanted for name, (_, wanted) in loop.plan.params.items()},
        default=loop.facts("default"),
        trials=tuple(trials),
        best=best,
        edges=tuple(edges(loop.plan, best.params)),
        gain=gain(work, loop.plan.candidate, candidate, run),
        cut_by=loop.cut_by,
        seconds=time.perf_counter() - started,
    )


def _where(key: str, trials: int) -> str:
    return "untuned model" if key == "default" else f"{key.replace('_', ' ')} of {trials:,}"


def gain(work: Work, untuned: Candidate, tuned: Candidate, run: Runner) -> Gain | NoGain:
    """How much better the tuned model scores than the untuned one, paired on folds, with a 95 % interval.

    Above 0 is better for every metric.

    Folds are new ones unless rows are ordered in time; several folds use the corrected resampled t interval,
    a single holdout a paired bootstrap of its rows.
    """
    recipe = work.recipe
    fresh = not recipe.with_role("time")
    if fresh:
        work = replace(work, split=split_rows(recipe, work.frame, work.target, fold_seed=recipe.seed + 1))
    folds = len(work.split.folds)
    tried = {"untuned": Tried(untuned, folds), "tuned": Tried(tuned, folds)}
    units = [Unit(key, one.candidate, fold) for key, one in tried.items() for fold in range(folds)]
    for outcome in run(scorer(work), units):
        if outcome.error:
            return NoGain(error=Failure.model_validate(outcome.error), fresh_folds=fresh)
        tried[outcome.unit.key].take(outcome.unit.fold, outcome.value)
    if any(one.status != "done" for one in tried.values()):
        stopped = Failure(code="STOPPED", problem="The search was stopped before it was measured.")
        return NoGain(error=stopped, fresh_folds=fresh)
    found = _difference(work, tried["tuned"], tried["untuned"])
    sign = 1.0 if METRICS[recipe.metric].better == "higher" else -1.0
    ends = sorted((sign * found.low, sign * found.high))
    return Gain(
        mean=sign * found.mean,
        low=ends[0],
        high=ends[1],
        tuned=_scores(tried["tuned"].of(recipe.metric)),
        untuned=_scores(tried["untuned"].of(recipe.metric)),
        fresh_folds=fresh,
    )


def _difference(work: Work, tuned: Tried, untuned: Tried) -> Interval:
    metric = METRICS[work.recipe.metric]
    if len(work.split.folds) > 1:
        n_fit, n_valid = np.mean(sizes(work), axis=0)
        return corrected_interval(tuned.of(metric.id) - untuned.of(metric.id), n_fit, n_valid)
    first, second = tuned.predictions[0], untuned.predictions[0]
    if first is None or second is None:
        return Interval(math.nan)
    rows = work.split.folds[0][1]
    groups = work.groups(rows)
    return paired_bootstrap(
        work.labels(rows), first, second, metric, groups=groups, count=500, seed=work.recipe.seed
    )
