"""What a bundle remembers of the rows that its model learned from, for Monitor."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from core.catalog.metrics import stand_ins
from core.drift.profile.document import ReferenceProfile
from core.drift.profile.published import published
from core.drift.profile.whole_file import told_alike
from core.drift.tests.lots import Codes
from core.engine.work.hold_out import hold_out_of, remembered
from core.engine.work.inputs import unlabelled_rows, watched_rows
from core.engine.work.owners import Owners
from core.engine.work.reference_predictions import said_of_all, unlabelled_of
from core.evaluate.prediction import Prediction
from core.recipe.usage import LearnedFrom
from core.results.bundle import ModelReport
from core.train.fit import fit, predict_rows
from core.train.judging.refitted import as_refitted
from core.train.rows.target import as_learned
from core.train.work import Work
from core.watch.recipe_profile import lot_codes, number_pairs, profile_of

Score = dict[str, Any] | None


def reference_of(
    work: Work,
    part: LearnedFrom,
    packed: Any,
    report: ModelReport,
    importance: dict[str, float] | None,
    owners: Owners,
) -> ReferenceProfile:
    """The reference profile that may leave the house.

    Args:
        part: the rows that the pipeline learned from.
        packed: the pipeline that leaves; if it learned from all rows, one of the training part is fitted.
        owners: what the rows belong to.
    """
    recipe = work.recipe
    tested = packed if part == "train" else fit(work, "train")
    held_out = predict_rows(work, tested, work.split.test)
    metric, second, third = scores_of(work, held_out, report)
    losses = hold_out_of(work, held_out) if report.test else None
    if packed is not tested:
        before, after = (predict_rows(work, one, work.split.train) for one in (tested, packed))
        held_out = as_refitted(held_out, before, after, recipe.threshold)
    said = said_of_all(work, packed, part, held_out)
    rows = watched_rows(work, work.target.rows)
    profile = profile_of(recipe, rows, said.prediction, importance, metric, unlabelled_of(work, packed))
    pairs = number_pairs(profile, rows, lot_codes(recipe, rows))
    told = _published(work, profile, rows, owners.of(np.sort(work.target.rows)))
    if profile.unlabelled is not None:
        others = unlabelled_rows(work)
        rest = _published(work, profile.unlabelled, watched_rows(work, others), owners.of(others))
        told = replace(told, unlabelled=told_alike(rest, told))
    of_twin = said.crossed or packed is not tested
    told = replace(told, second=second, third=third, hold_out=losses)
    return replace(told, pairs=pairs, refitted=of_twin, crossed=said.crossed)


def scores_of(work: Work, held_out: Prediction, report: ModelReport) -> tuple[Score, Score, Score]:
    """The score on the test rows, and the two that stand in for it; None where it is not known."""
    names = (work.recipe.metric, *stand_ins(work.recipe.metric, work.recipe.task))
    found = [
        remembered(work, name, held_out, report.test[name].model_dump(), report.baseline.get(name))
        if name in report.test
        else None
        for name in names
    ]
    first, second, third, *_ = (*found, None, None)
    return first, second, third


def _published(
    work: Work, profile: ReferenceProfile, rows: pd.DataFrame, owners: Codes | None
) -> ReferenceProfile:
    """What may leave the house of these rows."""
    return published(profile, as_learned(work.recipe, rows), owners, work.recipe.export.told)
