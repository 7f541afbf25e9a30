"""A row as it comes, a field of its form, and what is odd about a single one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from core.errors import FoldlineError
from core.explain.domain import Domain
from core.results.one_row import Row, RowField
from core.results.predict import SchemaIssue
from core.standalone.counts import counted

EMPTY, OFTEN = "EMPTY_COLUMN", 0.01
"""The code of a cell without a value, and the share of training rows without one from which it is no news."""


def field_of(domain: Domain, weight: float) -> RowField:
    """The field of a column that matters so much."""
    column = domain.column
    has_range = domain.low is not None and domain.high is not None
    return RowField(
        name=domain.name,
        kind=column.kind,
        low=(domain.low if domain.whole else column.low) if has_range else None,
        high=(domain.high if domain.whole else column.high) if has_range else None,
        whole=domain.whole,
        step=domain.step,
        levels=domain.levels,
        more=bool(domain.levels) and not column.complete,
        typical=domain.typical,
        weight=weight,
    )


def of_one_row(issues: Iterable[SchemaIssue], known: Mapping[str, Domain]) -> Iterator[SchemaIssue]:
    """The issues without cells that are empty as many were in training, and those that were not in words."""
    for issue in issues:
        if issue.code != EMPTY:
            yield issue
        elif (share := known[issue.column].missing) < OFTEN:
            text = f"{issue.column!r} has no value; in training {share:.2%} of the rows had none."
            yield issue.model_copy(update={"text": text})


def parsed_row(document: Any) -> Row:
    """A row from JSON: numbers, texts, yes and no, null.

    Raises:
        FoldlineError: ``ROW`` when it is no object of such cells.
    """
    if not isinstance(document, Mapping):
        raise FoldlineError("ROW", "The row is no object.", 'Give {"column": value, ...}.')
    for name, cell in document.items():
        if not isinstance(cell, str | int | float | None):
            raise FoldlineError("ROW", f"The cell of {name!r} is no value.", "Give a number or a text.", name)
    return {str(name): float(c) if isinstance(c, int) else c for name, c in document.items()}


def wanted(goal: str | float, upwards: bool, free: int) -> str:
    """What a search looks for, in words; ``free`` columns may change, or none need to."""
    what = (
        f"the class {goal}"
        if isinstance(goal, str)
        else f"{'at least' if upwards else 'at most'} {goal:,.6g}"
    )
    return f"{what}, by changing up to four of {counted(free, 'column')}" if free else what
