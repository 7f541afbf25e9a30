"""The chosen model on validation rows: what it said of each while it had not seen it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.catalog.models import baseline_for
from core.errors import FoldlineError
from core.evaluate.payload import to_dict
from core.evaluate.prediction import Prediction
from core.evaluate.report import curves
from core.evaluate.threshold import steps_with, threshold_table
from core.recipe.difference import model_words
from core.recipe.document import Candidate
from core.recipe.fingerprint import fingerprint
from core.results.parts import Parts
from core.results.validate import FoldScore, ValidateResult
from core.scoring.pairing import pair
from core.train.fit import fit_rows
from core.train.folds.fold_predictions import stored_prediction
from core.train.folds.runner import Progress, Runner
from core.train.folds.unit import all_scores, run_unit, unit_of
from core.train.judging.test_set import column_importance, segments
from core.train.judging.threshold_advice import advise
from core.train.rows.split import Rows
from core.train.work import Work


@dataclass(frozen=True, eq=False)
class OutOfFold:
    """Predictions of validation rows, fold by fold; no row is in two of them."""

    rows: tuple[Rows, ...]
    predictions: tuple[Prediction, ...]

    @property
    def all_rows(self) -> Rows:
        """The rows of all folds."""
        return np.concatenate(self.rows)

    @property
    def whole(self) -> Prediction:
        """The predictions of all folds, in the order of ``all_rows``."""
        first = self.predictions[0]
        shares = [one.proba for one in self.predictions if one.proba is not None]
        labels = np.concatenate([one.labels for one in self.predictions])
        return Prediction(first.task, first.classes, labels, np.concatenate(shares) if shares else None)


def first_round(work: Work) -> tuple[Rows, ...]:
    """The validation rows of the folds that hold each row once: of repeated folds, the first round."""
    seen: set[int] = set()
    out = []
    for _, valid in work.split.folds:
        if not seen.isdisjoint(valid.tolist()):
            break
        seen.update(valid.tolist())
        out.append(valid)
    return tuple(out)


def of_comparison(work: Work, candidate: Candidate, path: Path | None) -> OutOfFold | None:
    """What a candidate said of validation rows in a comparison; None as ``stored_prediction``."""
    stored = stored_prediction(work, candidate, path)
    if stored is None:
        return None
    rows = first_round(work)
    ends = np.cumsum([len(one) for one in rows])
    starts = ends - [len(one) for one in rows]
    spans = zip(starts, ends, strict=True)
    return OutOfFold(rows, tuple(stored.take(np.arange(start, end)) for start, end in spans))


def out_of_fold(
    work: Work, candidate: Candidate, path: Path | None, progress: Progress | None, run: Runner
) -> OutOfFold:
    """What a candidate says of validation rows, from a comparison that it took part in or by fitting folds.

    Args:
        path: the kept predictions of such a comparison; None when there are none.

    Raises:
        FoldlineError: the error of a fold that failed; ``STOPPED`` when the job was stopped before the end.
    """
    rows = first_round(work)
    stored = of_comparison(work, candidate, path)
    if stored is not None:
        return stored
    made: list[Prediction | None] = [None] * len(rows)
    units = [unit_of(work, candidate.id, candidate, fold) for fold in range(len(rows))]
    for done, outcome in enumerate(run.run(run_unit, units), start=1):
        if outcome.value is None:
            raise FoldlineError.from_dict(outcome.error or {"code": "FIT", "problem": "A fold failed."})
        made[outcome.unit.fold] = outcome.value["prediction"]
        if progress is not None:
            progress.progress(done, len(units) + 2, f"Fold {done} of {len(units)}")
    complete = tuple(one for one in made if one is not None)
    if len(complete) < len(rows):
        raise FoldlineError("STOPPED", "Stopped before all folds were predicted.", "Start it again.")
    return OutOfFold(rows, complete)


def validation_thresholds(work: Work, path: Path | None, run: Runner) -> dict[str, Any] | None:
    """What each threshold gives on validation rows, for a model that was tuned or set by hand as well.

    Each row is counted once: of repeated folds, in the first round. None when there are no probabilities of
    two classes.

    Raises:
        FoldlineError: as ``out_of_fold``.
    """
    chosen = work.recipe.chosen
    if chosen is None or work.recipe.task != "binary":
        return None
    model = out_of_fold(work, chosen, path, None, run)
    if model.whole.proba is None:
        return None
    pairs = pair(work.labels(model.all_rows), model.whole)
    return to_dict(threshold_table(pairs, steps_with(work.recipe.threshold)))


def fold_scores(work: Work, model: OutOfFold, baseline: OutOfFold | None) -> dict[str, FoldScore]:
    """Metric -> its scores on the folds, beside the baseline's."""
    of_model, of_baseline = _by_metric(work, model), _by_metric(work, baseline)
    return {
        name: FoldScore(
            mean=_mean(values),
            folds=tuple(float(value) if np.isfinite(value) else None for value in values),
            baseline=_mean(of_baseline.get(name, ())),
        )
        for name, values in of_model.items()
    }


def _by_metric(work: Work, some: OutOfFold | None) -> dict[str, list[float]]:
    out: dict[str, list[float]] = {}
    for rows, prediction in zip(some.rows, some.predictions, strict=True) if some else ():
        for name, value in all_scores(work.recipe.task, work.labels(rows), prediction).items():
            out.setdefault(name, []).append(value)
    return out


def _mean(values: Sequence[float]) -> float | None:
    finite = [value for value in values if np.isfinite(value)]
    return float(np.mean(finite)) if finite else None


def fold_importance(work: Work, progress: Progress, folds: int) -> dict[str, Any]:
    """What each column is worth on the validation rows of the first folds, each with its model fitted again.

    Returns:
        As ``column_importance``, the mean over the folds; ``low`` and ``high`` are the lowest and the highest
        fold, of one fold its interval. Folds in which the score is not defined are left out.

    Raises:
        FoldlineError: ``METRIC`` where no fold defines it, and as ``fit``.
    """
    tables, undefined = [], None
    for fit, valid in work.split.folds[:folds]:
        try:
            tables.append(column_importance(work, progress, fit_rows(work, fit), valid, folds))
        except FoldlineError as error:
            if error.code != "METRIC":
                raise
            undefined = error
    if undefined is not None and not tables:
        raise undefined
    if len(tables) == 1:
        return to_dict(tables[0])
    by_column = pd.concat(tables).groupby("column", sort=False)["mean"]
    spread = by_column.agg(mean="mean", std="std", low="min", high="max")
    ranked = spread.sort_values("mean", ascending=False, kind="stable").reset_index()
    return to_dict(ranked)


def at_threshold(work: Work, some: OutOfFold) -> OutOfFold:
    """The same probabilities with the labels that the recipe's threshold gives."""
    threshold = work.recipe.threshold
    if threshold is None or work.recipe.task != "binary":
        return some
    return OutOfFold(some.rows, tuple(one.at(threshold) for one in some.predictions))


def validate(work: Work, path: Path | None, progress: Progress, run: Runner) -> ValidateResult:
    """The chosen model judged on validation rows: scores, curves, importance, segments.

    Raises:
        FoldlineError: as ``out_of_fold`` and ``fit``.
    """
    recipe = work.recipe
    assert recipe.chosen is not None
    progress.progress(0, 1, "Predicting the validation rows")
    model = at_threshold(work, out_of_fold(work, recipe.chosen, path, progress, run))
    rows, whole = model.all_rows, model.whole
    dummy = Candidate(id=baseline_for(recipe.task), model=baseline_for(recipe.task))
    baseline = at_threshold(work, out_of_fold(work, dummy, path, progress, run))
    pairs, parts = pair(work.labels(rows), whole), Parts()
    nothing: dict[str, Any] = {}
    pictures: dict[str, Any] = curves(pairs, recipe.seed)
    advice = parts.of("threshold advice", lambda: advise(work, rows, whole), None)
    if recipe.task == "binary":
        steps = steps_with(recipe.threshold, advice.value if advice else None)
        pictures |= {"validation_thresholds": to_dict(threshold_table(pairs, steps)), "thresholds": {}}
    progress.progress(1, 3, "Measuring what each column is worth")
    worth = parts.of("importance", lambda: fold_importance(work, progress, len(model.rows)), nothing)
    progress.progress(2, 3, "Looking for weak segments")
    weak = parts.of("segments", lambda: segments(work, whole, rows), nothing)
    return ValidateResult(
        edition=3,
        fingerprint=fingerprint(recipe, "fit"),
        task=recipe.task,
        classes=whole.classes,
        rows=len(rows),
        curves=pictures,
        importance=worth,
        slices=weak,
        metric=recipe.metric,
        model=model_words(recipe.chosen),
        words=work.split.words,
        scores=fold_scores(work, model, baseline),
        advice=advice,
        left_out=tuple(parts.failed),
    )
