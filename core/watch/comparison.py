"""New rows against a model's reference, training rows or another table; and the score on new labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from core.catalog.metrics import stand_in
from core.data.kinds import classify
from core.data.table import Column, Table
from core.drift.profile.build import reference_sample
from core.drift.profile.document import ReferenceProfile
from core.drift.profile.repeats import repeats_of
from core.errors import FoldlineError
from core.evaluate.prediction import Prediction
from core.recipe.columns import columns_of, model_columns
from core.recipe.document import Recipe
from core.recipe.split import hold_out
from core.recipe.usage import Drift
from core.train.rows.split import places_of
from core.train.rows.target import as_learned, labels_of
from core.watch.computed_features import computed_issues
from core.watch.distinct_rows import NewRows, one_of_each, row_hashes, without_copies
from core.watch.drift import SEVERITIES, drift, drift_frames
from core.watch.group_news import group_issues
from core.watch.judge.late_labels import arrived
from core.watch.judge.same_rows import SAME_ROWS
from core.watch.judge.schema_gate import DataIssue
from core.watch.judge.verdict import verdict
from core.watch.labelled_score import Holdout, holdouts_of
from core.watch.performance import WORDS, Performance, performance
from core.watch.recipe_profile import UNREAD, as_facts, groups_of, lot_codes, profile_of
from core.watch.result import DriftReport
from core.watch.unread_labels import UnreadLabels, unread_labels, with_unread

UNGROUPED = (
    "The new rows lack the group column {name!r}, so the interval takes them as independent; "
    "it is too narrow when rows of one group are alike."
)
LEARNED = "The new rows are those of the reference; a score on rows that the model learned from says nothing."


def against_profile(
    recipe: Recipe,
    reference: ReferenceProfile,
    frame: pd.DataFrame,
    prediction: Prediction | None,
    how: Drift,
) -> DriftReport:
    """Drift of new rows against the reference profile that travels with a model.

    Args:
        prediction: of the new rows; None when they lack what the model needs.
        how: how large a change must be to count.
    """
    unread = unread_labels(recipe, frame)
    rows = one_of_each(recipe, as_learned(recipe, frame), prediction, reference)
    frame, prediction = rows.frame, rows.prediction
    facts = None if prediction is None else as_facts(prediction)
    report = drift(reference, frame, how=how, predictions=facts, groups=(None, lot_codes(recipe, frame)))
    report = with_unread(with_issues(report, (*rows.issues, *_of_recipe(recipe, frame))), unread)
    obstacle = _obstacle(report, unread) or rows.obstacle
    holdouts = holdouts_of(reference.metric, reference.second)
    return with_score(report, scored(recipe, frame, prediction, holdouts, obstacle))


def against_training(
    recipe: Recipe,
    training: pd.DataFrame,
    frame: pd.DataFrame,
    predictions: tuple[Prediction | None, Prediction | None],
    importance: Mapping[str, float] | None,
    holdouts: Sequence[Holdout],
    how: Drift,
) -> DriftReport:
    """Drift of new rows against the training rows of a recipe.

    Args:
        training: the rows with a target.
        predictions: of the held-out rows and of the new ones; None without a model, or what it needs.
        holdouts: the score on the test rows, and the one that stands in for it, once they were opened.
    """
    old, new = predictions
    unread = unread_labels(recipe, frame)
    reference = profile_of(recipe, training, old, importance)
    rows = one_of_each(recipe, as_learned(recipe, frame), new, reference)
    frame, new = rows.frame, rows.prediction
    grouping = [c for c in recipe.with_role("group") if c.name in training]
    sample = reference_sample(
        as_learned(recipe, training), [*model_columns(recipe), *grouping], seed=recipe.seed
    )
    report = drift(
        reference,
        frame,
        reference_sample=sample,
        how=how,
        predictions=None if new is None else as_facts(new),
        seed=recipe.seed,
        groups=(lot_codes(recipe, sample), lot_codes(recipe, frame)),
    )
    report = with_unread(with_issues(report, (*rows.issues, *_of_recipe(recipe, frame, training))), unread)
    obstacle = _obstacle(report, unread) or rows.obstacle
    return with_score(report, scored(recipe, frame, new, holdouts, obstacle))


def _of_recipe(
    recipe: Recipe, frame: pd.DataFrame, training: pd.DataFrame | None = None
) -> tuple[DataIssue, ...]:
    """What is to be known of computed features and of the groups of new rows."""
    return (*computed_issues(recipe), *group_issues(recipe, frame, training))


def _obstacle(report: DriftReport, unread: UnreadLabels | None) -> str:
    """Why a score on these rows would say nothing, as a sentence; empty where it says something."""
    if SAME_ROWS in report.findings:
        return LEARNED
    return unread.issue.reason if unread is not None and unread.are_many else ""


def against_rows(
    old: pd.DataFrame,
    frame: pd.DataFrame,
    how: Drift,
    table: Table | None = None,
    recipe: Recipe | None = None,
    target: str = "",
) -> DriftReport:
    """Drift between two tables; kinds are those of the first one's columns.

    No model stands behind them, so a column that is gone makes no prediction unsafe: it is told.

    Args:
        table: of the older rows, when they are one of the project.
        recipe: the recipe of that table: its target is judged on its own, what is no feature is left out but
            constants and ids.
        target: name of the column of labels, where no recipe tells.

    Raises:
        FoldlineError: ``COLUMN`` when the older rows lack the target.
    """
    columns: Sequence[Column] = classify(old, {}) if table is None else table.columns
    time: Column | None = None
    if table is not None and recipe is not None:
        every = columns_of(recipe, table)
        time = next((c for c in every if c.role == "time"), None)
        columns = [c for c in every if c.role in ("feature", "target") or c.kind in UNREAD]
        target = target or recipe.target
    if target and target not in old.columns:
        problem = f"The reference has no column {target!r} to take as the target."
        raise FoldlineError("COLUMN", problem, "Check the name.", target)
    if recipe is not None:
        old, frame = as_learned(recipe, old), as_learned(recipe, frame)
    rows = _without_copies(old, frame)
    frame = rows.frame
    groups = (None, None) if recipe is None else (lot_codes(recipe, old), lot_codes(recipe, frame))
    report = drift_frames(
        old, frame, columns, target=target or None, how=how, importance={}, time=time, groups=groups
    )
    return with_score(with_issues(report, rows.issues), None) if rows.issues else report


def _without_copies(old: pd.DataFrame, frame: pd.DataFrame) -> NewRows:
    """One of each new row where they repeat each other more than the older ones, in the columns of both."""
    names = [name for name in dict.fromkeys(frame.columns) if name in old.columns]
    if not names:
        return NewRows(frame)
    return without_copies(NewRows(frame), names, repeats_of(row_hashes(old, names)), len(old), 0)


def with_issues(report: DriftReport, issues: tuple[DataIssue, ...]) -> DriftReport:
    """The report with something more that was noticed of the new rows, the gravest first."""
    every = sorted((*report.findings, *issues), key=lambda issue: SEVERITIES.index(issue.severity))
    return report.model_copy(update={"findings": tuple(every)}) if issues else report


def with_score(report: DriftReport, score: Performance | None) -> DriftReport:
    """The report with the score on new labels, which its verdict then tells."""
    told = verdict(report.columns, report.joint, report.outputs, report.findings, score)
    return report.model_copy(update={"performance": score, "verdict": told})


def scored(
    recipe: Recipe,
    frame: pd.DataFrame,
    prediction: Prediction | None,
    holdouts: Sequence[Holdout],
    obstacle: str = "",
) -> Performance | None:
    """The metric on the new rows that have a label, with its interval; None when there are no labels.

    Args:
        holdouts: the scores on the test rows that are remembered; where that of the metric cannot be judged,
            one that stands in for it is.
        obstacle: why a score would say nothing, as a sentence.
    """
    if prediction is None or recipe.target not in frame.columns:
        return None
    labels = labels_of(recipe, arrived(frame[recipe.target], prediction.classes))
    if labels.isna().all() and obstacle in ("", LEARNED):
        return None
    of_name = {one.name: one for one in holdouts}
    holdout, second = of_name.get(recipe.metric), of_name.get(stand_in(recipe.metric, recipe.task))
    if obstacle:
        return Performance("not_computed", None, holdout, None, obstacle)
    groups, times = groups_of(recipe, frame), order_of(recipe, frame)
    result = performance(recipe.metric, labels, prediction, holdout, groups, times)
    if result.state == "too_few_rows" and second is not None:
        other = performance(second.name, labels, prediction, second, groups, times)
        result = _in_place_of(result, other)
    lacking = [column.name for column in recipe.with_role("group")] if groups is None else []
    if lacking and result.now is not None:
        result = replace(result, text=f"{result.text} {UNGROUPED.format(name=lacking[0])}")
    return result


def _in_place_of(asked: Performance, other: Performance) -> Performance:
    """The other score where it could be judged, with the words why; else the one that was asked for."""
    if other.difference is None or asked.now is None:
        return asked
    rest = asked.text.removeprefix(f"{WORDS[asked.state]}: ")
    text = f"{other.text} It is judged by this score, as the one that ranks has no interval: {rest}"
    return replace(other, text=text, asked=asked.now.metric)


def order_of(recipe: Recipe, frame: pd.DataFrame) -> Any:
    """The place in time of each new row, or None when no column has that role or the rows lack it."""
    how = hold_out(recipe)
    return places_of(recipe, frame) if how.time in frame.columns else None
