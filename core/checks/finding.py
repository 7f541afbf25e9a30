"""What a check finds, and what it looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd

from core.checks.entity_names import names_entity
from core.checks.owners import own_rows
from core.data.table import Column, Frozen
from core.spec import CLASSIFICATION, PREPARED, Kind, Role, Task

Severity = Literal["error", "warn", "info"]
FEWEST_ENTITIES = 3
MANY_ROWS = 5
"""Mean rows a level from which it may be what rows belong to."""
DECIMALS = 3
"""Of numbers that were measured or charged; names that look like numbers have more."""
OF_ENTITIES: tuple[Kind, ...] = ("categorical", "numeric")
"""Kinds of features that may name what rows belong to."""
SEVERITIES: tuple[Severity, ...] = ("error", "warn", "info")


class Fix(Frozen):
    """A recipe edit that cures a finding: one of core.recipe.fixes, its keywords, its button."""

    edit: str
    args: dict[str, Any] = {}
    label: str


class Finding(Frozen):
    """One thing that is wrong, or worth knowing, with one sentence of reason.

    Attributes:
        code: stable upper-case id.
        severity: ``error`` (scores would mislead), ``warn`` or ``info``.
        column: the column it is about, or empty.
        fix: the edit that cures it, or None.
        other_fix: another edit that cures it, where the column may be either of two things.
    """

    code: str
    severity: Severity
    column: str
    reason: str
    fix: Fix | None = None
    other_fix: Fix | None = None


@dataclass(frozen=True)
class Subject:
    """What a check looks at.

    Attributes:
        frame: the typed table.
        columns: its columns; kinds and roles as the user has them now.
        target: name of the target.
        task: how the target is read.
        minds_rare: whether the metric that ranks the models says how rare classes fare.
        rare_metric: id of the metric that is offered when one does not; empty for none.
        unrepeated: whether the recipe leaves duplicates out.
        seed: of every sample.
        gaps: the texts of the file in place of the target, with their numbers; ``""`` where it is empty.
        apart: within which distance of another one rows are left out; 0 for none.
        decimal: decimal mark of the file.
    """

    frame: pd.DataFrame
    columns: tuple[Column, ...]
    target: str
    task: Task
    minds_rare: bool = False
    rare_metric: str = ""
    unrepeated: bool = False
    seed: int = 0
    gaps: Mapping[str, int] = field(default_factory=dict)
    apart: float = 0.0
    decimal: str = "."

    def features(self, *kinds: Kind) -> tuple[Column, ...]:
        """The columns a model would see, of these kinds or of any that carries information."""
        wanted = kinds or PREPARED
        return tuple(
            c for c in self.columns if c.role == "feature" and c.kind in wanted and c.name != self.target
        )

    def placing(self, *roles: Role) -> tuple[Column, ...]:
        """The columns with one of these roles: they say on which side of the split a row stands."""
        return tuple(c for c in self.columns if c.role in roles and c.name != self.target)

    def entities(self, fewest: int) -> tuple[Column, ...]:
        """The features that name what rows belong to, by their name or their codes and rows.

        They have so many levels at least, with two rows each.

        None once rows are divided by time or by group.
        """
        return () if self.placing("group", "time") else self._naming(self.features(*OF_ENTITIES), fewest)

    def entities_aside(self, fewest: int) -> tuple[Column, ...]:
        """The same of the columns that were left out, also as ids."""
        return () if self.placing("group", "time") else self._naming(self.aside(), fewest)

    def owners(self, fewest: int) -> tuple[Column, ...]:
        """All columns that name what rows belong to, used or left out, however the rows are divided."""
        return self._naming((*self.features(*OF_ENTITIES), *self.placing("time"), *self.aside()), fewest)

    def aside(self) -> tuple[Column, ...]:
        """The columns that were left out and may say what rows belong to."""
        return tuple(
            c
            for c in self.columns
            if c.role == "ignore"
            and c.name != self.target
            and FEWEST_ENTITIES <= c.unique <= (len(self.frame) - c.missing) / 2
        )

    def _naming(self, columns: tuple[Column, ...], fewest: int) -> tuple[Column, ...]:
        rows = len(self.frame)
        return tuple(
            c
            for c in columns
            if (names_entity(c.name) or c.name in self._owners)
            and fewest <= c.unique <= (rows - c.missing) / 2
            and not _is_amount(self.frame[c.name])
        )

    @cached_property
    def _owners(self) -> frozenset[str]:
        """The columns of codes whose rows are alike."""
        named = (*self.features("categorical"), *self.aside())
        names = [c.name for c in named if c.physical == "text"]
        measured = [c.name for c in self.features("numeric") if c.physical == "number"]
        return own_rows(self.frame, names, measured, self.target)

    def cures(self, column: Column) -> tuple[Fix, Fix | None]:
        """The edits for a column whose levels tell the target: the likelier first, then the other one.

        Levels of many rows each, more than twice the classes, are rather what rows belong to than a leak.
        """
        present = len(self.frame) - column.missing
        is_divided = bool(self.placing("group", "time"))
        if column.kind == "boolean" or is_divided or not FEWEST_ENTITIES <= column.unique <= present / 2:
            return leave_out(column.name), None
        both = keep_together(column.name), leave_out(column.name)
        classes = self.goal.unique if self.task in CLASSIFICATION else 1
        has_many = (
            column.physical == "text" and present >= MANY_ROWS * column.unique > 2 * MANY_ROWS * classes
        )
        return both if has_many or column in self.entities(FEWEST_ENTITIES) else both[::-1]

    @property
    def goal(self) -> Column:
        """The target's column."""
        return next(c for c in self.columns if c.name == self.target)


def _is_amount(values: pd.Series) -> bool:
    """Whether a column holds numbers with a few decimals, as no name of an entity has."""
    if not pd.api.types.is_numeric_dtype(values.dtype):
        return False
    numbers = values.to_numpy(dtype="float64", na_value=np.nan)
    numbers = numbers[np.isfinite(numbers)]
    few = np.abs(numbers - np.round(numbers, DECIMALS)) <= 1e-9 * np.maximum(1.0, np.abs(numbers))
    return bool(np.any(numbers % 1) and few.all())


def leave_out(column: str) -> Fix:
    """The edit that takes a column out of the features."""
    return Fix(edit="set_role", args={"column": column, "role": "ignore"}, label="Leave it out")


def keep_together(column: str) -> Fix:
    """The edit that keeps the rows of each value of a column on one side of every split."""
    return Fix(edit="set_role", args={"column": column, "role": "group"}, label="Keep its rows together")
