"""Search the hyperparameters of one model: grid, random or Bayesian, in one trial loop through Optuna."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import optuna

from core.catalog.metrics import METRICS
from core.errors import FoldlineError
from core.recipe.document import Candidate
from core.recipe.fingerprint import fingerprint
from core.results.base import failure
from core.results.tune import Gain, NoGain, Trial, TuneResult
from core.train.board import sizes
from core.train.folds.runner import LATER, Outcome, Progress, Runner
from core.train.folds.unit import Unit, run_unit, unit_of
from core.train.gain import gain
from core.train.search_space import SearchPlan, distribution, edges, planned
from core.train.tried import Tried
from core.train.work import Work

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
    plan: SearchPlan
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
            yield unit_of(self.work, key, candidate, fold)

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
        """Whether to give out no more trials; the time limit leaves room for one."""
        if self.progress.should_stop():
            self.cut_by = "stop"
        elif given and self._late():
            self.cut_by = "time"
        return bool(self.cut_by)

    def _late(self) -> bool:
        return time.perf_counter() - self.started > self.work.recipe.tuning.seconds

    def cut(self) -> bool:
        """Whether to give up the trials under way: the time is over, and there is one to compare."""
        if self._late() and "default" in self.ended:
            scores = (score for key, score in self.ended.items() if key != "default")
            if any(math.isfinite(score) for score in scores):
                self.cut_by = "time"
                return True
        return False

    def take(self, outcome: Outcome[Unit, dict[str, Any]]) -> None:
        """Keep what a fold gave, and tell when all folds of a trial are there."""
        one = self.tried[outcome.unit.key]
        one.cpu_seconds += outcome.cpu
        if outcome.value is None:
            one.error = one.error or outcome.error
        else:
            # A search needs scores only; the predictions of a thousand trials would fill the memory.
            one.take(outcome.unit.fold, {**outcome.value, "prediction": None})
        if one.error is None and one.finished < one.folds:
            return
        self.ended[outcome.unit.key] = (
            math.nan if one.error else _mean(one.ranked(METRICS[self.work.recipe.metric]))
        )
        self.progress.event("trial", **self.facts(outcome.unit.key).model_dump(mode="json"))

    def facts(self, key: str) -> Trial:
        """A trial as it is stored."""
        one = self.tried[key]
        values = one.ranked(METRICS[self.work.recipe.metric])
        return Trial(
            trial=key,
            params={name: one.candidate.params.get(name) for name in self.plan.params},
            all_params=one.candidate.params,
            status=one.status,
            error=failure(one.error),
            score=score if one.status == "done" and np.isfinite(score := _mean(values)) else None,
            folds=one.of_folds(self.work.recipe.metric),
            seconds=one.fit_seconds + one.predict_seconds,
        )


def _mean(values: np.ndarray[Any, Any]) -> float:
    """The mean of the folds whose rows define the score; NaN when none does."""
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if len(finite) else math.nan


def tune(work: Work, progress: Progress, run: Runner) -> TuneResult:
    """Search the hyperparameters of the chosen model and say honestly what was gained.

    The gain is measured on new folds that the search never used (where rows may be shuffled), paired with the
    untuned model, because the best of many trials on the same folds flatters itself.

    Raises:
        FoldlineError: as ``planned``; ``TUNE`` when no trial succeeded.
    """
    loop = Loop(work, planned(work.recipe), progress, time.perf_counter())
    folds = len(work.split.folds)
    searching, judging = (loop.plan.trials + 1) * folds, 2 * folds
    total = searching + judging
    progress.progress(0, total, "Starting the search")
    for done, outcome in enumerate(run.run(run_unit, loop.units(), loop.cut), start=1):
        loop.take(outcome)
        progress.progress(done, total, _where(outcome.unit.key, loop.plan.trials))
    if progress.should_stop():
        loop.cut_by = "stop"
    progress.progress(searching, total, "Measuring the gain on new folds")
    trials, best = _best(loop)
    measured = gain(work, loop.plan.candidate, loop.tried[best.trial].candidate, run)
    return _result(loop, trials, best, measured)


def _best(loop: Loop) -> tuple[list[Trial], Trial]:
    """The trials that were not cut off, and the best of them.

    Raises:
        FoldlineError: ``TUNE`` when no trial succeeded.
    """
    trials = [
        loop.facts(key) for key in loop.tried if key != "default" and loop.tried[key].status != "stopped"
    ]
    finished = [(trial.score, trial) for trial in trials if trial.score is not None]
    if not finished:
        done = any(t.status == "done" for t in trials)
        none = "No fold defines the score." if done else "It was stopped before a trial ended."
        reason = next((t.error.problem for t in trials if t.error), none)
        raise FoldlineError("TUNE", f"No trial succeeded. {reason}", "Change the search space or try again.")
    best_of = max if METRICS[loop.work.recipe.metric].better == "higher" else min
    return trials, best_of(finished, key=lambda pair: pair[0])[1]


def _result(loop: Loop, trials: list[Trial], best: Trial, measured: Gain | NoGain) -> TuneResult:
    recipe = loop.work.recipe
    return TuneResult(
        task=recipe.task,
        metric=recipe.metric,
        better=METRICS[recipe.metric].better,
        model=loop.plan.candidate.model,
        search=recipe.tuning.search,
        planned=loop.plan.trials,
        fingerprint=fingerprint(recipe, "tune"),
        split=fingerprint(recipe, "split"),
        words=loop.work.split.words,
        sizes=tuple(sizes(loop.work)),
        space={name: wanted for name, (_, wanted) in loop.plan.params.items()},
        default=loop.facts("default"),
        trials=tuple(trials),
        best=best,
        edges=tuple(edges(loop.plan, best.params)),
        gain=measured,
        cut_by=loop.cut_by,
        seconds=time.perf_counter() - loop.started,
    )


def _where(key: str, trials: int) -> str:
    return "untuned model" if key == "default" else f"{key.replace('_', ' ')} of {trials:,}"
