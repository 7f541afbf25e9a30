"""Every check of a table in one call."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from core.catalog.checks import CHECKS
from core.catalog.metrics import METRICS, metric_for_rare
from core.checks.finding import SEVERITIES, Finding, Subject
from core.data.table import Column
from core.errors import FoldlineError
from core.spec import Task


def findings(
    frame: pd.DataFrame,
    columns: Sequence[Column],
    target: str,
    task: Task,
    *,
    metric: str = "",
    unrepeated: bool = False,
    seed: int = 0,
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

    Raises:
        FoldlineError: ``COLUMN`` when the table has no such target.
    """
    if target not in {c.name for c in columns}:
        hint = "Choose a column of the table as the target."
        raise FoldlineError("COLUMN", f"There is no column {target!r}.", hint, target)
    minds_rare = metric in METRICS and METRICS[metric].minds_rare
    rare_metric = metric_for_rare(task)
    subject = Subject(frame, tuple(columns), target, task, minds_rare, rare_metric, unrepeated, seed)
    found: list[Finding] = [finding for check in CHECKS for finding in check.build({}, subject=subject)]
    return sorted(found, key=lambda finding: SEVERITIES.index(finding.severity))
