"""The plan of a deployment, changed while nobody else changes it: its checks, and the rule on retraining."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.deployment.batch_entries import Planned
from core.deployment.conditions import Condition
from core.deployment.folder import DeploymentFolder
from core.deployment.log import Reading, append_after
from core.deployment.state import deployment_state
from core.watch.decision.thresholds import policy_from, stored_policy


def change_checks(
    folder: DeploymentFolder, by: str, change: Callable[[tuple[Condition, ...]], Sequence[Condition]]
) -> None:
    """Writes the plan with other checks, each once; what others added meanwhile is there when it is asked.

    Args:
        change: the checks of now -> those from now on; the same ones write nothing.

    Raises:
        FoldlineError: as ``append_after``.
    """

    def planned(reading: Reading) -> Sequence[Planned]:
        plan = deployment_state(reading).plan
        checks = tuple(dict.fromkeys(change(plan.checks)))
        return [] if checks == plan.checks else [Planned(checks=checks, drift=plan.drift, policy=plan.policy)]

    append_after(folder.log, by, planned)


def change_policy(folder: DeploymentFolder, by: str, changes: Mapping[str, Any]) -> None:
    """Writes the plan with other thresholds of the rule on retraining; those of now write nothing.

    Args:
        changes: field of ``Policy`` -> its value from now on; the others stay as they are by then.

    Raises:
        FoldlineError: ``THRESHOLD`` as ``policy_from``; as ``append_after``.
    """

    def planned(reading: Reading) -> Sequence[Planned]:
        plan = deployment_state(reading).plan
        before = policy_from(plan.policy)
        policy = policy_from({**before.model_dump(), **changes})
        if policy == before:
            return []
        return [Planned(checks=plan.checks, drift=plan.drift, policy=stored_policy(policy))]

    append_after(folder.log, by, planned)
