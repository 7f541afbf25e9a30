"""One round of a deployment: a batch scored, labels joined to their batches, the checks of the plan run."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

from core.alerts.sinks.settings import sinks_from
from core.data.table import Note
from core.deployment.alerting import raise_alerts, send_alerts
from core.deployment.batch_entries import Checked, How, Labelled
from core.deployment.checks import Examined, outcome_of
from core.deployment.deciding import decision_of
from core.deployment.deployment import Batch
from core.deployment.folder import DeploymentFolder
from core.deployment.labelling import ArrivedLabels, Came, label_batch, matched
from core.deployment.report import BatchReport, batch_round
from core.deployment.result import BatchRound, RoundResult
from core.deployment.scoring import Arrived, given_labels, score_batch
from core.deployment.seen_rows import is_mostly_old
from core.deployment.serving_rows import arrived_rows
from core.deployment.serving_spool import waiting_rows
from core.deployment.standard import standard_of
from core.errors import FoldlineError
from core.export.bundle.open import Bundle, open_bundle

KNOWN = "These rows came before, as batch {batch} of {at}: they are not scored or counted again."
NOT_TAKEN = "NOT_TAKEN"
"""The code of rows that a service has answered and that could not be made a batch."""
NOTHING = "No label found its row."


class Round:
    """A round that is under way. Call it in a child process: it opens the bundles of the folder.

    Args:
        root: of the deployment.
        by: who runs it.

    Raises:
        FoldlineError: ``DEPLOYMENT`` when it is none, or names no model; as ``open_bundle`` and
            ``sinks_from``.
    """

    def __init__(self, root: Path, by: str) -> None:
        self.folder = DeploymentFolder(root)
        self.by = by
        self.folder.sweep()
        self.began = self.folder.state()
        self.champion = open_bundle(self.folder.model(self.began.working()))
        self.sinks = sinks_from()
        self.notes: list[Note] = []
        self.done: dict[str, BatchRound] = {}

    def bundle_of(self, model: str) -> Bundle:
        """The bundle of a model by its SHA-256, of the champion when that is empty.

        Raises:
            FoldlineError: ``DAMAGED``; as ``open_bundle``.
        """
        if model in ("", self.began.champion):
            return self.champion
        return open_bundle(self.folder.model(model))

    def score(self, arrived: Arrived) -> str:
        """Scores the rows that came, with the labels beside them, and gives the id of their batch.

        Raises:
            FoldlineError: as ``score_batch``.
        """
        bundle = self.bundle_of(arrived.model)
        batch, report, known = score_batch(self.folder, self.began, bundle, arrived, self.by)
        name = batch.scored.batch
        if known:
            text = KNOWN.format(batch=name, at=batch.scored.at[:16].replace("T", " "))
            self.notes.append(Note(code="KNOWN_BATCH", text=text))
        self.notes += arrived.notes if known else report.notes
        labels = given_labels(self.champion, arrived.frame)
        if len(labels):
            self._label(batch, Came(labels, "given"), known, None if known else report)
        else:
            self._finish(batch, report, None, known)
        return name

    def take_in(self, path: Path) -> None:
        """Makes a batch of a file of requests that a service has answered, and removes it.

        A file that cannot be taken in stays, and that is noted.
        """
        try:
            waiting = waiting_rows(path)
            if waiting.rows:
                self.score(arrived_rows(waiting, self.bundle_of(waiting.model)))
            path.unlink()
        except FoldlineError as error:
            self._not_taken(path, f"{error.problem} {error.hint}")
        except Exception as error:  # noqa: BLE001 - one file must not keep the others from being taken in
            traceback.print_exception(error, file=sys.stderr)
            self._not_taken(path, f"it failed in a way that was not foreseen ({type(error).__name__}).")

    def _not_taken(self, path: Path, reason: str) -> None:
        text = f"{path.name} stays, its rows are no batch yet: {reason}"
        self.notes.append(Note(code=NOT_TAKEN, text=text))

    def label(self, came: ArrivedLabels) -> None:
        """Joins labels to the batches that they are for.

        Raises:
            FoldlineError: as ``matched``.
        """
        now = self.folder.state()
        found = matched(self.folder, now, self.champion, came)
        self.notes += found.notes
        if not found.labels:
            self.notes.append(Note(code="NO_LABELS", text=NOTHING))
        how: How = "key" if came.key else "order"
        for name, labels in found.labels.items():
            known = self.done[name].known if name in self.done else True
            self._label(now.batches[name], Came(labels, how, came.key), known)

    def result(self) -> RoundResult:
        """What the round has found; alerts that are owed are sent first."""
        undelivered = send_alerts(self.folder, self.sinks, self.by)
        now = self.folder.state()
        stable = all(one.is_stable for one in self.done.values())
        decided = now.decisions[-1] if now.decisions and self.done else None
        return RoundResult(
            deployment=now.name,
            folder=str(self.folder.root),
            model=self.began.champion,
            label=now.models.get(self.began.champion, ""),
            state="stable" if stable else "drift",
            batches=tuple(self.done.values()),
            notes=tuple(self.notes),
            faults=tuple(fault.text for fault in now.faults),
            decision=decided,
            alerts=tuple(one.alert for one in now.alerts.open.values()),
            undelivered=undelivered,
        )

    def _label(self, batch: Batch, came: Came, known: bool, ready: BatchReport | None = None) -> None:
        bundle = self.bundle_of(batch.scored.model)
        batch, report, entry = label_batch(self.folder, batch, bundle, came, self.by, ready)
        self._finish(batch, report, entry, known)

    def _finish(self, batch: Batch, report: BatchReport, entry: Labelled | None, known: bool) -> None:
        """Runs the checks of the plan on a batch, decides, raises alerts, and notes what is told of it."""
        plan, scored = self.began.plan, batch.scored
        examined = Examined(report.measured, report.drift, report.score, batch.labels)
        outcomes = tuple(outcome_of(condition, examined) for condition in plan.checks)
        if outcomes and outcomes != batch.outcomes:
            self.folder.append(self.by, Checked(batch=scored.batch, plan=plan.seq, outcomes=outcomes))
        if not known or entry is not None:
            self._decide(batch)
            if not is_mostly_old(report.came_before, scored.rows):
                raise_alerts(self.folder, scored.batch, report, self.sinks, self.by, not known)
        self.done[scored.batch] = batch_round(batch, report, outcomes, entry, known)

    def _decide(self, batch: Batch) -> None:
        """What the rule on retraining says of the model at work, when this batch is one of it."""
        now = self.folder.state()
        if batch.scored.model == now.champion == self.began.champion:
            standard = standard_of(self.folder, now, now.champion)
            self.folder.append(self.by, decision_of(now, batch, standard))
