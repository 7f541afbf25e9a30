"""Which rows of the training file new ones are compared with: like with like, and said so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pandas as pd

from core.drift.profile.document import ReferenceProfile
from core.drift.profile.whole_file import whole_file
from core.recipe.document import Recipe
from core.recipe.split import hold_out
from core.standalone.counts import agreeing, counted, counted_of
from core.train.rows.target import labels_of
from core.watch.judge.columns import ColumnDrift
from core.watch.judge.late_labels import arrived
from core.watch.judge.schema_gate import DataIssue
from core.watch.result import DriftReport
from core.watch.words.basis import predictions_basis

REFERENCE_ROWS = "REFERENCE_ROWS"
OTHER_ROWS = (
    "Not judged: the reference remembers what the model said of its latest rows, and the columns of all its "
    "rows; other times alone may make the difference. A model that is exported now is compared on the same "
    "rows, where its classes and groups have rows enough."
)


def has_label(recipe: Recipe | None, values: pd.Series, classes: Collection[str]) -> pd.Series:
    """(n,) whether a row has a target, which may also be still to come.

    Args:
        recipe: of the target; None where only the values tell.
        classes: which are never words for one that is still to come.
    """
    came = arrived(values, classes)
    return (came if recipe is None else labels_of(recipe, came)).notna()


def older_rows(
    old: pd.DataFrame, new: pd.DataFrame, target: str, recipe: Recipe | None
) -> tuple[pd.DataFrame, tuple[DataIssue, ...]]:
    """The rows of an older table for new ones: those with a target where every new row has one.

    Args:
        target: name of the column of labels; empty for none.
        recipe: of the older table, where there is one.
    """
    if not target or target not in new.columns or new.empty:
        return old, ()
    words = frozenset(map(str, old[target].dropna().unique())) if old[target].dtype.kind not in "fiu" else ()
    labelled = has_label(recipe, old[target], words)
    others = int((~labelled).sum())
    if not 0 < others < len(old) or not has_label(recipe, new[target], words).all():
        return old, ()
    return old[labelled].reset_index(drop=True), (_labelled_only(len(old) - others, others, target),)


def _labelled_only(rows: int, others: int, target: str) -> DataIssue:
    text = (
        f"The reference is the {counted(rows, 'older row')} with a value of {target!r}, as every new row has "
        f"one; {counted(others, 'older row')} without one {agreeing('is', others)} no part of it."
    )
    return DataIssue("info", REFERENCE_ROWS, "", text)


def rows_compared(
    recipe: Recipe, reference: ReferenceProfile, frame: pd.DataFrame
) -> tuple[ReferenceProfile, tuple[DataIssue, ...]]:
    """The reference for new rows, and which rows it is of where the training file has some without a target.

    New rows that all have a target are held to those that have one. Of others nobody knows which will never
    have one, as the flights that were cancelled, so they are held to all rows of the file.

    Args:
        frame: as ``as_learned`` gives it.
    """
    pending = len(frame)
    if recipe.target in frame.columns:
        classes = () if reference.target is None else reference.target.levels
        pending = int((~has_label(recipe, frame[recipe.target], classes)).sum())
    others = reference.unlabelled
    if others is None:
        return reference, _unremembered(recipe, reference, pending)
    if not pending:
        return reference, (_labelled_only(reference.n, others.n, recipe.target),)
    whole = whole_file(reference)
    why = (
        f"as {counted_of(pending, len(frame), 'new row', 'has')} none"
        if recipe.target in frame.columns
        else "as the new rows come without that column"
    )
    text = (
        f"The reference is all {counted(whole.n, 'row')} of the training file, {others.n:,} of them without "
        f"a value of {recipe.target!r}, {why}."
    )
    return whole, (DataIssue("info", REFERENCE_ROWS, "", text),)


def _unremembered(recipe: Recipe, reference: ReferenceProfile, pending: int) -> tuple[DataIssue, ...]:
    """That an earlier version forgot the rows without a target, of which new rows may hold some."""
    forgot = recipe.source.rows - reference.n
    if forgot <= 0 or not pending or recipe.drop_duplicates or recipe.apart:
        return ()
    text = (
        f"The reference is the {counted(reference.n, 'training row')} with a value of {recipe.target!r}. "
        f"{counted(forgot, 'row')} of the training file had none; this bundle does not remember what "
        f"{agreeing('it', forgot)} looked like, so that new rows without one may seem to have "
        "changed. Export the model again."
    )
    return (DataIssue("warn", REFERENCE_ROWS, "", text),)


def with_like_predictions(recipe: Recipe, reference: ReferenceProfile, report: DriftReport) -> DriftReport:
    """The report with which predictions those of new rows are compared with.

    There is no verdict on them where the reference has those of its latest rows only.
    """
    if not report.predictions:
        return report
    alike = reference.crossed or not hold_out(recipe).time
    said = report.predictions if alike else tuple(map(_withheld, report.predictions))
    return report.model_copy(update={"predictions": said, "basis": predictions_basis(reference)})


def _withheld(said: ColumnDrift) -> ColumnDrift:
    if said.state not in ("drift", "minor"):
        return said
    return replace(said, state="not_computed", strength=0.0, impact=0.0, reason=f"{said.reason} {OTHER_ROWS}")
