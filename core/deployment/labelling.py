"""Labels that came for batches of the log: kept, counted, and the batch compared and scored with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from core.data.table import Physical
from core.deployment.batch_entries import How, Labelled
from core.deployment.deciding import estimated, window_of_batch
from core.deployment.deployment import Batch, Deployment
from core.deployment.folder import DeploymentFolder
from core.deployment.kept_rows import given_rows, kept_prediction
from core.deployment.labels import Matched, as_table, by_key, by_order, changes, check_order, newest
from core.deployment.log import Reading, append_after
from core.deployment.report import BatchReport
from core.deployment.scoring import given_labels, report_of
from core.deployment.seen_rows import labels_once, marked_before
from core.deployment.standard import standard_of
from core.deployment.state import deployment_state
from core.errors import FoldlineError
from core.export.bundle.open import Bundle
from core.recipe.usage import Drift
from core.train.rows.target import labels_of
from core.watch.against_bundle import against_bundle

TRIES = 5


@dataclass(frozen=True, eq=False)
class ArrivedLabels:
    """A file of labels, read like the training data, and how its rows find theirs.

    Attributes:
        key: a column that batches have too; by the order of the rows of ``batch`` when empty.
        batch: the only batch that they are for; of all when empty.
    """

    frame: pd.DataFrame
    key: str = ""
    batch: str = ""


@dataclass(frozen=True, eq=False)
class Came:
    """Labels of one batch, by position in it, and how they found their rows."""

    labels: pd.Series
    how: How
    key: str = ""


class _Moved(Exception):
    """Labels of the same batch came from somebody else meanwhile."""


def matched(folder: DeploymentFolder, now: Deployment, bundle: Bundle, came: ArrivedLabels) -> Matched:
    """The batches that labels are for, with the labels of their rows.

    Raises:
        FoldlineError: ``LABELS`` without a column of labels or in the wrong number, ``KEY`` when a column is
            missing, ``BATCH`` when there is none of that id, ``ORDER`` when the rows are in another order.
    """
    target = bundle.recipe.target
    if target not in came.frame.columns:
        hint = f"Call the column of labels {target!r}."
        raise FoldlineError("LABELS", f"The file of labels has no column {target!r}.", hint, target)
    if came.batch and came.batch not in now.batches:
        known = ", ".join(list(now.batches)[-5:]) or "none yet"
        problem = f"The deployment has no batch {came.batch[:40]!r}."
        raise FoldlineError("BATCH", problem, f"The last ones are: {known}.", came.batch)
    labels = given_labels(bundle, came.frame).reindex(range(len(came.frame)))
    if came.key:
        return by_key(_keys(folder, now, came), came.frame[came.key], labels)
    if not came.batch:
        hint = "Name a key column, or the batch whose rows they are in order."
        raise FoldlineError("BATCH", "It is not said which rows the labels are for.", hint)
    scored = now.batches[came.batch].scored
    found = by_order(came.batch, scored.rows, labels)
    rows = given_rows(folder.batch(came.batch, scored.file))
    shared = [str(name) for name in rows.columns if name != target and name in came.frame.columns]
    return replace(found, notes=(*found.notes, *check_order(rows, came.frame, shared)))


def _keys(folder: DeploymentFolder, now: Deployment, came: ArrivedLabels) -> Mapping[str, pd.Series]:
    """Batch -> the keys of its rows, of the batches that have that column."""
    if came.key not in came.frame.columns:
        problem = f"The file of labels has no column {came.key!r}."
        raise FoldlineError("KEY", problem, "Name a column that it shares with the batches.", came.key)
    batches = [one for name, one in now.batches.items() if came.batch in ("", name)]
    kept = {one.scored.batch: folder.batch(one.scored.batch, one.scored.file) for one in batches}
    keys = {
        name: frame[came.key].where(~marked_before(frame))
        for name, frame in kept.items()
        if came.key in frame.columns
    }
    if not keys:
        problem = f"No batch has a column {came.key!r}."
        raise FoldlineError("KEY", problem, "Name a column that the batches have, or give a batch.", came.key)
    return keys


def label_batch(
    folder: DeploymentFolder,
    batch: Batch,
    bundle: Bundle,
    came: Came,
    by: str,
    ready: BatchReport | None = None,
) -> tuple[Batch, BatchReport, Labelled]:
    """The batch with labels that came for it, compared and scored anew.

    What others wrote meanwhile is taken in, so that no label is lost and every score stands on all of them.

    Args:
        bundle: of the model that scored the batch.
        ready: a report with just these labels, where the batch has no others.

    Raises:
        FoldlineError: ``BUSY`` when others label it all the time, ``DAMAGED``, ``DISK``.
    """
    name = batch.scored.batch
    for _ in range(TRIES):
        entry, report = _labelled(folder, batch, bundle, came, None if batch.labelled else ready)
        if batch.labelled and not entry.new and not entry.changed:
            return batch, report_of(folder, batch), entry
        try:
            append_after(folder.log, by, partial(_if_same, batch, entry))
        except _Moved:
            batch = folder.state().batches[name]
            continue
        return folder.state().batches[name], report, entry
    raise FoldlineError("BUSY", "Others label this batch at the same time.", "Try again.", name)


def _labelled(
    folder: DeploymentFolder, batch: Batch, bundle: Bundle, came: Came, ready: BatchReport | None
) -> tuple[Labelled, BatchReport]:
    name = batch.scored.batch
    before = newest(*(folder.labels(one.file) for one in batch.labelled))
    table = as_table(_better(bundle, before, came.labels))
    every = newest(as_table(before), table)
    new, changed = changes(before, newest(table))
    report = ready or _with_labels(folder, batch, bundle, every)
    entry = Labelled(
        batch=name,
        file=folder.put_labels(name, table),
        how=came.how,
        key=came.key,
        given=len(table),
        new=new,
        changed=changed,
        total=len(every),
        score=report.score,
        verdict=report.verdict,
        report=folder.put_report(name, report.model_dump(mode="json")),
        window=report.window,
    )
    return entry, report


def _better(bundle: Bundle, before: pd.Series, labels: pd.Series) -> pd.Series:
    """The labels without those that cannot be read and would take the place of others."""
    unread = labels_of(bundle.recipe, labels).isna().to_numpy(bool)
    return labels[~(unread & labels.index.isin(before.index))]


def _with_labels(folder: DeploymentFolder, batch: Batch, bundle: Bundle, labels: pd.Series) -> BatchReport:
    """The report on a batch with these labels in place of those that came beside its rows."""
    earlier = report_of(folder, batch)
    kept = folder.batch(batch.scored.batch, batch.scored.file)
    frame = given_rows(kept)
    column = as_stored(labels.reindex(range(len(frame))), bundle.schema.target_type)
    frame = frame.assign(**{bundle.recipe.target: column.to_numpy()})
    prediction = kept_prediction(kept, bundle.manifest.task)
    how = Drift(sensitivity=earlier.drift.sensitivity, tests=earlier.drift.tests)
    drift = against_bundle(bundle, frame, prediction, how)
    at = earlier.window.at if earlier.window else batch.scored.at
    once = labels_once(frame, bundle.recipe.target, marked_before(kept))
    held = standard_of(folder, folder.state(), batch.scored.model).baseline
    window = estimated(window_of_batch(bundle, held, at, once, prediction, drift), earlier.estimate)
    return earlier.model_copy(update={"drift": drift, "labels": len(labels), "window": window})


def as_stored(labels: pd.Series, stored: Physical) -> pd.Series:
    """Labels as the training table stores its target: numbers where all of them are."""
    if stored != "number":
        return labels
    numbers = pd.to_numeric(labels, errors="coerce")
    return numbers if bool((numbers.notna() == labels.notna()).all()) else labels


def _if_same(seen: Batch, entry: Labelled, reading: Reading) -> Sequence[Labelled]:
    """The entry, when the labels of the batch are still those that it counts by."""
    now = deployment_state(reading).batches.get(entry.batch)
    if now is None or len(now.labelled) != len(seen.labelled):
        raise _Moved
    return [entry]
