"""What a model says of the rows of a reference, as the predictions of new rows are compared with it."""

from __future__ import annotations

from dataclasses import dataclass

from sklearn.pipeline import Pipeline

from core.engine.work.inputs import unlabelled_rows, watched_rows
from core.evaluate.prediction import Prediction
from core.recipe.split import hold_out
from core.recipe.usage import LearnedFrom
from core.train.fit import predict_rows, rows_of
from core.train.judging.crossed import crossed
from core.train.work import Work
from core.watch.recipe_profile import Unlabelled


@dataclass(frozen=True, eq=False)
class Said:
    """Predictions of rows that a model had not learned from.

    Attributes:
        crossed: whether they are of all rows with a target, and not of the test rows alone.
    """

    prediction: Prediction
    crossed: bool = False


def said_of_all(work: Work, pipeline: Pipeline, part: LearnedFrom, held_out: Prediction) -> Said:
    """The predictions that stand for the rows whose columns are compared.

    Test rows drawn at random do. The latest rows do not: where they are the test rows, all are predicted.

    Args:
        part: what the pipeline learned from.
        held_out: what it says of the test rows.
    """
    if not hold_out(work.recipe).time:
        return Said(held_out)
    every = crossed(work, pipeline, rows_of(work, part))
    return Said(held_out) if every is None else Said(every, True)


def unlabelled_of(work: Work, pipeline: Pipeline | None) -> Unlabelled | None:
    """The rows of the table without a target, with what a model says of them; None where all have one."""
    rows = unlabelled_rows(work)
    if not len(rows):
        return None
    prediction = None if pipeline is None else predict_rows(work, pipeline, rows)
    return Unlabelled(watched_rows(work, rows), prediction)
