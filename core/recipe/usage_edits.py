"""Pure edits of what a recipe says beside its pipeline, and of the settings of its search."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.catalog.checks import CHECKS
from core.catalog.drift_tests import DRIFT_TESTS, at_sensitivity
from core.errors import FoldlineError
from core.recipe.document import Recipe
from core.recipe.usage import MOST_REASON, Accepted, Settings
from core.spec import Sensitivity, Spec, Value
from core.standalone.counts import counted


def changed(spec: Spec, chosen: Mapping[str, Value]) -> dict[str, Value]:
    """The settings that differ from their defaults.

    Raises:
        FoldlineError: ``PARAM`` for an unknown name or a value out of bounds.
    """
    values = spec.values(chosen)
    return {name: values[name] for name in chosen if values[name] != spec.param(name).default}


def set_search(recipe: Recipe, **params: Value) -> Recipe:
    """Other settings of the search that the recipe plans."""
    from core.catalog.searches import SEARCHES  # brings Optuna, which few edits need

    merged = changed(SEARCHES[recipe.tuning.search], {**recipe.tuning.params, **params})
    return _with(recipe, tuning={**dict(recipe.tuning), "params": merged})


def set_check(recipe: Recipe, check: str, **params: Value) -> Recipe:
    """Other limits of a check of the table."""
    limits = changed(CHECKS[check], {**recipe.checks.get(check, {}), **params})
    return _with(recipe, checks=_kept({**recipe.checks, check: limits}))


def set_costs(recipe: Recipe, **costs: float) -> Recipe:
    """Other costs of mistakes: false_alarm, miss."""
    return _with(recipe, costs={**dict(recipe.costs), **costs})


def set_export(recipe: Recipe, **changes: Any) -> Recipe:
    """Another way to fit a model for keeps: part, joblib, made_up, told."""
    return _with(recipe, export={**dict(recipe.export), **changes})


def set_clocks(recipe: Recipe, **minutes: int | None) -> Recipe:
    """Other time limits: compare, export; None for none."""
    return _with(recipe, clocks={**dict(recipe.clocks), **minutes})


def set_margin(recipe: Recipe, margin: float | None) -> Recipe:
    """How much worse than the best model the simplest may score; None for what suits the metric."""
    return _with(recipe, margin=margin)


def set_sensitivity(recipe: Recipe, sensitivity: Sensitivity) -> Recipe:
    """How large a change of the data must be to count, for all drift tests that do not say it themselves."""
    return _with(recipe, drift={**dict(recipe.drift), "sensitivity": sensitivity})


def set_drift_test(recipe: Recipe, test: str, **params: Value) -> Recipe:
    """Other settings of a drift test; what the sensitivity says anyway is not kept."""
    spec = DRIFT_TESTS[test]
    values = spec.values({**recipe.drift.tests.get(test, {}), **params})
    usual = at_sensitivity(spec, recipe.drift.sensitivity)
    own = {name: value for name, value in values.items() if value != usual[name]}
    tests = _kept({**recipe.drift.tests, test: own})
    return _with(recipe, drift={**dict(recipe.drift), "tests": tests})


def accept(recipe: Recipe, code: str, column: str, reason: str) -> Recipe:
    """A problem that the checks found is let stand, for a reason.

    Raises:
        FoldlineError: ``REASON`` when it is empty or has more than 300 characters.
    """
    reason = " ".join(reason.split())
    if not 0 < len(reason) <= MOST_REASON:
        problem = f"The reason has {counted(len(reason), 'character')}." if reason else "There is no reason."
        hint = f"Say in 1 to {MOST_REASON} characters why the scores can be trusted all the same."
        raise FoldlineError("REASON", problem, hint, column)
    others = tuple(one for one in recipe.accepted if one.key != (code, column))
    return _with(recipe, accepted=(*others, Accepted(code=code, column=column, reason=reason)))


def accept_no_more(recipe: Recipe, code: str, column: str) -> Recipe:
    """A problem is no longer let stand."""
    return _with(recipe, accepted=tuple(one for one in recipe.accepted if one.key != (code, column)))


def usual_drift_tests(recipe: Recipe) -> Recipe:
    """Every drift test as the sensitivity has it."""
    return _with(recipe, drift={**dict(recipe.drift), "tests": {}})


def usual_checks(recipe: Recipe) -> Recipe:
    """Every check with the limits it has at first."""
    return _with(recipe, checks={})


def _kept(settings: Settings) -> Settings:
    return {name: values for name, values in settings.items() if values}


def _with(recipe: Recipe, **changes: Any) -> Recipe:
    return Recipe.model_validate({**dict(recipe), **changes})
