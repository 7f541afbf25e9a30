"""What a model would say of every row of its table, had it not learned from that row: by twins of it."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.pipeline import Pipeline

from core.errors import FoldlineError
from core.evaluate.prediction import Prediction
from core.train.fit import fit_rows, predict_rows
from core.train.judging.refitted import as_refitted
from core.train.rows.fold_classes import Fold, group_folds
from core.train.rows.split import Rows
from core.train.work import Work

FOLDS = 4
REFUSED = ("FIT", "FEW_ROWS")


def crossed(work: Work, packed: Pipeline, learned: Rows) -> Prediction | None:
    """What a fitted pipeline says of all rows with a target, in no order, each as if it were a new one.

    Rows that it learned from are drawn into folds, whole groups into one; a twin that lacks a fold answers
    for it, and its answers are carried over to the pipeline. None where no folds can be drawn from which
    every class, and a model, is learned.

    Args:
        learned: the rows that the pipeline learned from.
    """
    folds = _drawn(work, learned)
    if not folds:
        return None
    others = np.setdiff1d(work.target.rows, learned)
    said = [predict_rows(work, packed, others)] if len(others) else []
    try:
        said += [_as_new(work, packed, *fold) for fold in folds]
    except FoldlineError as error:
        if error.code not in REFUSED:
            raise
        return None  # the model learns from all rows, but not from so many fewer
    return _joined(said)


def _as_new(work: Work, packed: Pipeline, fit: Rows, held: Rows) -> Prediction:
    """What the pipeline would say of held rows, by a twin that learned from the others."""
    twin = fit_rows(work, fit)
    both = (predict_rows(work, twin, held), predict_rows(work, twin, fit), predict_rows(work, packed, fit))
    return as_refitted(*both, work.recipe.threshold)


def _drawn(work: Work, learned: Rows) -> list[Fold]:
    """Positions to learn from and to answer for; none where a class would be missing."""
    labels = work.labels(learned).astype(str) if work.target.classes else None
    groups, seed = work.groups(learned), work.recipe.seed
    try:
        if groups is not None:
            places = group_folds(groups, labels, FOLDS, seed)
        elif labels is None:
            places = list(KFold(FOLDS, shuffle=True, random_state=seed).split(learned))
        else:
            with warnings.catch_warnings():  # scikit-learn warns of classes with fewer rows than folds
                warnings.simplefilter("ignore", UserWarning)
                drawing = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
                places = list(drawing.split(learned, labels))
    except (FoldlineError, ValueError):  # too few rows or groups to be drawn
        return []
    if labels is not None and any(len(np.unique(labels[fit])) < len(np.unique(labels)) for fit, _ in places):
        return []
    return [(learned[fit], learned[held]) for fit, held in places]


def _joined(said: Sequence[Prediction]) -> Prediction:
    shares = [one.proba for one in said if one.proba is not None]
    labels = np.concatenate([one.labels for one in said])
    proba = np.concatenate(shares) if len(shares) == len(said) else None
    return Prediction(said[0].task, said[0].classes, labels, proba)
