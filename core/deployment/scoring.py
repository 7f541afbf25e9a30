"""A batch scored: predicted, flagged, compared with what the champion learned from, and kept."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

import numpy as np
import pandas as pd

from core.data.table import Note
from core.deployment.batch_entries import Scored
from core.deployment.deciding import estimated, window_of_batch
from core.deployment.deployment import Batch, Deployment
from core.deployment.folder import DIGITS, DeploymentFolder
from core.deployment.kept_rows import SAID, data_hash, given_rows, with_predictions
from core.deployment.log import Reading, append_after
from core.deployment.report import BatchReport
from core.deployment.seen_rows import BEFORE, came_before, labels_once
from core.deployment.shadow import Shadow, shadow_of
from core.deployment.standard import standard_of
from core.deployment.state import deployment_state
from core.deployment.trust import trusted
from core.errors import FoldlineError
from core.evaluate.prediction import Prediction
from core.export.bundle.open import Bundle
from core.export.bundle.prediction import prediction_of_conformed
from core.recipe.split import hold_out
from core.results.base import failure
from core.standalone.cells import as_text
from core.watch.against_bundle import against_bundle
from core.watch.comparison import with_issues
from core.watch.decision.calibration import estimate_for
from core.watch.decision.estimate import Estimate
from core.watch.decision.window import Baseline
from core.watch.judge.late_labels import arrived
from core.watch.judge.schema_gate import DataIssue


@dataclass(frozen=True, eq=False)
class Arrived:
    """Rows that came, read like the training data of the champion.

    Attributes:
        source: name of their file.
        problem: why they could not be read; there are none then.
        model: SHA-256 of the one that has answered them already, with what it ``said``; empty for new rows.
    """

    frame: pd.DataFrame
    source: str
    notes: Sequence[Note] = field(default=())
    problem: FoldlineError | None = None
    model: str = ""
    said: Prediction | None = None


def score_batch(
    folder: DeploymentFolder, now: Deployment, bundle: Bundle, arrived_rows: Arrived, by: str
) -> tuple[Batch, BatchReport, bool]:
    """The batch of these rows with its report, and whether it came before: then it is not scored again.

    Args:
        bundle: of the model that has answered the rows, else of the champion.

    Raises:
        FoldlineError: ``REFERENCE`` as ``against_bundle``, ``DISK``.
    """
    frame, target = given_rows(arrived_rows.frame), bundle.recipe.target
    # Of no rows there is nothing to tell them by, so that every empty batch is one of its own.
    data = data_hash(frame, target) if len(frame) else sha256(os.urandom(DIGITS)).hexdigest()
    known = now.batch_of(data)
    if known is not None:
        return known, report_of(folder, known), True
    model = arrived_rows.model or now.working()
    name = sha256(f"{data} {model}".encode()).hexdigest()[:DIGITS]
    held = standard_of(folder, now, model).baseline
    report, kept = _examined(folder, bundle, held, now, arrived_rows, frame, name)
    shadow, said = Shadow(), arrived_rows.said
    if said is not None:
        shadow = shadow_of(folder, [one for one in now.challengers if one != model], frame, said)
        kept = kept.assign(**shadow.columns)
    entry = Scored(
        batch=name,
        model=model,
        data=data,
        file=folder.put_batch(name, kept),
        source=arrived_rows.source,
        rows=len(frame),
        predicted=len(frame) if SAID in kept.columns else 0,
        flags=report.measured.flags,
        span=_span(bundle, frame),
        verdict=report.verdict,
        problem=report.problem.code if report.problem else "",
        report=folder.put_report(name, report.model_dump(mode="json")),
        window=report.window,
        estimate=report.estimate,
        shadow=shadow.said,
    )
    written = append_after(folder.log, by, lambda reading: _unless_known(reading, entry))
    batch = folder.state().batch_of(data)
    if batch is None:  # what was written just now cannot be read
        raise FoldlineError("DAMAGED", "The log was changed while the batch was scored.", "Try again.")
    return (batch, report, False) if written else (batch, report_of(folder, batch), True)


def _examined(
    folder: DeploymentFolder,
    bundle: Bundle,
    held: Baseline | None,
    now: Deployment,
    came: Arrived,
    frame: pd.DataFrame,
    name: str,
) -> tuple[BatchReport, pd.DataFrame]:
    """The report on a batch, and its rows as they are kept."""
    checked = trusted(frame, bundle.schema)
    conformed = checked.conformed
    prediction = came.said
    if prediction is None and conformed is not None:
        prediction = prediction_of_conformed(bundle, conformed.frame)
    drift = against_bundle(bundle, frame, prediction, now.plan.drift or bundle.recipe.drift)
    drift = with_issues(drift, _unread(came.problem))
    before, told = came_before(folder, now, bundle, frame)
    guess = _estimate(held, prediction, checked.measured.flags)
    counted_once = labels_once(frame, bundle.recipe.target, before)
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    report = BatchReport(
        batch=name,
        model=came.model or now.working(),
        source=came.source,
        labels=len(given_labels(bundle, frame)),
        drift=drift,
        measured=checked.measured,
        notes=(*came.notes, *told),
        came_before=int(before.sum()),
        problem=failure(came.problem.as_dict() if came.problem else None),
        window=estimated(window_of_batch(bundle, held, at, counted_once, prediction, drift), guess),
        estimate=guess,
    )
    kept = with_predictions(frame, prediction, checked.flags.items()).assign(**{BEFORE: before})
    return report, kept


def _estimate(
    held: Baseline | None, prediction: Prediction | None, flags: Mapping[str, int]
) -> Estimate | None:
    """What the score is taken to be without labels; None of a model that was never tested."""
    if held is None:
        return None
    outside = max(flags.values(), default=0)
    return estimate_for(held.metric, prediction, held.calibration, outside, held.stretch)


def report_of(folder: DeploymentFolder, batch: Batch) -> BatchReport:
    """The newest report on a batch.

    Raises:
        FoldlineError: ``DAMAGED`` as ``DeploymentFolder.report``.
    """
    return BatchReport.model_validate(folder.report(batch.report))


def given_labels(bundle: Bundle, frame: pd.DataFrame) -> pd.Series:
    """The labels that came beside the rows, as texts by position; what stands for one to come is none."""
    target = bundle.recipe.target
    if target not in frame.columns:
        return pd.Series([], index=pd.Index([], dtype=np.int64), dtype=object)
    texts = as_text(arrived(frame[target].reset_index(drop=True), bundle.manifest.classes))
    there = texts.notna() & ~texts.isin(bundle.recipe.column(target).missing)
    return texts[there].astype(object)


def _unless_known(reading: Reading, entry: Scored) -> list[Scored]:
    """The entry, unless somebody else has scored the same rows meanwhile."""
    known = deployment_state(reading).batch_of(entry.data)
    return [] if known is not None else [entry]


def _unread(problem: FoldlineError | None) -> tuple[DataIssue, ...]:
    if problem is None:
        return ()
    return (DataIssue("error", problem.code, "", f"The batch could not be read: {problem.problem}"),)


def _span(bundle: Bundle, frame: pd.DataFrame) -> tuple[str, ...]:
    """First and last value of the time column, as text."""
    time = hold_out(bundle.recipe).time
    values = frame[time].dropna() if time in frame.columns else frame.iloc[:0, :0].squeeze()
    if not len(values):
        return ()
    texts = as_text(pd.Series([values.min(), values.max()]))
    return tuple(str(one) for one in texts)
