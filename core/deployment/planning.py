"""The checks of a deployment's plan, changed while nobody else changes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from core.deployment.batch_entries import Planned
from core.deployment.conditions import Condition
from core.deployment.folder import DeploymentFolder
from core.deployment.log import Reading, append_after
from core.deployment.state import deployment_state


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
