"""Pure edits of a recipe: each takes one and gives a new one; nothing is changed in place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.catalog.features import FEATURES
from core.catalog.metrics import METRICS, default_metric
from core.catalog.models import MODELS, baseline_for
from core.catalog.selectors import SELECTORS
from core.catalog.steps import STEPS
from core.errors import FoldlineError
from core.recipe.document import AUTO, Candidate, Choice, FeatureStep, Range, Recipe
from core.recipe.suggestion.suggest import default_candidates
from core.spec import Kind, Role, Task, Value, may_join


def _with(recipe: Recipe, **changes: Any) -> Recipe:
    return Recipe.model_validate({**dict(recipe), **changes})


def _with_column(recipe: Recipe, name: str, **changes: Any) -> Recipe:
    recipe.column(name)
    columns = tuple(c.model_copy(update=changes) if c.name == name else c for c in recipe.columns)
    return _with(recipe, columns=columns)


def set_kind(recipe: Recipe, column: str, kind: Kind, format: str = "", marks: str = "") -> Recipe:
    """The column read as another kind.

    Args:
        format: strptime format of texts that are read as dates, if one is given.
        marks: of texts that are read as numbers, as in ``ColumnChoice``.
    """
    changes: dict[str, Any] = {"kind": kind, "marks": marks, **({"format": format} if format else {})}
    before = recipe.column(column)
    if not may_join(kind, before.role):
        changes["joined"] = {}
    if before.role == "ignore" and before.kind in ("id", "constant") and kind not in ("id", "constant"):
        changes["role"] = "feature"
    if kind in ("id", "constant") and before.role == "feature":
        changes["role"] = "ignore"
    return _with_column(recipe, column, **changes)


def _in_role(recipe: Recipe, column: str, role: Role) -> Recipe:
    changes: dict[str, Any] = {} if may_join(recipe.column(column).kind, role) else {"joined": {}}
    if role == "time":
        changes["marks"] = ""
    return _with_column(recipe, column, role=role, **changes)


def set_role(recipe: Recipe, column: str, role: Role) -> Recipe:
    """The column used for something else; a role that only one column can have leaves the one before."""
    if role in ("target", "group", "time"):
        for other in recipe.with_role(role):
            recipe = _in_role(recipe, other.name, "feature")
    recipe = _in_role(recipe, column, role)
    if role != "target":
        return _with(recipe, target="") if column == recipe.target else recipe
    # A feature computed from the target would give it away.
    features = tuple(step for step in recipe.features if column not in step.columns)
    return _with(recipe, target=column, features=features)


def set_target(recipe: Recipe, column: str, task: Task, positive: str = "", marks: str = "") -> Recipe:
    """Another target with its task; the models and the metric follow when the task changes.

    Args:
        marks: of a target of numbers, as in ``ColumnChoice``.
    """
    same = recipe.task == task
    if not (same and recipe.target == column):
        recipe = _with(recipe, margin=None, margins_aside={})
    recipe = _with_column(set_role(recipe, column, "target"), column, marks=marks)
    recipe = _with(recipe, task=task, positive=positive, threshold=None)
    if same:
        return recipe
    candidates = default_candidates(task, recipe.source.rows)
    return _with(recipe, candidates=candidates, chosen=None, metric=default_metric(task), selection=())


def set_positive(recipe: Recipe, positive: str) -> Recipe:
    """The positive class of a binary classification."""
    return _with(recipe, positive=positive, threshold=None)


def use_time(recipe: Recipe, column: str) -> Recipe:
    """Rows split in time by this column."""
    return set_role(recipe, column, "time")


def add_missing(recipe: Recipe, column: str, value: str) -> Recipe:
    """One more value of a column that means "no value"."""
    words = recipe.column(column).missing
    return recipe if value in words else _with_column(recipe, column, missing=(*words, value))


def drop_duplicates(recipe: Recipe, on: bool = True) -> Recipe:
    """Whether duplicates are left out."""
    return _with(recipe, drop_duplicates=on)


def set_split(recipe: Recipe, **changes: Any) -> Recipe:
    """Other settings of the split: test_size, scheme, folds, repeats, order."""
    return _with(recipe, split={**dict(recipe.split), **changes})


def set_seed(recipe: Recipe, seed: int) -> Recipe:
    """Another seed for everything random."""
    return _with(recipe, seed=seed)


def set_step(recipe: Recipe, group: str, stage: str, spec: str, column: str = "", **params: Value) -> Recipe:
    """The step at a stage, for a group of kinds or for one column; ``inherit`` removes a column's own."""
    if spec not in (AUTO, "inherit"):
        STEPS[spec].values(params)
    place = "columns" if column else "defaults"
    groups = {key: dict(stages) for key, stages in getattr(recipe.prepare, place).items()}
    stages = groups.setdefault(column or group, {})
    if spec == "inherit" or (spec == AUTO and not column):
        stages.pop(stage, None)
    else:
        stages[stage] = Choice(spec=spec, params=params)
    kept = {key: value for key, value in groups.items() if value}
    return _with(recipe, prepare={**dict(recipe.prepare), place: kept})


def add_feature(recipe: Recipe, spec: str, columns: Sequence[str], **params: Value) -> Recipe:
    """One more feature step at the end."""
    FEATURES[spec].values(params)
    for column in columns:
        recipe.column(column)
    taken = {step.id for step in recipe.features}
    number = next(i for i in range(1, len(taken) + 2) if f"{spec}_{i}" not in taken)
    step = FeatureStep(id=f"{spec}_{number}", spec=spec, columns=tuple(columns), params=params)
    return _with(recipe, features=(*recipe.features, step))


def set_feature(recipe: Recipe, step_id: str, **params: Value) -> Recipe:
    """Other settings of a feature step."""
    steps = []
    for step in recipe.features:
        if step.id == step_id:
            FEATURES[step.spec].values({**step.params, **params})
            step = step.model_copy(update={"params": {**step.params, **params}})
        steps.append(step)
    return _with(recipe, features=tuple(steps))


def remove_feature(recipe: Recipe, step_id: str) -> Recipe:
    """The recipe without a feature step."""
    return _with(recipe, features=tuple(step for step in recipe.features if step.id != step_id))


def set_selection(recipe: Recipe, spec: str, on: bool = True, **params: Value) -> Recipe:
    """A selector used, or not; selectors run in the order of the catalog."""
    SELECTORS[spec].values(params)
    chosen = {choice.spec: choice for choice in recipe.selection}
    chosen.pop(spec, None)
    if on:
        chosen[spec] = Choice(spec=spec, params=params)
    return _with(recipe, selection=tuple(chosen[s.id] for s in SELECTORS if s.id in chosen))


def set_candidates(recipe: Recipe, models: Sequence[str]) -> Recipe:
    """The models that are compared; the baseline always is. Settings of those kept stay."""
    baseline = baseline_for(recipe.task)
    by_id = {candidate.id: candidate for candidate in recipe.candidates}
    wanted = [baseline, *(model for model in models if model != baseline)]
    for model in wanted:
        if recipe.task not in MODELS[model].tasks:
            raise FoldlineError(
                "MODEL", f"{model} is not made for {recipe.task}.", "Choose another model.", model
            )
    kept = tuple(by_id.get(model, Candidate(id=model, model=model)) for model in wanted)
    return _with(recipe, candidates=kept)


def set_candidate(recipe: Recipe, candidate_id: str, **params: Value) -> Recipe:
    """Other settings of a candidate; the chosen model follows when it is that one."""
    candidates = []
    chosen = recipe.chosen
    for candidate in recipe.candidates:
        if candidate.id == candidate_id:
            merged = {**candidate.params, **params}
            MODELS[candidate.model].values(merged)
            candidate = candidate.model_copy(update={"params": merged})
            if chosen is not None and chosen.id == candidate_id:
                chosen = candidate
        candidates.append(candidate)
    return _with(recipe, candidates=tuple(candidates), chosen=chosen)


def choose(recipe: Recipe, model: str, candidate_id: str = "", **params: Value) -> Recipe:
    """The model that is tuned, evaluated and exported; another family starts with its own search space."""
    MODELS[model].values(params)
    if recipe.chosen is not None and recipe.chosen.model != model:
        recipe = set_tuning(recipe, space={})
    chosen = Candidate(id=candidate_id or model, model=model, params=params)
    return _with(recipe, chosen=chosen, threshold=None)


def set_metric(recipe: Recipe, metric: str) -> Recipe:
    """The metric that ranks; a margin in units of another one is laid aside until that one comes back.

    Raises:
        FoldlineError: ``CATALOG`` for an unknown one, ``METRIC`` when it does not fit the task.
    """
    if recipe.task not in METRICS[metric].tasks:
        raise FoldlineError(
            "METRIC", f"{metric} is not made for {recipe.task}.", "Choose another metric.", metric
        )
    aside = dict(recipe.margins_aside)
    if recipe.margin is not None:
        aside[recipe.metric] = recipe.margin
    return _with(recipe, metric=metric, margin=aside.pop(metric, None), margins_aside=aside)


def set_tuning(recipe: Recipe, **changes: Any) -> Recipe:
    """Other settings of the plan: planned, search, trials, seconds; a search has its settings back."""
    plan, search = recipe.tuning, changes.get("search", recipe.tuning.search)
    if search != plan.search:
        aside = {**plan.laid_aside, **({plan.search: plan.params} if plan.params else {})}
        changes = {"params": aside.pop(search, {}), "laid_aside": aside, **changes}
    return _with(recipe, tuning={**dict(recipe.tuning), **changes})


def set_range(recipe: Recipe, param: str, where: Range | None) -> Recipe:
    """Where the search may look for a setting; None keeps the setting as it is."""
    return set_tuning(recipe, space={**recipe.tuning.space, param: where})


def set_threshold(recipe: Recipe, threshold: float | None) -> Recipe:
    """The probability from which the positive class is given; None means the likelier class."""
    return _with(recipe, threshold=threshold)
