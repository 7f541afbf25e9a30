"""Fixes of findings are tried before they are offered: one that the next step would refuse is none."""

from __future__ import annotations

from collections.abc import Sequence

from core.checks.finding import Finding, Fix
from core.errors import FoldlineError
from core.recipe.columns import split_columns
from core.recipe.document import Recipe
from core.recipe.fixes import apply_fix, keeps_inputs
from core.recipe.split import rows_key
from core.train.rows.order import order_of_rows
from core.train.rows.split import Rows, split_as_asked
from core.train.rows.target import target_of
from core.train.work import TableReader, frame_of

NO_INPUT = "no column would be left to learn from."


def workable(recipe: Recipe, listed: Sequence[Finding], read: TableReader) -> list[Finding]:
    """The findings without those fixes after which the table could not be read, or its rows not be split.

    Where they cannot be split to begin with, that is no reason against a fix. Nothing is stored.
    """
    trial = _Trial(recipe, read)
    return [_with_workable_fixes(one, trial) for one in listed]


def _with_workable_fixes(one: Finding, trial: _Trial) -> Finding:
    fixes = [fix for fix in (one.fix, one.other_fix) if fix is not None]
    against = [(fix, trial.against(fix)) for fix in fixes]
    left = [fix for fix, why in against if not why]
    if len(left) == len(fixes):
        return one
    said = [f"“{fix.label}” is not offered: {why}" for fix, why in against if why]
    first, other = [*left, None, None][:2]
    return one.model_copy(update={"fix": first, "other_fix": other, "reason": " ".join([one.reason, *said])})


class _Trial:
    """A recipe on whose copies fixes are tried; rows that were split once are not split again."""

    def __init__(self, recipe: Recipe, read: TableReader) -> None:
        self.recipe, self.read = recipe, read
        self.problems: dict[str, str] = {}
        self._order: list[Rows | None] = []

    def against(self, fix: Fix) -> str:
        """Why a fix cannot be had, as a sentence; empty where it can."""
        try:
            after = apply_fix(self.recipe, fix)
            if not keeps_inputs(self.recipe, after):
                return NO_INPUT
            column = fix.args.get("column")
            if column in {one.name for one in after.columns}:
                frame_of(after, self.read, [column])
        except FoldlineError as error:
            return error.problem
        if rows_key(after) == rows_key(self.recipe):
            return ""
        return "" if self._problem(self.recipe) else self._problem(after)

    def _problem(self, recipe: Recipe) -> str:
        key = rows_key(recipe)
        if key not in self.problems:
            self.problems[key] = self._split(recipe)
        return self.problems[key]

    def _split(self, recipe: Recipe) -> str:
        if not self._order:
            self._order.append(order_of_rows(self.recipe, self.read))
        try:
            frame = frame_of(recipe, self.read, split_columns(recipe))
            split_as_asked(recipe, frame, target_of(recipe, frame, self._order[0]))
        except FoldlineError as error:
            return error.problem
        return ""
