"""The ``rule`` command: the thresholds by which a deployment asks for retraining, and how often they err."""

from __future__ import annotations

import argparse
from typing import Any

from core.command.monitor import acting_user
from core.command.outputs import Answer
from core.command.tables import lines
from core.deployment.folder import DeploymentFolder
from core.deployment.foreseeing import foreseen_for, not_foreseen
from core.deployment.planning import change_policy
from core.deployment.standard import standard_of
from core.watch.decision.thresholds import BY_NAME, policy_from, threshold_of_words
from core.watch.decision.window import Policy


def rule_command(asked: argparse.Namespace) -> Answer:
    """Show the rule of a deployment, after thresholds of it were changed."""
    folder = DeploymentFolder(asked.folder.resolve())
    changes = {name: value for text in asked.set for name, value in threshold_of_words(text).items()}
    if changes:
        change_policy(folder, acting_user(), changes)
    now = folder.state()
    policy, held = policy_from(now.plan.policy), standard_of(folder, now, now.working())
    seen = foreseen_for(held, now, policy, asked.labels, asked.change)
    facts: dict[str, Any] = {
        "policy": policy.model_dump(mode="json"),
        "held_to": held.text,
        "foreseen": None if seen is None else seen.model_dump(mode="json"),
        "why": not_foreseen(held) if seen is None else "",
    }
    told = [not_foreseen(held)] if seen is None else [seen.text, seen.assumed]
    return facts, "\n".join([*told, *filter(None, [held.text]), *_table(policy)])


def _table(policy: Policy) -> list[str]:
    rows = [
        (name, _cell(getattr(policy, name)), _cell(getattr(Policy(), name)), one.label)
        for name, one in BY_NAME.items()
    ]
    return lines(("threshold", "now", "usual", "what it is"), rows)


def _cell(value: Any) -> str:
    if value is None:
        return "0.05, of errors a tenth"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}"
