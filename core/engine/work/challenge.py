"""The job that tests a new model against the current one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.catalog.metrics import METRICS
from core.challenge.contest import ACTIONS, contest
from core.challenge.guardrails import Rows
from core.challenge.split import split_factor
from core.data.table import Note
from core.drift.profile.document import ReferenceProfile
from core.engine.contest_specs import ChallengeSpec
from core.engine.context import Context
from core.engine.work.inputs import bundle_path
from core.engine.work.new_rows import NewRows, rows_of
from core.errors import FoldlineError
from core.evaluate.intervals.units import alike_of
from core.evaluate.prediction import Prediction
from core.export.bundle.open import Bundle, open_bundle
from core.export.bundle.prediction import prediction_of
from core.export.schema_check import conform
from core.results.challenge import ChallengeResult
from core.standalone.cells import as_number, as_text
from core.standalone.counts import counted
from core.train.rows.target import as_learned, labels_of
from core.watch.distinct_rows import one_of_each
from core.watch.judge.late_labels import arrived
from core.watch.overlap import overlap_of
from core.watch.recipe_profile import groups_of
from core.watch.scored import order_of

SIDES = ("current", "new")
WHY_UNKNOWN = {
    "UNKNOWN_ROWS": "The {side} model does not tell which rows it learned from: it was exported by an "
    "earlier version. Make sure that none of these rows is among them, or export it again.",
    "REPEATED_ROWS": "{share:.0%} of the rows that the {side} model learned from have an equal among them, "
    "so that new rows repeat them by chance; which of these rows it learned from cannot be told.",
}


@dataclass(frozen=True, eq=False)
class Side:
    """A model beside the rows, read as it reads them."""

    name: str
    bundle: Bundle
    rows: NewRows
    frame: pd.DataFrame
    prediction: Prediction


def do_challenge(ctx: Context, spec: ChallengeSpec) -> ChallengeResult:
    """Test a new model against the current one on labelled rows."""
    ctx.progress(0, 3, "Opening the models")
    bundles = [open_bundle(bundle_path(ctx, one)) for one in (spec.champion, spec.challenger)]
    same_task(*bundles)
    metric = METRICS[spec.metric or bundles[0].recipe.metric]
    ctx.progress(1, 3, "Predicting")
    sides = [_side(ctx, spec, name, one) for name, one in zip(SIDES, bundles, strict=True)]
    truth, there, notes = labelled(sides)
    learned, more = learned_rows(sides, there)
    used, repeated = _distinct(sides[0], there & ~learned)
    rows, predictions, alike = _used(sides, truth, used)
    ctx.progress(2, 3, "Comparing")
    done = contest(metric, rows, predictions, spec.least, spec.margin, spec.peek)
    result = ChallengeResult(
        decision=done.decision,
        action=ACTIONS[done.decision],
        text=done.text,
        metric=metric.id,
        label=metric.label,
        rows=done.rows,
        left_out=int((there & learned).sum()),
        overlap_checked=not more,
        alike=alike,
        least=done.bars.least,
        margin=done.bars.margin,
        champion=done.scores[0],
        challenger=done.scores[1],
        difference=done.shown,
        guardrails=done.guardrails,
        needed=done.needed,
        plan=done.plan,
        peeking=done.peeking,
        split=split_factor(metric, rows.truth, predictions),
        notes=(*repeated, *more, *notes, *sides[0].rows.notes),
    )
    kept = ctx.workspace.put_result(ctx.project, result.KIND, ctx.job, result, {})
    return result.model_copy(update={"result": kept})


def same_task(champion: Bundle, challenger: Bundle) -> None:
    """See that two models predict the same.

    Raises:
        FoldlineError: ``MODELS`` when they do not.
    """
    one, other = champion.manifest, challenger.manifest
    for what, first, second in (
        ("target", one.target, other.target),
        ("task", one.task, other.task),
        ("classes", sorted(one.classes), sorted(other.classes)),
        ("positive class", one.positive, other.positive),
    ):
        if first != second:
            problem = f"The two models predict different things: the {what} is {first!r} and {second!r}."
            raise FoldlineError("MODELS", problem, "Give two models of the same target.", one.target)


def _side(ctx: Context, spec: ChallengeSpec, name: str, bundle: Bundle) -> Side:
    rows = rows_of(ctx, spec.data, bundle.earlier)
    if not len(rows.frame):
        raise FoldlineError("NO_ROWS", "The file has no rows.", "Give a table with rows.")
    conform(rows.frame, bundle.schema)  # refuses what the model cannot take
    prediction = prediction_of(bundle, rows.frame)
    if prediction is None:
        raise FoldlineError("SCHEMA", f"The {name} model cannot take these rows.", "Give all its columns.")
    return Side(name, bundle, rows, as_learned(bundle.recipe, rows.frame), prediction)


def labelled(sides: list[Side]) -> tuple[pd.Series, NDArray[np.bool_], list[Note]]:
    """(n,) labels as the current model reads them, (n,) which rows have one that it knows, and notes.

    Raises:
        FoldlineError: ``LABELS`` when no row has one; ``MODELS`` when the models read other rows.
    """
    champion = sides[0]
    target, classes = champion.bundle.recipe.target, champion.prediction.classes
    if len({len(side.frame) for side in sides}) > 1:
        raise FoldlineError("MODELS", "The two models read other rows of this file.", "Give a plain table.")
    if target not in champion.frame.columns:
        hint = f"Give a file with the column {target!r}."
        raise FoldlineError("LABELS", f"The rows have no labels: {target!r} is missing.", hint, target)
    labels = labels_of(champion.bundle.recipe, arrived(champion.frame[target], classes))
    truth = pd.Series(np.asarray(labels, dtype=object))
    truth = as_number(truth) if not classes else as_text(truth)
    foreign = (
        (truth.notna() & ~truth.isin(list(classes))).to_numpy(bool) if classes else np.zeros(len(truth), bool)
    )
    there = truth.notna().to_numpy(bool) & ~foreign
    if not there.any():
        hint = "Wait until labels have come, or correct them."
        raise FoldlineError("LABELS", f"No row has a label in {target!r} that the models know.", hint, target)
    notes = []
    for code, many, words in (
        ("LATE_LABELS", int(truth.isna().sum()), "no label yet and are left out"),
        ("FOREIGN_LABELS", int(foreign.sum()), "a label that the models do not know and are left out"),
    ):
        if many:
            notes.append(Note(code=code, column=target, text=f"{counted(many, 'row')} have {words}."))
    return truth, there, notes


def learned_rows(sides: list[Side], there: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], list[Note]]:
    """(n,) the labelled rows that one of the models learned from, and why that is not known of a model."""
    learned, notes = np.zeros(len(there), dtype=bool), []
    for side in sides:
        overlap = overlap_of(side.bundle, side.frame[there])
        learned[there] |= overlap.rows
        if overlap.code:
            text = WHY_UNKNOWN[overlap.code].format(side=side.name, share=overlap.repeated)
            notes.append(Note(code=overlap.code, text=text))
    return learned, notes


def _distinct(side: Side, rows: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], list[Note]]:
    """(n,) the rows without those that repeat another one, as Monitor leaves them out, and a note on them.

    Raises:
        FoldlineError: ``REPEATS`` when hardly any row differs from the others.
    """
    if side.bundle.reference_profile is None or not rows.any():
        return rows, []
    reference = ReferenceProfile.from_dict(side.bundle.reference_profile)
    one = one_of_each(side.bundle.recipe, side.frame.reset_index(drop=True)[rows], None, reference)
    if one.obstacle:
        raise FoldlineError("REPEATS", one.obstacle, "Give more rows that were labelled one by one.")
    distinct = np.zeros(len(rows), dtype=bool)
    distinct[one.frame.index] = True
    return distinct, [Note(code=issue.code, text=issue.reason) for issue in one.issues]


def _used(sides: list[Side], truth: pd.Series, rows: NDArray[np.bool_]) -> tuple[Rows, list[Prediction], str]:
    if not rows.any():
        problem = "Every labelled row is one that a model has learned from, so nothing can be compared."
        raise FoldlineError("LEARNED_ROWS", problem, "Give rows that came later.")
    groups = _first(groups_of(side.bundle.recipe, side.frame) for side in sides)
    times = _first(order_of(side.bundle.recipe, side.frame) for side in sides)
    values = truth[rows].to_numpy(None if sides[0].prediction.task == "regression" else object)
    lots, moments = (None if each is None else np.asarray(each)[rows] for each in (groups, times))
    names = [one.name for one in sides[0].bundle.schema.inputs if one.name in sides[0].frame.columns]
    used = Rows(values, lots, moments, sides[0].frame.loc[rows, names])
    return used, [side.prediction.take(rows) for side in sides], alike_of(groups, times)


def _first(options: Any) -> Any:
    return next((one for one in options if one is not None), None)
