"""The compiler: a recipe becomes an unfitted, plain scikit-learn Pipeline. Raw table in, prediction out."""

from __future__ import annotations

import inspect
from typing import Any

from sklearn.compose import ColumnTransformer
from sklearn.model_selection import FixedThresholdClassifier, KFold, StratifiedKFold
from sklearn.pipeline import Pipeline

from core.catalog.features import FEATURES
from core.catalog.models import MODELS
from core.catalog.selectors import SELECTORS
from core.catalog.steps import STEPS
from core.errors import FoldlineError
from core.plan import Block, Plan, plan
from core.recipe.document import Candidate, Choice, ColumnChoice, FeatureStep, Recipe
from core.spec import COLUMN_KINDS, Spec
from core.standalone.counts import counted
from core.standalone.transformers import ReadColumns

TARGET_TYPES = {"binary": "binary", "multiclass": "auto", "regression": "continuous"}
"""What a target encoding is told; of several classes it counts itself, as a fold may have only two."""


def make(spec: Spec, params: dict[str, Any], seed: int, **more: Any) -> Any:
    """The estimator of a catalog entry, seeded where it can be."""
    parameter = inspect.signature(spec.make).parameters.get("random_state")
    if parameter is not None and parameter.default != "deprecated":
        more["random_state"] = seed
    return spec.build(params, **more)


def reader(plan: Plan) -> ReadColumns:
    """The step that takes the input columns out of a raw table."""

    read_as = {column.name: COLUMN_KINDS[column.kind].read_as for column in plan.columns}
    return ReadColumns(
        numeric=[name for name, physical in read_as.items() if physical == "number"],
        text=[name for name, physical in read_as.items() if physical in ("text", "")],
        dates=[(column.name, column.format) for column in plan.columns if read_as[column.name] == "datetime"],
        missing=[word for word in plan.missing if word],
        also_missing=[(column.name, list(column.missing)) for column in plan.columns if column.missing] or (),
        decimal=plan.decimal,
        joined=[(column.name, dict(column.joined)) for column in plan.columns if column.joined] or (),
        marks=[(column.name, column.marks) for column in plan.columns if column.marks] or (),
    )


def feature_step(step: FeatureStep, columns: tuple[ColumnChoice, ...], seed: int) -> Any:
    """The transformer of a feature step.

    Raises:
        FoldlineError: ``FEATURE`` when the number or kinds of its columns do not fit.
    """
    spec = FEATURES[step.spec]
    kinds = {column.name: column.kind for column in columns}
    least, most = spec.inputs
    wrong = [name for name in step.columns if kinds.get(name) not in spec.kinds]
    if wrong or not least <= len(step.columns) <= most:
        reason = (
            f"cannot use {', '.join(map(repr, wrong))}"
            if wrong
            else f"needs {least} to {counted(most, 'column')}"
        )
        raise FoldlineError(
            "FEATURE",
            f"The feature step {spec.label} {reason}.",
            f"Choose columns of kind {', '.join(spec.kinds)}.",
            step.id,
        )
    return make(spec, step.params, seed, columns=list(step.columns))


def chain(block: Block, plan: Plan) -> Any:
    """The transformer of a block: one step, or several in a Pipeline."""
    made = []
    for choice in block.steps:
        more: dict[str, Any] = {}
        spec = STEPS[choice.spec]
        if "sparse_output" in inspect.signature(spec.make).parameters:
            more["sparse_output"] = not plan.dense
        if spec.cross_fitted:
            more |= cross_fitting(choice, plan)
        step = make(spec, choice.params, plan.seed, **more)
        if step != "passthrough":
            made.append((choice.spec, step))
    if len(made) <= 1:
        return made[0][1] if made else "passthrough"
    names: dict[str, int] = {}
    steps = []
    for name, step in made:
        names[name] = names.get(name, 0) + 1
        steps.append((name if names[name] == 1 else f"{name}_{names[name]}", step))
    return Pipeline(steps)


def cross_fitting(choice: Choice, plan: Plan) -> dict[str, Any]:
    """What a target encoding must be told: the kind of target, and its folds, drawn by the seed."""
    kind = KFold if plan.task == "regression" else StratifiedKFold
    folds = STEPS[choice.spec].values(choice.params)["cv"]
    cv = kind(n_splits=folds, shuffle=True, random_state=plan.seed)
    return {"target_type": TARGET_TYPES[plan.task], "cv": cv}


def preparer(plan: Plan) -> ColumnTransformer:
    """The ColumnTransformer of all blocks; columns that only fed a feature step are dropped."""
    counts: dict[str, int] = {}
    blocks, remainder = [], "drop"
    for block in plan.blocks:
        if block.rest:
            remainder = chain(block, plan)
            continue
        counts[block.group] = counts.get(block.group, 0) + 1
        number = counts[block.group]
        name = block.group if number == 1 else f"{block.group}_{number}"
        blocks.append((name, chain(block, plan), list(block.columns)))
    prepared = {name for block in plan.blocks for name in block.columns}
    unused = [column.name for column in plan.columns if column.name not in prepared]
    if unused and remainder != "drop":
        blocks.append(("unused", "drop", unused))
    return ColumnTransformer(blocks, remainder=remainder, sparse_threshold=0.0 if plan.dense else 0.3)


def selector(choice: Choice, plan: Plan) -> Any:
    """The transformer of a selection step.

    Raises:
        FoldlineError: ``SELECTOR`` when it does not fit the task.
    """
    spec = SELECTORS[choice.spec]
    if plan.task not in spec.tasks:
        raise FoldlineError(
            "SELECTOR",
            f"{spec.label} ({spec.id}) is not made for {plan.task}.",
            "Choose another selection.",
            spec.id,
        )
    return make(spec, choice.params, plan.seed)


def preparation(plan: Plan) -> Pipeline:
    """Everything before the model: raw table in, matrix out."""
    steps: list[tuple[str, Any]] = [("columns", reader(plan))]
    steps += [
        (f"feature_{i + 1}", feature_step(s, plan.columns, plan.seed)) for i, s in enumerate(plan.features)
    ]
    steps.append(("prepare", preparer(plan)))
    steps += [(f"select_{i + 1}", selector(choice, plan)) for i, choice in enumerate(plan.selection)]
    return Pipeline(steps)


def estimator(recipe: Recipe, candidate: Candidate, coded: int) -> Any:
    """The model of a candidate, told which columns hold category codes.

    Raises:
        FoldlineError: ``MODEL`` when the model cannot do the task.
    """
    spec = MODELS[candidate.model]
    if recipe.task not in spec.tasks:
        raise FoldlineError(
            "MODEL", f"{spec.label} ({spec.id}) is not made for {recipe.task}.", "Choose another.", spec.id
        )
    model = make(spec, candidate.params, recipe.seed)
    if coded and spec.needs.native_categories:
        name = "categorical" if hasattr(model, "categorical") else "categorical_features"
        model.set_params(**{name: list(range(coded))})
    return model


def build(recipe: Recipe, candidate: Candidate | None = None) -> Pipeline:
    """The unfitted pipeline of a recipe: steps columns, feature_*, prepare, select_*, model.

    Args:
        candidate: the model to build for; the recipe's chosen one unless given.

    Raises:
        FoldlineError: ``MODEL`` when no model is chosen, and as ``plan`` and the steps do.
    """
    candidate = candidate or recipe.chosen
    if candidate is None:
        raise FoldlineError("MODEL", "No model is chosen.", "Compare models and pick one.")
    resolved = plan(recipe, candidate)
    model = estimator(recipe, candidate, resolved.coded)
    if recipe.threshold is not None and recipe.task == "binary":
        model = FixedThresholdClassifier(
            model, threshold=recipe.threshold, pos_label=recipe.positive, response_method="predict_proba"
        )
    return Pipeline([*preparation(resolved).steps, ("model", model)])
