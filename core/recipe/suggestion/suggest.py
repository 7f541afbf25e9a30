"""A complete recipe for a table, so that it runs at once and every page only refines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.catalog.metrics import default_metric
from core.catalog.models import baseline_for, models_for
from core.data.table import Table
from core.errors import FoldlineError
from core.recipe.document import Candidate, ColumnChoice, Recipe, Source, Split
from core.recipe.suggestion.target_guess import guess_positive, task_by_levels
from core.spec import Role, Task


def default_candidates(task: Task, rows: int) -> tuple[Candidate, ...]:
    """The models compared unless told otherwise: the baseline and what is affordable for so many rows."""
    chosen = [m for m in models_for(task) if (m.max_rows is None or rows <= m.max_rows) and m.cost <= 4]
    if rows > 200_000:
        chosen = [m for m in chosen if m.cost <= 2]
    baseline = baseline_for(task)
    chosen.sort(key=lambda model: model.id != baseline)
    return tuple(Candidate(id=model.id, model=model.id) for model in chosen)


def bare(table: Table) -> Recipe:
    """The recipe of a table whose target is still to be chosen."""
    columns = tuple(
        ColumnChoice(name=c.name, kind=c.kind, role=c.role, format=c.format, levels=c.unique)
        for c in table.columns
    )
    source = Source(table=table.id, name=table.name, rows=table.rows, read=table.read, sha=table.source_sha)
    return Recipe(source=source, columns=columns, split=Split(order="content"))


def suggest(
    table: Table,
    target: str,
    *,
    task: Task | None = None,
    time: str = "",
    group: str = "",
    levels: Sequence[str] = (),
    counts: Sequence[int] = (),
    marks: str = "",
) -> Recipe:
    """A recipe for a table and its target.

    Args:
        task: by the levels of the target when None.
        time, group: columns that get these roles.
        levels, counts: distinct values of the target and their numbers of rows; names the positive class.
        marks: of a target of numbers, as in ``ColumnChoice``.

    Raises:
        FoldlineError: ``COLUMN`` for a name that the table lacks, ``TARGET`` as ``task_by_levels``.
    """
    names = {column.name for column in table.columns}
    for name in (target, time, group):
        if name and name not in names:
            hint = "Use a name as it stands in the file."
            raise FoldlineError("COLUMN", f"The table has no column {name!r}.", hint, name)
    roles: dict[str, Role] = {group: "group", time: "time", target: "target"}
    recipe = bare(table)
    goal = table.column(target)
    chosen_task = task or task_by_levels(goal, table.rows)[0]
    changes: dict[str, dict[str, Any]] = {name: {"role": role} for name, role in roles.items()}
    if chosen_task == "regression" and goal.physical == "text":
        changes[target] |= {"kind": "numeric", "marks": marks}
    columns = tuple(c.model_copy(update=changes.get(c.name, {})) for c in recipe.columns)
    return recipe.model_copy(
        update={
            "task": chosen_task,
            "target": target,
            "positive": guess_positive(levels, counts) if chosen_task == "binary" and levels else "",
            "columns": columns,
            "candidates": default_candidates(chosen_task, table.rows),
            "metric": default_metric(chosen_task),
        }
    )
