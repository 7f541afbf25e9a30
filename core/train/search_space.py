"""Where a search may look: ranges of settings from the Params, editable in the recipe."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import optuna

from core.catalog.models import MODELS
from core.catalog.searches import SEARCHES
from core.errors import FoldlineError
from core.recipe.document import Candidate, Range, Recipe
from core.results.tune import Edge
from core.spec import Param, Value
from core.standalone.counts import counted

GRID_LIMIT = 500
WIDER = 10.0
EDGE = 0.05
"""A best value within this share of the range from its end is reported as at the edge."""


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
        wanted = recipe.tuning.space.get(param.name, default_range(param))
        if wanted is not None:
            out[param.name] = checked(param, wanted)
    if not out:
        raise FoldlineError(
            "SPACE", f"{spec.label} has no hyperparameter to search.", "Choose another model.", spec.id
        )
    return out


def checked(param: Param, wanted: Range) -> Range:
    """The range when the setting can take all of it.

    Raises:
        FoldlineError: ``SPACE`` when it is empty or starts at 0 on a logarithmic scale, ``PARAM`` when it
            goes beyond what the setting takes.
    """
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


def widened(param: Param, wanted: Range, end: str) -> Range | None:
    """The range with one end further out, as far as the setting goes; None when it cannot go further.

    Args:
        end: ``low`` or ``high``; moves ten times further on a logarithmic scale, else by the range's width.
    """
    low, high = ends(wanted)
    if end == "low":
        goal = low / WIDER if wanted.log else low - (high - low)
        moved = max(goal, -math.inf if param.low is None else param.low)
        change = {"low": float(_typed(param, moved))}
    else:
        goal = high * WIDER if wanted.log else high + (high - low)
        moved = min(goal, math.inf if param.high is None else param.high)
        change = {"high": float(_typed(param, moved))}
    wider = wanted.model_copy(update=change)
    return None if wider == wanted or (wider.log and ends(wider)[0] <= 0) else wider


def _typed(param: Param, value: float) -> int | float:
    return round(value) if isinstance(param.default, int) else float(value)


def ends(wanted: Range) -> tuple[float, float]:
    """The bounds of a range of numbers.

    Raises:
        FoldlineError: ``SPACE`` when it lacks one.
    """
    if wanted.low is None or wanted.high is None:
        raise FoldlineError("SPACE", "A range of numbers needs both ends.", "Give low and high.")
    return wanted.low, wanted.high


def distribution(param: Param, wanted: Range) -> optuna.distributions.BaseDistribution:
    """The Optuna distribution of a range."""
    if wanted.options:
        return optuna.distributions.CategoricalDistribution(list(wanted.options))
    low, high = ends(wanted)
    if isinstance(param.default, int):
        return optuna.distributions.IntDistribution(round(low), round(high), log=wanted.log)
    return optuna.distributions.FloatDistribution(low, high, log=wanted.log)


def grid(spec_params: dict[str, tuple[Param, Range]], points: int) -> dict[str, list[Value]]:
    """A few values of each setting, evenly spaced on its scale.

    Raises:
        FoldlineError: ``GRID`` when the combinations are more than GRID_LIMIT.
    """
    values = _values(spec_params, points)
    count = _combinations(values)
    if count > GRID_LIMIT:
        raise FoldlineError(
            "GRID",
            f"The grid has {counted(count, 'combination')}; the limit is {GRID_LIMIT}.",
            "Fix hyperparameters or use fewer values.",
        )
    return values


def _values(spec_params: dict[str, tuple[Param, Range]], points: int) -> dict[str, list[Value]]:
    values: dict[str, list[Value]] = {}
    for name, (param, wanted) in spec_params.items():
        if wanted.options:
            values[name] = list(wanted.options)
            continue
        low, high = ends(wanted)
        even = np.geomspace if wanted.log else np.linspace
        numbers = even(low, high, points)
        values[name] = list(dict.fromkeys(_typed(param, float(n)) for n in numbers))
    return values


def _combinations(cells: dict[str, list[Value]]) -> int:
    return math.prod(len(values) for values in cells.values())


def fitting(
    spec_params: dict[str, tuple[Param, Range]], fewest: int, most: int, trials: int
) -> dict[str, list[Value]]:
    """The grid with the most values a setting that the trials and the limit have room for.

    Args:
        fewest, most: values of each number; never fewer, even where the trials do not try them all.

    Raises:
        FoldlineError: ``GRID`` as ``grid``.
    """
    cells = grid(spec_params, fewest)
    for finest in range(fewest + 1, most + 1):
        finer = _values(spec_params, finest)
        if _combinations(finer) > min(trials, GRID_LIMIT):
            break
        cells = finer
    return cells


@dataclass(frozen=True)
class SearchPlan:
    """A search ready to run."""

    candidate: Candidate
    params: dict[str, tuple[Param, Range]]
    trials: int
    sampler: optuna.samplers.BaseSampler


def planned(recipe: Recipe) -> SearchPlan:
    """The search that a recipe asks for.

    Raises:
        FoldlineError: as ``space`` and ``grid``.
    """
    ranges = space(recipe)
    assert recipe.chosen is not None
    spec = MODELS[recipe.chosen.model]
    params = {name: (spec.param(name), wanted) for name, wanted in ranges.items()}
    search, chosen = SEARCHES[recipe.tuning.search], recipe.tuning.params
    trials = recipe.tuning.trials
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if search.enumerates:
            fewest, most = search.values(chosen)[search.enumerates], search.param(search.enumerates).high
            cells = fitting(params, int(fewest or 0), int(most or 0), trials)
            trials = min(trials, _combinations(cells))
            sampler = search.make(cells, seed=recipe.seed)
        else:
            sampler = search.build(chosen, seed=recipe.seed)
    return SearchPlan(recipe.chosen, params, trials, sampler)


def edges(plan: SearchPlan, best: dict[str, Any]) -> list[Edge]:
    """The settings whose best value lies at an end of their range: the range may be too narrow."""
    out = []
    for name, (_, wanted) in plan.params.items():
        if wanted.low is None or wanted.high is None or wanted.high == wanted.low:
            continue
        scale = math.log if wanted.log else float
        place = (scale(best[name]) - scale(wanted.low)) / (scale(wanted.high) - scale(wanted.low))
        if place <= EDGE or place >= 1 - EDGE:
            out.append(Edge(param=name, value=best[name], end="low" if place <= EDGE else "high"))
    return out
