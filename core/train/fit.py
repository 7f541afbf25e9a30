"""Fit the chosen model for keeps: the whole pipeline, on the rows asked for."""

from __future__ import annotations

from sklearn.pipeline import Pipeline

from core.build import build
from core.evaluate.prediction import Prediction
from core.recipe.document import Candidate
from core.recipe.usage import LearnedFrom
from core.train.folds.unit import fit_model, in_its_words, predict
from core.train.rows.split import Rows
from core.train.work import Work


def rows_of(work: Work, part: LearnedFrom) -> Rows:
    """The rows of a part: the training part, or every row that has a target."""
    return work.split.train if part == "train" else work.target.rows


def fit(work: Work, part: LearnedFrom, candidate: Candidate | None = None) -> Pipeline:
    """The pipeline of the recipe, fitted: raw table in, prediction out.

    Args:
        part: ``train`` leaves the locked test rows out, ``all`` uses every row that has a target.
        candidate: another model than the chosen one.

    Raises:
        FoldlineError: as ``build``; ``FIT`` when a step or the model refuses the rows.
    """
    return fit_rows(work, rows_of(work, part), candidate)


def fit_rows(work: Work, rows: Rows, candidate: Candidate | None = None) -> Pipeline:
    """The pipeline of the recipe, or of another model, fitted on some rows.

    Raises:
        FoldlineError: as ``fit``.
    """
    return fit_model(build(work.recipe, candidate), work.frame.iloc[rows], work.labels(rows))


def predict_rows(work: Work, pipeline: Pipeline, rows: Rows) -> Prediction:
    """What a fitted pipeline says of rows of the table, at the recipe's threshold.

    Raises:
        FoldlineError: ``FIT`` when the model refuses, as with more neighbours than rows.
    """
    frame = work.frame.iloc[rows]
    with in_its_words():
        return predict(pipeline, frame, work.recipe.task, work.target, work.recipe.threshold)
