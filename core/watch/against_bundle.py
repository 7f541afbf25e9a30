"""New rows against the model of a bundle: what it learned from, and what it says of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.drift.profile.document import ReferenceProfile
from core.errors import FoldlineError
from core.evaluate.prediction import Prediction
from core.export.bundle.open import SAME_HERE, Bundle
from core.recipe.usage import Drift
from core.standalone.versions import versions_text
from core.train.rows.target import as_learned
from core.watch.comparison import against_profile
from core.watch.judge.schema_gate import DataIssue
from core.watch.overlap import overlap_of
from core.watch.result import DriftReport

LEARNED = (
    "{count:,} of the {rows:,} rows have the inputs of a row that the model learned from, whatever their "
    "label is. They are left out of the comparison and of the score."
)


def against_bundle(
    bundle: Bundle, frame: pd.DataFrame, prediction: Prediction | None, how: Drift
) -> DriftReport:
    """The drift of new rows, and the score of the model on those that have a label.

    Args:
        frame: read like the training data of the bundle.
        prediction: of these rows; None when they lack what the model needs.
        how: how large a change must be to count.

    Raises:
        FoldlineError: ``REFERENCE`` when the bundle has no reference profile.
    """
    if bundle.reference_profile is None:
        problem = "The bundle has no reference profile."
        raise FoldlineError("REFERENCE", problem, "Give the training file instead, or export it again.")
    reference = ReferenceProfile.from_dict(bundle.reference_profile)
    frame, prediction, issues = _without_learned(bundle, frame, prediction)
    report = against_profile(bundle.recipe, reference, frame, prediction, how)
    issues = (*_version_issues(bundle), *issues)
    return report.model_copy(update={"findings": (*issues, *report.findings)}) if issues else report


def _without_learned(
    bundle: Bundle, frame: pd.DataFrame, prediction: Prediction | None
) -> tuple[pd.DataFrame, Prediction | None, tuple[DataIssue, ...]]:
    """The rows without those that the model learned from, and how many these were.

    Where that would leave none the rows stay: the comparison itself tells that they are the same.
    """
    if bundle.recipe.target not in frame.columns:
        return frame, prediction, ()
    learned = overlap_of(bundle, as_learned(bundle.recipe, frame)).rows
    count = int(learned.sum())
    if count in (0, len(frame)):
        return frame, prediction, ()
    issue = DataIssue("warn", "LEARNED_ROWS", "", LEARNED.format(count=count, rows=len(frame)))
    kept = np.flatnonzero(~learned)
    said = None if prediction is None else prediction.take(kept)
    return frame.iloc[kept].reset_index(drop=True), said, (issue,)


def _version_issues(bundle: Bundle) -> tuple[DataIssue, ...]:
    """What is to be known of a model that was fitted with other versions than those here."""
    if not bundle.other_versions:
        return ()
    return (DataIssue("warn", "VERSIONS", "", f"{versions_text(bundle.other_versions)} {SAME_HERE}"),)
