"""Every check of a table in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from core.catalog.checks import CHECKS
from core.catalog.metrics import METRICS, metric_for_rare
from core.checks.finding import SEVERITIES, Finding, Subject
from core.data.table import Column
from core.errors import FoldlineError
from core.recipe.usage import Accepted, Settings
from core.spec import Task

GROUPED = "GROUPED"
"""Code of what is found of the columns that name what rows belong to."""


def unsettled(listed: Sequence[Finding], accepted: Sequence[Accepted]) -> list[Finding]:
    """The problems (scores would mislead) that nobody has mended or let stand with a reason."""
    settled = {one.key for one in accepted}
    return [one for one in listed if one.severity == "error" and (one.code, one.column) not in settled]


def findings(
    frame: pd.DataFrame,
    columns: Sequence[Column],
    target: str,
    task: Task,
    *,
    metric: str = "",
    unrepeated: bool = False,
    seed: int = 0,
    limits: Settings | None = None,
    gaps: Mapping[str, int] | None = None,
    apart: float = 0.0,
    decimal: str = ".",
    of_roles: bool = False,
) -> list[Finding]:
    """What all checks find in a table, errors first, then warnings, then what is merely worth knowing.

    Args:
        frame: the typed table.
        columns: its columns with the kinds and roles the recipe gives them.
        target: name of the target column.
        task: how the target is read.
        metric: id of the metric that ranks the models; decides whether imbalance offers a fix.
        unrepeated: whether the recipe already leaves duplicates out.
        seed: of the samples that checks take.
        gaps: the texts of the file in place of the target, with their numbers.
        apart: within which distance of another one the recipe leaves rows out.
        decimal: decimal mark of the file.
        of_roles: run only the checks of target, group and time, and give only what they find of these, and
            of what rows belong to.
        limits: id of a check -> its settings that differ from their defaults.

    Raises:
        FoldlineError: ``COLUMN`` when the table has no such target; ``CATALOG`` or ``PARAM`` for a check, or
            a setting of one, that there is not.
    """
    if target not in {c.name for c in columns}:
        hint = "Choose a column of the table as the target."
        raise FoldlineError("COLUMN", f"There is no column {target!r}.", hint, target)
    minds_rare = metric in METRICS and METRICS[metric].minds_rare
    rare_metric = metric_for_rare(task)
    subject = Subject(
        frame,
        tuple(columns),
        target,
        task,
        minds_rare,
        rare_metric,
        unrepeated,
        seed,
        gaps or {},
        apart,
        decimal,
    )
    chosen = {CHECKS[check].id: settings for check, settings in (limits or {}).items()}
    checks = [check for check in CHECKS if check.of_roles or not of_roles]
    every = [one for check in checks for one in check.build(chosen.get(check.id, {}), subject=subject)]
    of_these = {target, *(column.name for column in subject.placing("group", "time"))}
    every = [one for one in every if one.column in of_these or one.code == GROUPED or not of_roles]
    return sorted(every, key=lambda finding: SEVERITIES.index(finding.severity))
