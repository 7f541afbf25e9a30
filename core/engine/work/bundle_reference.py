"""What a bundle remembers of the rows that its model learned from, for Monitor."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from core.catalog.metrics import stand_in
from core.drift.profile.document import ReferenceProfile
from core.drift.profile.published import published
from core.drift.profile.whole_file import told_alike
from core.drift.tests.lots import Codes
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
from core.watch.decision.baseline import baseline_of
from core.watch.recipe_profile import lot_codes, number_pairs, profile_of


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
    metric, second = (
        {"name": name, **report.test[name].model_dump()} if name in report.test else None
        for name in (recipe.metric, stand_in(recipe.metric, recipe.task))
    )
    tested = packed if part == "train" else fit(work, "train")
    held_out = predict_rows(work, tested, work.split.test)
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
    return replace(told, pairs=pairs, refitted=of_twin, crossed=said.crossed, second=second, hold_out=losses)


def _published(
    work: Work, profile: ReferenceProfile, rows: pd.DataFrame, owners: Codes | None
) -> ReferenceProfile:
    """What may leave the house of these rows."""
    return published(profile, as_learned(work.recipe, rows), owners, work.recipe.export.told)


def hold_out_of(work: Work, said: Prediction) -> dict[str, Any]:
    """What the losses on the test rows were, which those of later rows are held to; no row can be told."""
    rows = work.split.test
    groups, times = work.groups(rows), work.times(rows)
    baseline = baseline_of(work.recipe.metric, work.labels(rows), said, groups, times)
    return baseline.model_dump(mode="json")
