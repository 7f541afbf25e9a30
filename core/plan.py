"""What a recipe means for one model: every ``auto`` resolved, as plain data.

A Plan says all that shapes the matrices a model is given, so its fingerprint is the key of the fold cache.
"""

from __future__ import annotations

from dataclasses import replace

from core.catalog.features import FEATURES
from core.catalog.models import MODELS
from core.catalog.selectors import SELECTORS
from core.catalog.steps import STAGES, STEPS, group_of, steps_for
from core.data.table import Frozen
from core.errors import FoldlineError
from core.recipe.consistency import of_one_table
from core.recipe.document import AUTO, Candidate, Choice, ColumnChoice, FeatureStep, Recipe
from core.spec import Kind, Needs, Task


class Block(Frozen):
    """Columns that are prepared in the same way: the step ids with their settings, in order.

    ``rest`` marks the block that takes the numeric columns made by feature steps.
    """

    group: str
    columns: tuple[str, ...]
    steps: tuple[Choice, ...]
    rest: bool = False


class Plan(Frozen):
    """A resolved recipe without its model.

    Attributes:
        target: the column to learn; encoders and selectors learn from it too.
        columns: the columns read from the raw table.
        features: feature steps, in order.
        blocks: preparation; blocks of category codes come first.
        coded: number of leading prepared columns that hold category codes.
        dense: the prepared matrix must be dense.
        selection: selectors, in order.
    """

    task: Task
    target: str
    seed: int
    columns: tuple[ColumnChoice, ...]
    missing: tuple[str, ...]
    decimal: str
    features: tuple[FeatureStep, ...]
    blocks: tuple[Block, ...]
    coded: int
    dense: bool
    selection: tuple[Choice, ...]


def needs_of(recipe: Recipe, model: str) -> Needs:
    """What the preparation must give, for the model and the selectors together."""
    needs = MODELS[model].needs
    if recipe.selection:
        needs = replace(needs, native_categories=False)
    if any(SELECTORS[choice.spec].no_missing for choice in recipe.selection):
        needs = replace(needs, no_missing=True)
    return needs


def resolve(recipe: Recipe, column: ColumnChoice, needs: Needs) -> dict[str, Choice]:
    """Stage -> the step a column gets, ``auto`` replaced by what the needs ask for.

    Raises:
        FoldlineError: ``CATALOG`` for an unknown step, ``STEP`` for one that does not fit the column's kind.
    """
    group = group_of(column.kind)
    own = recipe.prepare.columns.get(column.name, {})
    general = recipe.prepare.defaults.get(group, {})
    out = {}
    for stage in STAGES.get(group, ()):
        choice = own.get(stage) or general.get(stage) or Choice()
        if choice.spec == AUTO:
            choice = Choice(spec=automatic(stage, group, column.levels, needs), params=choice.params)
        step = STEPS[choice.spec]
        if step.stage != stage or column.kind not in step.kinds:
            raise FoldlineError(
                "STEP",
                f"The step {step.label} does not fit the {column.kind} column {column.name!r}.",
                f"Choose a {stage} step made for {group} columns.",
                column.name,
            )
        out[stage] = choice
    return out


def automatic(stage: str, group: str, levels: int, needs: Needs) -> str:
    """The id of the step that ``auto`` means at a stage."""
    return next(s.id for s in steps_for(group, stage) if s.auto is not None and s.auto(needs, levels))


def finish(group: str, steps: list[Choice], needs: Needs) -> list[Choice]:
    """The steps with what the model still needs after dates, text or an encoding became numbers."""
    specs = [STEPS[choice.spec] for choice in steps]
    if needs.no_missing and any(spec.gives_missing for spec in specs):
        fill = automatic("missing", "numeric", 0, needs)
        steps = [*steps, Choice(spec=fill, params={"add_indicator": False})]
    if needs.scaled and any(spec.unscaled for spec in specs):
        steps = [*steps, Choice(spec=automatic("scale", "numeric", 0, needs))]
    return steps


def _blocks(recipe: Recipe, columns: list[ColumnChoice], needs: Needs) -> list[Block]:
    blocks: dict[tuple[str, str], list[str]] = {}
    chains: dict[tuple[str, str], tuple[Choice, ...]] = {}
    alike: dict[tuple[Kind, int], tuple[str, str]] = {}  # most columns of a wide table are like another one
    for column in columns:
        kind = (column.kind, column.levels)
        key = None if column.name in recipe.prepare.columns else alike.get(kind)
        if key is None:
            group = group_of(column.kind)
            steps = finish(group, list(resolve(recipe, column, needs).values()), needs)
            key = (group, "|".join(choice.model_dump_json() for choice in steps))
            chains[key] = tuple(steps)
            if column.name not in recipe.prepare.columns:
                alike[kind] = key
        blocks.setdefault(key, []).append(column.name)
    return [Block(group=key[0], columns=tuple(names), steps=chains[key]) for key, names in blocks.items()]


def _made_by_features(recipe: Recipe) -> list[ColumnChoice]:
    made = []
    for step in recipe.features:
        spec = FEATURES[step.spec]
        if spec.gives == "categorical":
            levels = int(spec.values(step.params).get(spec.levels) or 0)
            made.append(ColumnChoice(name=f"{step.columns[0]} bin", kind=spec.gives, levels=levels))
    return made


def _rest(recipe: Recipe, needs: Needs) -> list[Block]:
    if all(FEATURES[step.spec].gives == "categorical" for step in recipe.features):
        return []
    steps = resolve(recipe, ColumnChoice(name="", kind="numeric"), needs)
    return [Block(group="numeric", columns=(), steps=tuple(steps.values()), rest=True)]


def _codes(block: Block) -> bool:
    return any(STEPS[choice.spec].codes for choice in block.steps[-1:])


def plan(recipe: Recipe, candidate: Candidate) -> Plan:
    """The recipe resolved for a candidate.

    Raises:
        FoldlineError: ``COLUMNS`` when no column is left to learn from, ``ENSEMBLE`` for a candidate that has
            members, and as ``of_one_table`` and ``resolve``.
    """
    of_one_table(recipe)
    if candidate.members:
        problem = f"The candidate {candidate.id!r} has members, and only single models can be fitted."
        raise FoldlineError("ENSEMBLE", problem, "Choose one of its members.", candidate.id)
    needs = needs_of(recipe, candidate.model)
    inputs = [*recipe.inputs, *_made_by_features(recipe)]
    if not inputs:
        raise FoldlineError(
            "COLUMNS", "No column is left to learn from.", "Give at least one column the role feature."
        )
    blocks = [*_blocks(recipe, inputs, needs), *_rest(recipe, needs)]
    blocks.sort(key=lambda block: not _codes(block))
    coded = sum(len(block.columns) for block in blocks if _codes(block))
    names = {column.name for column in recipe.inputs}
    used = {name for step in recipe.features for name in step.columns}
    read = recipe.source.read
    return Plan(
        task=recipe.task,
        target=recipe.target,
        seed=recipe.seed,
        columns=tuple(
            c
            for c in recipe.columns
            if c.name in names or (c.name in used and c.role != "target" and c.name != recipe.target)
        ),
        missing=read.missing,
        decimal=read.decimal,
        features=recipe.features,
        blocks=tuple(blocks),
        coded=coded if needs.native_categories else 0,
        dense=needs.dense,
        selection=recipe.selection,
    )
