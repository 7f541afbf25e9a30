"""The ``monitor`` command: one round of a deployment that is kept in a folder, for a scheduler."""

from __future__ import annotations

import argparse
import getpass
from pathlib import Path
from typing import Any

from core.command.outputs import Answer
from core.command.session import Session, existing, session
from core.command.tables import lines
from core.deployment.conditions import Condition, condition_of_words
from core.deployment.folder import DeploymentFolder
from core.deployment.planning import change_checks
from core.deployment.result import BatchRound, DeployResult, RoundResult
from core.deployment.words import shadow_words
from core.engine.job_specs import BundlePath, PathFile
from core.engine.round_specs import DeploymentPath, DeploySpec, RoundSpec
from core.errors import FoldlineError
from core.standalone.counts import counted

ENDING = ".deployment"
STABLE, DRIFT, RETRAIN, UNDELIVERED = 0, 3, 4, 5
"""Exit codes for a scheduler that asks for them; 1 and 2 are those of any command."""


def exit_code_of_round(facts: dict[str, Any]) -> int:
    """What a round comes to: an alert that reached nobody, else retrain, else drift, else stable."""
    if facts["undelivered"]:
        return UNDELIVERED
    decision = facts["decision"] or {}
    if decision.get("action") == "RETRAIN":
        return RETRAIN
    return DRIFT if facts["state"] == "drift" else STABLE


def monitor_command(asked: argparse.Namespace) -> Answer:
    """Score a batch, compare it, join labels and run the checks of the plan."""
    data, labels = (None if path is None else existing(path) for path in (asked.data, asked.labels))
    if data is None and labels is None and not asked.served:
        raise FoldlineError("NO_ROWS", "Neither rows nor labels were given.", "Give a file of one of them.")
    by, checks = acting_user(), tuple(condition_of_words(text) for text in asked.check)
    with session() as s:
        folder = _folder(asked.deployment, s, by)
        _plan(folder, checks, by)
        spec = RoundSpec(
            at=DeploymentPath(folder=str(folder.root)),
            data=None if data is None else PathFile(path=str(data), name=data.name),
            labels=None if labels is None else PathFile(path=str(labels), name=labels.name),
            key=asked.key,
            batch=asked.batch,
            served=asked.served,
            by=by,
        )
        done = s.ask(RoundResult, spec)
    return done.facts(), "\n".join(_words(done))


def acting_user() -> str:
    """The name of the user that the system tells, for the log."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "command line"


def _folder(path: Path, s: Session, by: str) -> DeploymentFolder:
    """The deployment in a folder, or the one beside a bundle, which is made when there is none.

    Raises:
        FoldlineError: ``DEPLOYMENT`` when the deployment beside a bundle works with another model; as
            ``open_bundle``.
    """
    if path.is_dir():
        return DeploymentFolder(path.resolve())
    bundle = existing(path)
    root = bundle.with_name(f"{bundle.stem}{ENDING}")
    if not root.exists():
        spec = DeploySpec(
            model=BundlePath(bundle=str(bundle)),
            at=DeploymentPath(folder=str(root)),
            label=bundle.stem,
            by=by,
        )
        s.ask(DeployResult, spec)
    folder = DeploymentFolder(root)
    if not folder.holds(bundle):
        problem = f"{root.name} has never had the model of {path.name}; another one is at work there."
        hint = f"Give {root.name} to go on with it, or move that folder away to begin anew."
        raise FoldlineError("DEPLOYMENT", problem, hint, str(path))
    return folder


def _plan(folder: DeploymentFolder, checks: tuple[Condition, ...], by: str) -> None:
    """Makes the conditions that were given those of the plan, where they are others than it has."""
    if checks:
        change_checks(folder, by, lambda _: checks)


def _words(done: RoundResult) -> list[str]:
    head = f"Deployment {done.deployment}: model {done.label} ({done.model[:12]})."
    told = [f"note {note.code}: {note.text}" for note in done.notes]
    decision = [] if done.decision is None else [done.decision.text, *done.decision.reasons]
    alerts = [f"alert {one.severity}: {one.message_plain}" for one in done.alerts]
    lost = [f"An alert did not reach {one.sink}: {one.problem}" for one in done.undelivered]
    batches = [line for one in done.batches for line in _of_batch(one)]
    return [head, *decision, *batches, *alerts, *lost, *told, *done.faults]


def _of_batch(one: BatchRound) -> list[str]:
    rows = f"Batch {one.batch} ({one.source}): {counted(one.rows, 'row')}, {one.predicted:,} predicted"
    flags = [f"{rows_with:,} {kind}" for kind, rows_with in one.flags.items() if rows_with]
    words = [f"{rows}{''.join(f', {flag}' for flag in flags)}.", one.verdict.action, one.verdict.text]
    if one.labels is not None:
        came = one.labels
        counts = f"{came.given:,} came, {came.new:,} new, {came.changed:,} changed, {came.total:,} in all"
        words.append(f"Labels: {counts}.")
    if one.score is not None and one.score.text not in one.verdict.text:
        words.append(one.score.text)
    words += map(shadow_words, one.shadow)
    moved = [(c.name, c.state, c.reason) for c in one.columns]
    words += lines(("column", "state", "reason"), moved) if moved else []
    checks = [(outcome.condition.words, outcome.state, outcome.text) for outcome in one.checks]
    return words + (lines(("check", "outcome", "reason"), checks) if checks else [])
