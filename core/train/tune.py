"""Search the settings of one model: grid, random or Bayesian, in one trial loop through Optuna."""

from __future__ import annotations

import itertools
import math
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import optuna

from core.catalog.metrics import METRICS
from core.catalog.models import MODELS
from core.catalog.searches import SEARCHES
from core.errors import FoldlineError
from core.recipe.document import Candidate, Range, Recipe
from core.recipe.fingerprint import fingerprint
from core.spec import Param, Value
from core.train.compare import Tried, sizes
from core.train.folds import Work
from core.train.progress import Progress, Runner
from core.train.score import Unit, score_fold
from core.train.split import divide
from core.train.statistics import corrected_interval, paired_bootstrap

GRID_LIMIT = 500
EDGE = 0.05
"""A best value within this share of the range from its end is reported as at the edge."""

optuna.logging.set_verbosity(optuna.logging.WARNING)


def default_range(param: Param) -> Range | None:
    """Where a search looks for a setting unless told otherwise; None when it is left alone."""
    if not param.tune:
        return None
    if isinstance(param.default, bool):
        return Range(options=(False, True))
    if param.options:
        return Range(options=param.options)
    if param.low is None or param.high is None:
        return None
    return Range(low=param.low, high=param.high, log=param.log)


def space(recipe: Recipe) -> dict[str, Range]:
    """Setting -> range of the search for the chosen model.

    Raises:
        FoldlineError: ``MODEL`` when none is chosen, ``SPACE`` when nothing may change or a range is empty.
    """
    if recipe.chosen is None:
        raise FoldlineError("MODEL", "No model is chosen.", "Compare models and pick one.")
    spec = MODELS[recipe.chosen.model]
    out = {}
    for param in spec.params:
        found = recipe.tuning.space.get(param.name, default_range(param))
        if found is not None:
            out[param.name] = _checked(param, found)
    if not out:
        raise FoldlineError(
            "SPACE", f"{spec.label} has no setting to search.", "Choose another model.", spec.id
        )
    return out


def _checked(param: Param, wanted: Range) -> Range:
    if wanted.options:
        for option in wanted.options:
            param.check(option, param.name)
        return wanted
    if wanted.low is None or wanted.high is None or wanted.low > wanted.high:
        raise FoldlineError("SPACE", f"The range of {param.name} is empty.", "Give low <= high.", param.name)
    param.check(_typed(param, wanted.low), param.name)
    param.check(_typed(param, wanted.high), param.name)
    if wanted.log and wanted.low <= 0:
        raise FoldlineError(
            "SPACE", f"{param.name} starts at {wanted.low:g}.", "A log range starts above 0.", param.name
        )
    return wanted


def _typed(param: Param, value: float) -> int | float:
    return round(value) if isinstance(param.default, int) else float(value)


def distribution(param: Param, wanted: Range) -> optuna.distributions.BaseDistribution:
    """The Optuna distribution of a range."""
    if wanted.options:
        return optuna.distributions.CategoricalDistribution(list(wanted.options))
    assert wanted.low is not None and wanted.high is not None
    if isinstance(param.default, int):
        return optuna.distributions.IntDistribution(round(wanted.low), round(wanted.high), log=wanted.log)
    return optuna.distributions.FloatDistribution(wanted.low, wanted.high, log=wanted.log)


def grid(spec_params: dict[str, tuple[Param, Range]], points: int) -> dict[str, list[Value]]:
    """A few values of each setting, evenly spaced on its scale.

    Raises:
        FoldlineError: ``GRID`` when the combinations are more than GRID_LIMIT.
    """
    values: dict[str, list[Value]] = {}
    for name, (param, wanted) in spec_params.items():
        if wanted.options:
            values[name] = list(wanted.options)
            continue
        assert wanted.low is not None and wanted.high is not None
        even = np.geomspace if wanted.log else np.linspace
        numbers = even(wanted.low, wanted.high, points)
        values[name] = list(dict.fromkeys(_typed(param, float(n)) for n in numbers))
    count = math.prod(len(v) for v in values.values())
    if count > GRID_LIMIT:
        raise FoldlineError(
            "GRID",
            f"The grid has {count:,} combinations; the limit is {GRID_LIMIT}.",
            "Fix settings or use fewer values.",
        )
    return values


@dataclass(frozen=True)
class Plan:
    """A search ready to run."""

    candidate: Candidate
    params: dict[str, tuple[Param, Range]]
    trials: int
    sampler: optuna.samplers.BaseSampler


def planned(recipe: Recipe) -> Plan:
    """The search that a recipe asks for.

    Raises:
        FoldlineError: as ``space`` and ``grid``.
    """
    ranges = space(recipe)
    assert recipe.chosen is not None
    spec = MODELS[recipe.chosen.model]
    params = {name: (spec.param(name), wanted) for name, wanted in ranges.items()}
    search = SEARCHES[recipe.tuning.search]
    trials = recipe.tuning.trials
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if search.id == "grid":
            points = search.param("points").default
            cells = grid(params, int(points) if isinstance(points, int) else 3)
            trials = min(trials, math.prod(len(v) for v in cells.values()))
            sampler = search.make(cells, seed=recipe.seed)
        else:
            sampler = search.build({}, seed=recipe.seed)
    return Plan(recipe.chosen, params, trials, sampler)


@dataclass
class Loop:
    """The trial loop: gives out units and takes their scores, so that trials run side by side."""

    work: Work
    plan: Plan
    progress: Progress
    started: float

    def __post_init__(self) -> None:
        metric = METRICS[self.work.recipe.metric]
        direction = "maximize" if metric.better == "higher" else "minimize"
        self.study = optuna.create_study(sampler=self.plan.sampler, direction=direction)
        self.trials: dict[str, optuna.Trial] = {}
        self.tried: dict[str, Tried] = {}
        self.cut_by = ""

    def units(self) -> Iterator[Unit]:
        """The untuned model first, then trials one by one; every fold of a trial is a unit."""
        yield from self._unit("default", self.plan.candidate)
        for number in range(self.plan.trials):
            if self._over():
                return
            trial = self.study.ask({n: distribution(p, r) for n, (p, r) in self.plan.params.items()})
            key = f"trial_{number + 1}"
            self.trials[key] = trial
            params = {**self.plan.candidate.params, **trial.params}
            yield from self._unit(key, self.plan.candidate.model_copy(update={"id": key, "params": params}))

    def _unit(self, key: str, candidate: Candidate) -> Iterator[Unit]:
        folds = len(self.work.division.folds)
        self.tried[key] = Tried(candidate, folds)
        for fold in range(folds):
            yield Unit(key, candidate, fold)

    def _over(self) -> bool:
        if self.progress.should_stop():
            self.cut_by = "stop"
        elif time.perf_counter() - self.started > self.work.recipe.tuning.seconds:
            self.cut_by = "time"
        return bool(self.cut_by)

    def take(self, outcome: Any) -> None:
        """Tell the study when all folds of a trial are there."""
        one = self.tried[outcome.unit.key]
        one.cpu_seconds += outcome.cpu
        if outcome.error:
            one.error = one.error or outcome.error
        else:
            one.take(outcome.unit.fold, outcome.value)
        if one.error is None and one.finished < one.folds:
            return
        trial = self.trials.pop(outcome.unit.key, None)
        if trial is not None:
            score = float(np.mean(one.of(self.work.recipe.metric))) if one.error is None else math.nan
            failed = optuna.trial.TrialState.FAIL
            self.study.tell(trial, **({"values": score} if math.isfinite(score) else {"state": failed}))
        self.progress.event("trial", **self.facts(outcome.unit.key))

    def facts(self, key: str) -> dict[str, Any]:
        """A trial, JSON-ready."""
        one = self.tried[key]
        values = one.of(self.work.recipe.metric)
        return {
            "trial": key,
            "params": {name: one.candidate.params.get(name) for name in self.plan.params},
            "all_params": one.candidate.params,
            "status": one.status,
            "error": one.error,
            "score": float(values.mean()) if one.status == "done" else None,
            "folds": [float(v) if np.isfinite(v) else None for v in values],
            "seconds": one.fit_seconds + one.predict_seconds,
        }


def tune(work: Work, progress: Progress, run: Runner) -> dict[str, Any]:
    """Search the settings of the chosen model and say honestly what was gained.

    The gain is measured on new folds that the search never used (where rows may be shuffled), paired with the
    untuned model, because the best of many trials on the same folds flatters itself.

    Returns:
        JSON-ready: trials, default, best, gain {mean, low, high, fresh_folds}, edges, cut_by, seconds.

    Raises:
        FoldlineError: as ``planned``; ``TUNE`` when no trial succeeded.
    """
    started = time.perf_counter()
    loop = Loop(work, planned(work.recipe), progress, started)
    folds = len(work.division.folds)
    total = (loop.plan.trials + 1) * folds
    progress.progress(0, total, "Starting the search")
    for done, outcome in enumerate(run(_scorer(work), loop.units()), start=1):
        loop.take(outcome)
        progress.progress(done, total, outcome.unit.key.replace("_", " "))
    trials = [
        loop.facts(key) for key in loop.tried if key != "default" and loop.tried[key].status != "stopped"
    ]
    better = METRICS[work.recipe.metric].better
    finished = [t for t in trials if t["score"] is not None]
    if not finished:
        reason = next(
            (t["error"]["problem"] for t in trials if t["error"]), "It was stopped before a trial ended."
        )
        raise FoldlineError("TUNE", f"No trial succeeded. {reason}", "Change the search space or try again.")
    best = (max if better == "higher" else min)(finished, key=lambda t: t["score"])
    candidate = loop.tried[best["trial"]].candidate
    return {
        "task": work.recipe.task,
        "metric": work.recipe.metric,
        "better": better,
        "model": candidate.model,
        "search": work.recipe.tuning.search,
        "fingerprint": fingerprint(work.recipe, "tune"),
        "space": {name: wanted.model_dump(mode="json") for name, (_, wanted) in loop.plan.params.items()},
        "default": loop.facts("default"),
        "trials": trials,
        "best": best,
        "edges": edges(loop.plan, best["params"]),
        "gain": gain(work, loop.plan.candidate, candidate, run),
        "cut_by": loop.cut_by,
        "seconds": time.perf_counter() - started,
    }


def _scorer(work: Work) -> Any:
    def work_on(unit: Unit) -> dict[str, Any]:
        return score_fold(work, unit.candidate, work.division.folds[unit.fold])

    return work_on


def edges(plan: Plan, best: dict[str, Any]) -> list[dict[str, Any]]:
    """The settings whose best value lies at an end of their range: the range may be too narrow."""
    out = []
    for name, (_, wanted) in plan.params.items():
        if wanted.low is None or wanted.high is None or wanted.high == wanted.low:
            continue
        scale = math.log if wanted.log else float
        place = (scale(best[name]) - scale(wanted.low)) / (scale(wanted.high) - scale(wanted.low))
        if place <= EDGE or place >= 1 - EDGE:
            out.append({"param": name, "value": best[name], "end": "low" if place <= EDGE else "high"})
    return out


def gain(work: Work, untuned: Candidate, tuned: Candidate, run: Runner) -> dict[str, Any]:
    """Score of the tuned minus the untuned model, paired on folds, with a 95 % interval.

    Folds are new ones unless rows are ordered in time; several folds use the corrected resampled t interval,
    a single holdout a paired bootstrap of its rows.
    """
    recipe = work.recipe
    fresh = not recipe.with_role("time")
    if fresh:
        work = replace(work, division=divide(recipe, work.frame, work.target, fold_seed=recipe.seed + 1))
    folds = len(work.division.folds)
    tried = {"untuned": Tried(untuned, folds), "tuned": Tried(tuned, folds)}
    units = [Unit(key, one.candidate, fold) for key, one in tried.items() for fold in range(folds)]
    for outcome in run(_scorer(work), units):
        if outcome.error:
            return {"error": outcome.error, "fresh_folds": fresh}
        tried[outcome.unit.key].take(outcome.unit.fold, outcome.value)
    if any(one.status != "done" for one in tried.values()):
        return {
            "error": {"code": "STOPPED", "problem": "Stopped before the gain was measured."},
            "fresh_folds": fresh,
        }
    a, b = tried["tuned"], tried["untuned"]
    metric = METRICS[recipe.metric]
    if folds > 1:
        n_fit, n_valid = np.mean(sizes(work), axis=0)
        found = corrected_interval(a.of(metric.id) - b.of(metric.id), n_fit, n_valid)
    else:
        y = work.labels(work.division.folds[0][1])
        first, second = a.predictions[0], b.predictions[0]
        assert first is not None and second is not None
        found = paired_bootstrap(y, first, second, metric, count=500, seed=recipe.seed)
    sign = 1.0 if metric.better == "higher" else -1.0
    ends = sorted((sign * found.low, sign * found.high))
    return {
        "mean": sign * found.mean,
        "low": ends[0],
        "high": ends[1],
        "tuned": list(itertools.chain(a.of(metric.id))),
        "untuned": list(itertools.chain(b.of(metric.id))),
        "fresh_folds": fresh,
    }
