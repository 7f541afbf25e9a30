"""Whether the parts of a recipe agree, which the form of the document alone does not say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from core.catalog.checks import CHECKS
from core.catalog.drift_tests import DRIFT_TESTS
from core.catalog.metrics import METRICS
from core.catalog.models import MODELS
from core.catalog.steps import STAGES
from core.errors import FoldlineError
from core.recipe.difference import TUNED
from core.recipe.document import Recipe
from core.recipe.usage import Settings
from core.spec import Catalog, Check, DriftTest, Role, may_join
from core.standalone.counts import counted

SINGLE: tuple[Role, ...] = ("target", "group", "time")
OWN = "own"
"""Id of a chosen model that was tuned and then changed by hand."""


def consistent(recipe: Recipe) -> Recipe:
    """The recipe itself, when its parts agree. Edits keep them so; a file written by hand may not.

    Raises:
        FoldlineError: ``RECIPE`` for names or ids that stand twice, a role that only one column can have and
            several do, a target that is used as something else, preparation of what there is not, a model
            under the name of another, models, a metric or a threshold of another task; ``CATALOG`` and
            ``PARAM`` for models, hyperparameters and limits that there are not, or that are out of bounds.
    """
    _once("column", (column.name for column in recipe.columns))
    _once("candidate", (candidate.id for candidate in recipe.candidates))
    _once("feature step", (step.id for step in recipe.features))
    for column in recipe.columns:
        if column.joined and not may_join(column.kind, column.role):
            problem = f"{column.name!r} joins levels and is no category, group or target of classes"
            raise _wrong(problem, column.name)
    for role in SINGLE:
        names = [column.name for column in recipe.with_role(role)]
        if len(names) > 1:
            raise _wrong(
                f"{counted(len(names), 'column', 'has')} the role {role}: {_listed(names)}", names[1]
            )
    _target(recipe)
    _preparation(recipe)
    _models(recipe)
    _names(recipe)
    _limits(CHECKS, recipe.checks)
    _limits(DRIFT_TESTS, recipe.drift.tests)
    return recipe


def of_one_table(recipe: Recipe) -> Recipe:
    """The recipe itself, when it is about one table; no further ones are joined yet.

    Raises:
        FoldlineError: ``RELATED`` when it names further tables.
    """
    if recipe.related:
        names = _listed([source.name or source.table for source in recipe.related])
        problem = f"The recipe names further tables ({names}), and only one table can be read."
        raise FoldlineError("RELATED", problem, "Take them out of the recipe, or join the files before.")
    return recipe


def with_chosen_named(recipe: Recipe) -> Recipe:
    """The recipe itself, when its chosen model has the id of a candidate, of its model, or of a search.

    The app may lack the candidate of a chosen model; a run, which reports under that id, needs one.

    Raises:
        FoldlineError: ``RECIPE`` when the id names nothing.
    """
    chosen, candidates = recipe.chosen, [one.id for one in recipe.candidates]
    if chosen is not None and chosen.id not in (*candidates, chosen.model, TUNED, OWN):
        problem = f"The chosen model has the id {chosen.id!r}, which is no candidate ({_listed(candidates)})"
        raise _wrong(problem, chosen.id)
    return recipe


def _names(recipe: Recipe) -> None:
    """Refuse a model under the name of another: its scores would be taken for that one's."""
    chosen = [recipe.chosen] if recipe.chosen else []
    models = {one.id: one.model for one in recipe.candidates}
    for one in (*recipe.candidates, *chosen):
        named = models.get(one.id, one.id)
        if named in MODELS and named != one.model:
            raise _wrong(f"The chosen model {one.id!r} is {one.model}, its candidate {named}", one.id)
        if one.id in MODELS and one.id != one.model:
            raise _wrong(f"The model {one.model} has the id of another, {one.id}", one.id)


def _target(recipe: Recipe) -> None:
    for column in recipe.columns:
        if (column.name == recipe.target) != (column.role == "target"):
            problem = f"The target is {recipe.target!r}, but {column.name!r} has the role {column.role}"
            raise _wrong(problem, column.name)


def _models(recipe: Recipe) -> None:
    for one in (*recipe.candidates, *([recipe.chosen] if recipe.chosen else ())):
        spec = MODELS[one.model]
        if recipe.task not in spec.tasks:
            raise _wrong(f"{spec.label} ({spec.id}) is not made for {recipe.task}", one.id)
        spec.values(one.params)
    if recipe.task not in METRICS[recipe.metric].tasks:
        raise _wrong(f"The metric {recipe.metric} is not made for {recipe.task}", recipe.metric)
    if recipe.threshold is not None and recipe.task != "binary":
        raise _wrong(f"A threshold is for two classes, and the task is {recipe.task}", "threshold")


def _preparation(recipe: Recipe) -> None:
    columns = {column.name for column in recipe.columns}
    for name in recipe.prepare.columns:
        if name not in columns:
            raise _wrong(f"There is preparation for {name!r}, which is no column of the recipe", name)
    all_stages = {stage for stages in STAGES.values() for stage in stages}
    for group, chosen in recipe.prepare.defaults.items():
        unknown = [stage for stage in chosen if stage not in STAGES.get(group, ())]
        if unknown or group not in STAGES:
            raise _wrong(f"There is no preparation {_listed([group, *unknown])}", group)
    for name, chosen in recipe.prepare.columns.items():
        if unknown := [stage for stage in chosen if stage not in all_stages]:
            raise _wrong(f"There is no preparation {_listed(unknown)}", name)


def _limits(catalog: Catalog[Check] | Catalog[DriftTest], chosen: Settings) -> None:
    for id, params in chosen.items():
        catalog[id].values(params)


def _once(what: str, names: Iterable[str]) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise _wrong(f"The {what} {name!r} stands {counted(times, 'time')} in the recipe", name)


def _listed(names: list[str]) -> str:
    return ", ".join(map(repr, names[:5]))


def _wrong(problem: str, where: str) -> FoldlineError:
    return FoldlineError("RECIPE", f"{problem}.", "Correct the recipe.", where)
