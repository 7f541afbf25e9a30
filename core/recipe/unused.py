"""What a recipe says that nothing obeys, because something else in it decides."""

from __future__ import annotations

from collections.abc import Iterator

from core.catalog.steps import STAGES, group_of
from core.recipe.document import ColumnChoice, Recipe, Split, Tuning
from core.recipe.split import ORDERED_FOLDS
from core.recipe.usage import Costs

USUAL = Split()
SPLIT_FIELDS = {
    "auto": ("folds", "repeats"),
    "kfold": ("repeats",),
    "holdout": ("folds", "repeats"),
    "repeated": (),
}
"""Scheme of validation -> the fields beside it that it does not read."""


def unused(recipe: Recipe) -> tuple[str, ...]:
    """One sentence for each field that differs from its default and that nothing reads, with the reason."""
    return (*_split(recipe), *_classes(recipe), *_columns(recipe), *_preparation(recipe))


def _split(recipe: Recipe) -> Iterator[str]:
    split = recipe.split
    ordered = ", ".join(c.name for role in ("time", "group") for c in recipe.with_role(role))
    decides = f"rows go by {ordered}" if ordered else f'the scheme is "{split.scheme}"'
    unread = SPLIT_FIELDS[split.scheme]
    if ordered and split.scheme in ("repeated", "holdout"):
        unread = ("repeats",) if split.scheme == "repeated" else unread
        how = "once" if split.scheme == "repeated" else f"in {ORDERED_FOLDS} folds"
        yield f'"scheme": "{split.scheme}" under "split" is not used: {decides}, {how}.'
    for field in unread:
        if getattr(split, field) != getattr(USUAL, field):
            obeying = '"kfold" or "repeated"' if field == "folds" else '"repeated"'
            remedy = "" if ordered and field == "repeats" else f' It is with "scheme" {obeying}.'
            yield f'"{field}": {getattr(split, field)} under "split" is not used: {decides}.{remedy}'


def _classes(recipe: Recipe) -> Iterator[str]:
    if recipe.task == "binary":
        return
    if recipe.positive:
        yield f'"positive": "{recipe.positive}" is not used: the task is {recipe.task}.'
    if recipe.costs != Costs():
        yield f'"costs" are not used: the task is {recipe.task}, and they are those of two classes.'


def _columns(recipe: Recipe) -> Iterator[str]:
    fed = {name for step in recipe.features for name in step.columns}
    for column in recipe.columns:
        is_read = column in recipe.inputs or column.name in fed or column.role in ("target", "time", "group")
        fields = [field for field in ("missing", "joined", "marks") if getattr(column, field)]
        if not is_read and fields:
            yield f"{_listed(fields)} of the column {column.name!r} is not used: no model reads the column."
        yield from _reading(recipe, column)


def _reading(recipe: Recipe, column: ColumnChoice) -> Iterator[str]:
    is_number_target = column.name == recipe.target and recipe.task == "regression"
    if (
        column.marks
        and not is_number_target
        and (column.kind != "numeric" or column.role == "time" or column.name == recipe.target)
    ):
        yield f'"marks" of the column {column.name!r} is not used: it is not read as numbers.'
    if column.joined and is_number_target:
        yield f'"joined" of the column {column.name!r} is not used: the target is a number.'


def _preparation(recipe: Recipe) -> Iterator[str]:
    inputs = {column.name: column for column in recipe.inputs}
    for name, chosen in recipe.prepare.columns.items():
        if name not in inputs:
            yield f"The preparation of {name!r} is not used: no model reads the column."
            continue
        kind = inputs[name].kind
        if stages := [stage for stage in chosen if stage not in STAGES[group_of(kind)]]:
            yield f"{_listed(stages)} of the preparation of {name!r} is not used: the column is {kind}."
    made = {"numeric", "categorical"} if recipe.features else set()
    groups = {group_of(column.kind) for column in inputs.values()} | made
    for group in recipe.prepare.defaults:
        if group not in groups:
            yield f'The preparation of "{group}" columns is not used: no model reads such a column.'


def unused_search(tuning: Tuning) -> str:
    """That the settings of a search are not used because none is planned; empty where that is not so."""
    plain = Tuning(planned=tuning.planned)
    changed = [name for name in Tuning.model_fields if getattr(tuning, name) != getattr(plain, name)]
    if tuning.planned or not changed:
        return ""
    return f'{_listed(changed)} under "tuning" is not used: "planned" is false, so that nothing is tuned.'


def _listed(fields: list[str]) -> str:
    return ", ".join(f'"{field}"' for field in fields)
