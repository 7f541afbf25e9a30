"""The ``join``, ``promote`` and ``rollback`` commands: who works in a deployment that is kept in a folder."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from core.command.monitor import acting_user
from core.command.outputs import Answer
from core.command.session import existing, session
from core.deployment.deployment import Deployment
from core.deployment.folder import DeploymentFolder
from core.deployment.result import DeployResult
from core.deployment.succession import last_test, promote, roll_back
from core.deployment.timeline import model_name
from core.deployment.words import entry_words
from core.engine.job_specs import BundlePath
from core.engine.round_specs import DeploymentPath, DeploySpec
from core.errors import FoldlineError
from core.store.files.atomic import sha256_of
from core.store.models import BUNDLE

LEAST = 4
"""Digits of a SHA-256 that name a model."""


def join_command(asked: argparse.Namespace) -> Answer:
    """Let a model be tried beside the one at work."""
    folder, bundle = DeploymentFolder(asked.folder.resolve()), existing(asked.bundle)
    model = _joined(folder, bundle)
    now = folder.state()
    facts = {"deployment": now.name, "model": model, "label": now.models[model], "champion": now.champion}
    return facts, f"{model_name(now, model)} is tried beside {model_name(now, now.champion)}."


def promote_command(asked: argparse.Namespace) -> Answer:
    """Put a challenger to work, with its last test against the model at work as evidence."""
    folder = DeploymentFolder(asked.folder.resolve())
    seen = folder.state()
    champion, path = seen.working(), Path(asked.model)
    if path.is_file() and sha256_of(path) not in seen.models:
        _joined(folder, path.resolve())
    model = _named(folder.state(), sha256_of(path) if path.is_file() else asked.model)
    return _changed(promote(folder, model, acting_user(), champion=champion, reason=asked.reason))


def rollback_command(asked: argparse.Namespace) -> Answer:
    """Put the model before back to work."""
    folder = DeploymentFolder(asked.folder.resolve())
    champion = folder.state().working()
    return _changed(roll_back(folder, acting_user(), champion=champion, reason=asked.reason))


def _joined(folder: DeploymentFolder, bundle: Path) -> str:
    with session() as s:
        spec = DeploySpec(
            model=BundlePath(bundle=str(bundle)),
            at=DeploymentPath(folder=str(folder.root)),
            label=bundle.parent.name if bundle.name == BUNDLE else bundle.stem,  # `run` names them all alike
            by=acting_user(),
        )
        return s.ask(DeployResult, spec).model


def _named(now: Deployment, name: str) -> str:
    """The challenger of that label or SHA-256.

    Raises:
        FoldlineError: ``MODELS`` when it is none, or several are meant.
    """
    labels = [model for model in now.challengers if now.models.get(model) == name]
    digits = [one for one in now.challengers if len(name) >= LEAST and one.startswith(name.lower())]
    found = list(dict.fromkeys([*labels, *digits]))
    if len(found) == 1:
        return found[0]
    names = ", ".join(model_name(now, model) for model in found or now.challengers) or "none"
    problem = f"{'Several challengers are' if found else 'No challenger is'} called {name[:80]!r}."
    hint = f"Give the first digits of one of them, or a bundle: {names}."
    raise FoldlineError("MODELS", problem, hint, name[:80])


def _changed(now: Deployment) -> Answer:
    entry = now.moves[-1]
    facts: dict[str, Any] = {"deployment": now.name, "champion": now.champion}
    facts |= {"label": now.models[now.champion], "entry": entry.model_dump(mode="json")}
    facts["challengers"] = {model: _tested(now, model) for model in now.challengers}
    return facts, entry_words(entry)


def _tested(now: Deployment, model: str) -> str:
    """The verdict of the last test of a challenger; empty without one."""
    proof = last_test(now, model)
    return proof.verdict if proof else ""
