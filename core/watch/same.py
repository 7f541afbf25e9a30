"""Noticing that the new rows are the reference itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.watch.columns import ColumnDrift, Tested
from core.watch.reference import ColumnProfile, ReferenceProfile
from core.watch.schema import Finding
from core.watch.summary import FEW_VALUES, compact

WHY_NOT = "A model is surer of rows that it has learned from, so what it says of them is not compared."
SAME_ROWS = Finding(
    "info", "SAME_ROWS", "", "The new rows are those of the reference, so nothing can have changed."
)


def are_same(reference: ReferenceProfile, rows: int, tested: Sequence[Tested]) -> bool:
    """Whether both sides have the same columns, as many rows and each column the very same distribution.

    Columns of few values may agree by chance, so at least one must have more.
    """
    sides = [(column.reference.profile, column.current.profile) for column in tested]
    varied = any(old.distinct > FEW_VALUES for old, _ in sides)
    whole = len(sides) == len(reference.columns) and reference.n == rows
    return whole and varied and all(_agree(old, compact(new)) for old, new in sides)


def _agree(old: ColumnProfile, new: ColumnProfile) -> bool:
    return (
        (old.n, old.missing, old.distinct, old.low, old.high)
        == (new.n, new.missing, new.distinct, new.low, new.high)
        and old.levels == new.levels
        and old.parts == new.parts
        and np.array_equal(old.values, new.values)
        and np.array_equal(old.weights, new.weights)
    )


def uncompared(outputs: Sequence[ColumnDrift]) -> list[ColumnDrift]:
    """The outputs of a model on its own training rows, which say nothing of drift."""
    return [
        replace(
            output, state="not_computed", test="", p=None, q=None, effect=None, impact=0.0, reason=WHY_NOT
        )
        for output in outputs
    ]
