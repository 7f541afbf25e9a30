"""Whether a model at hand is of the recipe that is open, and what differs where it is not."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.recipe.document import Recipe, Source
from core.recipe.fingerprint import fingerprint
from core.results.bundle import ExportResult, Model
from core.standalone.counts import agreeing, counted, first_of
from ui.jobs.staleness import changes
from ui.use import exported_models as exported
from ui.widgets.short_names import distinct_names
from ui.widgets.text import label

NAMED, MOST_CHANGES = 4, 4
LONGER = ("data: ", "target: ")
"""How the words of a recipe's changes begin for which there are more words here."""


def notice(model: Model, recipe: Recipe) -> None:
    """Say that a model is of another table or recipe than the one that is open, and what differs."""
    lines = words(model, recipe)
    if not lines:
        return
    packed = isinstance(model, ExportResult)
    head = "This model is of an earlier recipe" if packed else "This model is of another recipe"
    remedy = "Pack the model on Export to use the recipe as it is now." if packed else ""
    listed = "\n".join(f"- {line[:1].upper()}{line[1:]}" for line in lines)
    st.warning(f"{listed}\n\n{remedy}", title=f"{head} than the one that is open", icon=":material/history:")


def words(model: Model, recipe: Recipe) -> tuple[str, ...]:
    """What differs between the recipe of a model and the one that is open, safe to show; empty when nothing.

    Of a bundle that was opened from a file the target and the columns are compared, as it tells no more.
    """
    if not recipe.source.table or not recipe.target:
        return ()
    if not isinstance(model, ExportResult):
        return tuple(_target(model.target, recipe.target) + _columns(model, recipe))
    packed = exported.newest()
    if packed is None or packed.version.fingerprint == fingerprint(recipe, "fit"):
        return ()
    rest = [label(one, 120) for one in changes(packed.recipe, recipe, "fit") if not one.startswith(LONGER)]
    more = [f"and {counted(len(rest) - MOST_CHANGES, 'more change')}"] if len(rest) > MOST_CHANGES else []
    larger = _source(packed.recipe.source, recipe.source) + _target(packed.recipe.target, recipe.target)
    return (*larger, *_columns(model, recipe), *rest[:MOST_CHANGES], *more) or ("how its file is read",)


def _source(then: Source, now: Source) -> list[str]:
    if then.table == now.table:
        return []
    return [
        f"it learned from {label(then.name, 60)} with {counted(then.rows, 'row')}; "
        f"{label(now.name, 60)} with {counted(now.rows, 'row')} is open"
    ]


def _target(then: str, now: str) -> list[str]:
    return (
        [] if then == now else [f"it predicts **{label(then, 60)}**; the target is now **{label(now, 60)}**"]
    )


def _columns(model: Model, recipe: Recipe) -> list[str]:
    """Columns that only one of both has."""
    read = [column.name for column in model.inputs]
    there = [column.name for column in recipe.columns]
    used = [column.name for column in recipe.inputs]
    gone = [name for name in read if name not in there]
    new = [name for name in used if name not in read and name != model.target]
    lines = (
        [f"{_listed(gone)} that it reads {agreeing('is', len(gone))} not in the open table"] if gone else []
    )
    return lines + (
        [f"{_listed(new)} of the open recipe {agreeing('is', len(new))} not read by it"] if new else []
    )


def _listed(names: Sequence[str]) -> str:
    shown = first_of([label(name) for name in distinct_names(names, 60)], NAMED)
    return f"{counted(len(names), 'column')} ({shown})"
