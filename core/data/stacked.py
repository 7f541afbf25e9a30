"""Two tables of the same columns, one below the other."""

from __future__ import annotations

import pandas as pd

from core.data.table import Note, Table
from core.errors import FoldlineError
from core.standalone.counts import counted, first_of

LISTED = 5


def stacked(
    above: tuple[Table, pd.DataFrame], below: tuple[Table, pd.DataFrame]
) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """(n + m, p) the rows of two tables in the columns that both have, and what was left out.

    Args:
        above, below: each a table and its frame; the columns stand as in ``below``.

    Raises:
        FoldlineError: ``SCHEMA`` when a column holds numbers in one and text or times in the other.
    """
    (first, upper), (second, lower) = above, below
    names = [name for name in lower.columns if name in upper.columns]
    for name in names:
        _same_type(name, first, second)
    parts = [
        frame[names].astype({name: like[name].dtype for name in names if frame[name].isna().all()})
        for frame, like in ((upper, lower), (lower, upper))
    ]
    notes = [*_left_out(first, names, second), *_left_out(second, names, first)]
    return pd.concat(parts, ignore_index=True), tuple(notes)


def _same_type(name: str, first: Table, second: Table) -> None:
    one, other = first.column(name), second.column(name)
    is_empty = one.missing == first.rows or other.missing == second.rows
    if one.physical == other.physical or is_empty:
        return
    problem = f"{name!r} was read as {one.physical} in {first.name} and as {other.physical} in {second.name}."
    raise FoldlineError("SCHEMA", problem, "Correct its cells so that both files write it alike.", name)


def _left_out(table: Table, names: list[str], other: Table) -> list[Note]:
    more = [column.name for column in table.columns if column.name not in names]
    if not more:
        return []
    listed = first_of(list(map(repr, more)), LISTED)
    text = f"{counted(len(more), 'column')} of {table.name} left out, which {other.name} lacks: {listed}."
    return [Note(code="ONLY_IN_ONE", text=text)]
