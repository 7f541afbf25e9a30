"""Whether to retrain the model of a deployment, by the windows that its batches are."""

from __future__ import annotations

import json
from hashlib import sha256

import numpy as np
import pandas as pd

from core.deployment.batch_entries import Decided
from core.deployment.deployment import Batch, Deployment
from core.deployment.model_entries import Promoted
from core.deployment.standard import Standard
from core.evaluate.prediction import Prediction
from core.export.bundle.open import Bundle
from core.standalone.cells import as_number, as_text
from core.train.rows.target import as_learned, labels_of
from core.watch.decision.estimate import Estimate
from core.watch.decision.labelled import window_of
from core.watch.decision.rule import decide
from core.watch.decision.thresholds import policy_from
from core.watch.decision.window import Baseline, Window
from core.watch.decision.wording import TESTS
from core.watch.judge.late_labels import arrived
from core.watch.overlap import overlap_of
from core.watch.recipe_profile import groups_of
from core.watch.result import DriftReport
from core.watch.scored import order_of

UNTESTED = (
    "The model was packed without a score on locked test rows, so that a drop cannot be told: open its test "
    "set, pack it again, and let it join."
)


def window_of_batch(
    bundle: Bundle,
    baseline: Baseline | None,
    at: str,
    frame: pd.DataFrame,
    prediction: Prediction | None,
    drift: DriftReport,
) -> Window | None:
    """The window that a batch is; None where the model has no score to compare with.

    Rows that the model learned from are no part of its labelled rows.

    Args:
        baseline: what the model is held to.
        at: when the batch came, ISO 8601.
        frame: its rows, with the labels that have come.
    """
    if baseline is None:
        return None
    broken = next((one.reason for one in drift.findings if one.severity == "error"), "")
    facts = {
        "schema_error": broken,
        "joint_drift": drift.joint.drifted,
        "prediction_drift": any(one.state == "drift" for one in drift.predictions),
    }
    return _labelled(bundle, baseline, at, frame, prediction).model_copy(update=facts)


def _labelled(
    bundle: Bundle, baseline: Baseline, at: str, frame: pd.DataFrame, prediction: Prediction | None
) -> Window:
    recipe = bundle.recipe
    if prediction is None or recipe.target not in frame.columns:
        return Window(at=at, rows=len(frame))
    rows = as_learned(recipe, frame)
    labels = pd.Series(
        np.asarray(labels_of(recipe, arrived(rows[recipe.target], prediction.classes)), dtype=object)
    )
    truth = as_text(labels) if prediction.classes else as_number(labels)
    there = truth.notna() & (truth.isin(list(prediction.classes)) if prediction.classes else True)
    used = there.to_numpy(bool) & ~overlap_of(bundle, rows).rows
    if not used.any():
        return Window(at=at, rows=len(frame))
    groups, times = groups_of(recipe, rows), order_of(recipe, rows)
    groups, times = (None if one is None else np.asarray(one)[used] for one in (groups, times))
    values = truth[used].to_numpy(object if prediction.classes else None)
    return window_of(baseline, at, len(frame), values, prediction.take(used), groups, times)


def estimated(window: Window | None, guess: Estimate | None) -> Window | None:
    """The window with what its score is taken to be without labels."""
    if window is None or guess is None:
        return window
    return window.model_copy(update={"estimate": guess.value})


def decision_of(now: Deployment, batch: Batch, standard: Standard) -> Decided:
    """The decision that the batches of the model at work support.

    Args:
        batch: after which it is asked.
        standard: what the model at work is held to.

    Raises:
        FoldlineError: ``THRESHOLD`` as ``policy_from``.
    """
    name, baseline = batch.scored.batch, standard.baseline
    if baseline is None:
        return Decided(batch=name, action="NOT_ENOUGH_DATA", text=UNTESTED)
    own = [one.window for one in now.batches.values() if one.scored.model == now.champion and one.window]
    made = decide(own, baseline, policy_from(now.plan.policy), _began(now))
    data = json.dumps([one.model_dump(mode="json") for one in own], sort_keys=True)
    return Decided(
        batch=name,
        action=made.action,
        text=made.text,
        reasons=(*made.reasons, *filter(None, (standard.text,))),
        test=made.test,
        value=made.e if made.test == TESTS["bet"] else made.p,
        n=made.n,
        data=sha256(data.encode()).hexdigest(),
    )


def _began(now: Deployment) -> str:
    """When the model at work was put to work as a new one; empty for one that began it, or that came back."""
    return now.turn.at if isinstance(now.turn, Promoted) else ""
