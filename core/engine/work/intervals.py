"""How far the predictions of a recipe's model may be off, by what it said of validation rows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.drift.profile.document import ColumnProfile, ReferenceProfile
from core.drift.profile.interval import Conformal
from core.drift.tests.lots import Codes
from core.engine.context import Context
from core.engine.work.inputs import predictions_of, runner
from core.evaluate.conformal import Errors, by_levels, conformal
from core.evaluate.intervals.units import group_codes
from core.standalone.cells import as_text
from core.train.judging.out_of_fold import OutOfFold, out_of_fold
from core.train.rows.target import as_learned
from core.train.work import Work

INTERVAL = "prediction interval"
MOST_LEVELS = 12
PARTS = 5


def interval_of(ctx: Context, work: Work, told: ReferenceProfile) -> Conformal | str:
    """A conformal interval of the recipe's model, or why there is none; empty of classes.

    Args:
        told: as it leaves the house; only levels that it tells are looked at.

    Raises:
        FoldlineError: as ``out_of_fold``.
    """
    recipe = work.recipe
    if recipe.task != "regression" or recipe.chosen is None:
        return ""
    model = out_of_fold(work, recipe.chosen, predictions_of(ctx, recipe), None, runner(ctx, work))
    rows = as_learned(recipe, work.frame.iloc[model.all_rows])
    columns = {
        one.name: _told(as_text(rows[one.name]), one)
        for one in told.inputs
        if 1 < len(one.levels) <= MOST_LEVELS
    }
    return conformal(errors_of(work, model), by_levels(columns, MOST_LEVELS))


def _told(cells: pd.Series, column: ColumnProfile) -> pd.Series:
    """The cells of a column whose levels leave the house."""
    return cells.where(cells.isin(list(column.levels)))


def errors_of(work: Work, model: OutOfFold) -> Errors:
    """How far off each prediction of a validation row was; a single hold-out is judged in parts."""
    rows = model.all_rows
    labels = np.asarray(work.labels(rows), dtype=np.float64)
    said = np.asarray(model.whole.labels, dtype=np.float64)
    groups, times = work.groups(rows), work.times(rows)
    codes = None if groups is None else group_codes(groups)
    folds = np.repeat(np.arange(len(model.rows)), [len(one) for one in model.rows])
    if len(model.rows) == 1:
        folds = _parts(times if times is not None else codes, len(rows), work.recipe.seed)
    floor = 0.0 if labels.min(initial=0.0) >= 0 else None
    return Errors(said, labels - said, folds, codes, times is not None, floor)


def _parts(by: Codes | None, rows: int, seed: int) -> Codes:
    """(rows,) parts of a hold-out: stretches of time, whole groups, or rows at random."""
    if by is None:
        by = np.random.default_rng(seed).permutation(rows)
    places = np.unique(by, return_inverse=True)[1]
    return places * PARTS // (places.max() + 1)
