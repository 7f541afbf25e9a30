"""New rows against a model's reference, training rows or another table; and the score on new labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from core.data.kinds import classify
from core.data.table import Column, Table
from core.drift.profile.build import reference_sample
from core.drift.profile.document import ReferenceProfile
from core.drift.profile.repeats import repeats_of
from core.errors import FoldlineError
from core.evaluate.prediction import Prediction
from core.recipe.columns import columns_of, model_columns
from core.recipe.document import Recipe
from core.recipe.usage import Drift
from core.train.rows.target import as_learned
from core.watch.computed_features import computed_issues
from core.watch.distinct_rows import NewRows, one_of_each, row_hashes, without_copies
from core.watch.drift import SEVERITIES, drift, drift_frames
from core.watch.group_news import Groups, group_issues
from core.watch.judge.same_rows import SAME_ROWS
from core.watch.judge.schema_gate import DataIssue
from core.watch.judge.verdict import verdict
from core.watch.labelled_score import Holdout, holdouts_of
from core.watch.performance import Performance
from core.watch.recipe_profile import UNREAD, Unlabelled, as_facts, lot_codes, profile_of
from core.watch.reference_rows import older_rows, rows_compared, with_like_predictions
from core.watch.result import DriftReport
from core.watch.scored import LEARNED, scored
from core.watch.unread_labels import UnreadLabels, unread_labels, with_unread


@dataclass(frozen=True, eq=False)
class Training:
    """The training rows of a recipe, and what a model that was fitted on the training part says of them.

    Attributes:
        frame: the rows with a target.
        unlabelled: the rows of the file without one; None where it has none.
        prediction: of rows with a target, as if the model had not learned from any; None without a model.
        crossed: whether it is of all of them, and not of the test rows alone.
        importance: column to importance for the model, or None when unknown.
        holdouts: the score on the test rows, and the one that stands in for it, once they were opened.
        groups: those that the model learned from, where the test rows are all of others.
    """

    frame: pd.DataFrame
    unlabelled: Unlabelled | None = None
    prediction: Prediction | None = None
    crossed: bool = False
    importance: Mapping[str, float] | None = None
    holdouts: Sequence[Holdout] = ()
    groups: Groups | None = None

    @property
    def every(self) -> pd.DataFrame:
        """All rows in the order of the file, those without a target too."""
        return (
            self.frame
            if self.unlabelled is None
            else pd.concat([self.frame, self.unlabelled.frame]).sort_index()
        )

    def profile(self, recipe: Recipe) -> ReferenceProfile:
        """What is compared with new rows."""
        told = profile_of(recipe, self.frame, self.prediction, self.importance, unlabelled=self.unlabelled)
        return replace(told, refitted=self.crossed, crossed=self.crossed)


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
    chosen, told = rows_compared(recipe, reference, as_learned(recipe, frame))
    rows = one_of_each(recipe, as_learned(recipe, frame), prediction, chosen)
    frame, prediction = rows.frame, rows.prediction
    facts = None if prediction is None else as_facts(prediction)
    report = drift(chosen, frame, how=how, predictions=facts, groups=(None, lot_codes(recipe, frame)))
    report = with_like_predictions(recipe, chosen, report)
    issues = (*told, *rows.issues, *computed_issues(recipe), *group_issues(recipe, frame))
    report = with_unread(with_issues(report, issues), unread)
    obstacle = _obstacle(report, unread) or rows.obstacle
    holdouts = holdouts_of(reference.metric, reference.second, reference.third)
    return with_score(report, scored(recipe, frame, prediction, holdouts, obstacle))


def against_training(
    recipe: Recipe, training: Training, frame: pd.DataFrame, new: Prediction | None, how: Drift
) -> DriftReport:
    """Drift of new rows against the training rows of a recipe.

    Args:
        new: what the model says of the new rows; None without a model, or what it needs.
    """
    unread = unread_labels(recipe, frame)
    remembered = training.profile(recipe)
    chosen, told = rows_compared(recipe, remembered, as_learned(recipe, frame))
    rows = one_of_each(recipe, as_learned(recipe, frame), new, chosen)
    frame, new = rows.frame, rows.prediction
    old = training.frame if chosen is remembered else training.every
    grouping = [c for c in recipe.with_role("group") if c.name in old]
    sample = reference_sample(as_learned(recipe, old), [*model_columns(recipe), *grouping], seed=recipe.seed)
    report = drift(
        chosen,
        frame,
        reference_sample=sample,
        how=how,
        predictions=None if new is None else as_facts(new),
        seed=recipe.seed,
        groups=(lot_codes(recipe, sample), lot_codes(recipe, frame)),
    )
    report = with_like_predictions(recipe, chosen, report)
    groups = group_issues(recipe, frame, old, training.groups)
    issues = (*told, *rows.issues, *computed_issues(recipe), *groups)
    report = with_unread(with_issues(report, issues), unread)
    obstacle = _obstacle(report, unread) or rows.obstacle
    return with_score(report, scored(recipe, frame, new, training.holdouts, obstacle))


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
    old, told = older_rows(old, frame, target, recipe)
    rows = _without_copies(old, frame)
    frame, issues = rows.frame, (*told, *rows.issues)
    groups = (None, None) if recipe is None else (lot_codes(recipe, old), lot_codes(recipe, frame))
    report = drift_frames(
        old, frame, columns, target=target or None, how=how, importance={}, time=time, groups=groups
    )
    return with_score(with_issues(report, issues), None) if issues else report


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
