"""Labels that have come and cannot be read as training read them: they are told, and not taken as late."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from core.digits import count
from core.recipe.document import Recipe
from core.standalone.cells import as_text, is_infinite
from core.standalone.counts import counted
from core.train.rows.target import labels_of
from core.watch.judge.late_labels import arrived
from core.watch.judge.schema_gate import DataIssue
from core.watch.result import DriftReport

UNREAD = "UNREAD_LABELS"
MOST = 0.05
"""Share of the labels that may be unread for the others to stand for all."""


@dataclass(frozen=True)
class UnreadLabels:
    """The labels of new rows that are no number.

    Attributes:
        cells: how many; ``infinite`` of them are infinite.
        of: labels that have come.
        example: one of them.
    """

    target: str
    cells: int
    infinite: int
    of: int
    example: str

    @property
    def are_many(self) -> bool:
        """Whether those that can be read may not stand for all: small ones, or those of one source."""
        return self.cells > MOST * self.of

    @property
    def issue(self) -> DataIssue:
        """What is said of them."""
        infinite = f" ({count(self.infinite)} of them infinite)" if self.infinite else ""
        cells, labels = count(self.cells), counted(self.of, "label")
        text = (
            f"{cells} of {labels} in {self.target!r} cannot be read as numbers as training wrote "
            f"them{infinite}, such as {self.example!r}: they are left out."
        )
        if self.are_many:
            text += (
                " The others need not be like them, so that neither they nor the score are judged. Write "
                "them as training did."
            )
        return DataIssue("warn" if self.are_many else "info", UNREAD, self.target, text)


def unread_labels(recipe: Recipe, frame: pd.DataFrame) -> UnreadLabels | None:
    """The labels that are no number; None where all are, or classes are predicted.

    Args:
        frame: the new rows as they were read, before ``as_learned``.
    """
    if recipe.task != "regression" or recipe.target not in frame.columns:
        return None
    given = arrived(frame[recipe.target], ())
    texts = as_text(given)
    own = set(recipe.column(recipe.target).missing)
    there = texts.notna() & ~texts.isin(own)
    read = labels_of(recipe, given)
    lost = (there & (read.isna() | ~np.isfinite(read.astype("float64")))).to_numpy(bool)
    if not lost.any():
        return None
    infinite = is_infinite(given, recipe.source.read.decimal).to_numpy(bool) & lost
    example = str(texts[lost].iloc[0])[:40]
    return UnreadLabels(recipe.target, int(lost.sum()), int(infinite.sum()), int(there.sum()), example)


def with_unread(report: DriftReport, unread: UnreadLabels | None) -> DriftReport:
    """The report with the labels that cannot be read; where they are many nothing is said of the others."""
    if unread is None:
        return report
    late = [
        one
        for one in report.findings
        if one.code not in ("NO_LABELS", "TYPE_CHANGED") or one.column != unread.target
    ]
    changes: dict[str, object] = {"findings": (unread.issue, *late)}
    if unread.are_many and report.target is not None:
        reason = "Too many labels cannot be read."
        silent = replace(
            report.target,
            state="not_computed",
            p=None,
            q=None,
            effect=None,
            strength=0.0,
            impact=0.0,
            reason=reason,
        )
        changes["target"] = silent
    return report.model_copy(update=changes)
