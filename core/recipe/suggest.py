"""A complete recipe for a table, so that it runs at once and every page only refines."""

from __future__ import annotations

from collections.abc import Sequence

from core.catalog.metrics import default_metric
from core.catalog.models import baseline_for, models_for
from core.data.table import Column, Table
from core.errors import FoldlineError
from core.recipe.document import Candidate, ColumnChoice, Recipe, Source
from core.spec import WITH_LEVELS, Role, Task

TARGET_NAMES = (
    "target",
    "label",
    "class",
    "y",
    "outcome",
    "churn",
    "income",
    "survived",
    "price",
    "fail",
    "result",
)
POSITIVE_WORDS = (
    "yes",
    "true",
    "positive",
    "bad",
    "fail",
    "failed",
    "fraud",
    "churn",
    "spam",
    "up",
    ">50k",
)
OPPOSITES = {"1": ("0", "-1"), "y": ("n",), "t": ("f",)}
"""Short words that tell the positive class only beside one of these; in {1, 2} they are mere codes."""
MANY_CLASSES = 100


def guess_target(columns: Sequence[Column]) -> str:
    """The column that looks most like a target by its name, else the last one that could be."""
    able = [column for column in columns if column.kind not in ("id", "constant", "datetime", "text")]
    # The whole name says more than a word in it: price comes before energy_label. The last column is next.
    for column in able:
        if column.name.strip().lower() in TARGET_NAMES:
            return column.name
    for column in [*able[-1:], *able]:
        words = column.name.lower().replace("_", " ").split()
        if any(word in TARGET_NAMES for word in words):
            return column.name
    return able[-1].name if able else ""


def guess_task(column: Column, rows: int) -> tuple[Task, str]:
    """The task that fits a target, with the reason in words.

    Raises:
        FoldlineError: ``TARGET`` when the column cannot be a target.
    """
    name, unique = repr(column.name), column.unique
    if unique < 2:
        raise FoldlineError(
            "TARGET", f"The target {name} has one value only.", "Choose another target.", column.name
        )
    if unique == 2:
        return "binary", f"{name} has two values."
    if column.physical == "number":
        whole = column.kind in WITH_LEVELS
        if unique <= 20 and unique / rows <= 0.05 and whole:
            return "multiclass", f"{name} has {unique} different values and was marked as categorical."
        return "regression", f"{name} is a number with {unique:,} different values."
    if column.kind in ("id", "text") or unique > MANY_CLASSES:
        raise FoldlineError(
            "TARGET",
            f"The target {name} has {unique:,} different texts: it looks like an id.",
            "Choose another target.",
            column.name,
        )
    return "multiclass", f"{name} has {unique} different levels."


def guess_positive(levels: Sequence[str], counts: Sequence[int]) -> str:
    """The positive class: a telling word, else the rarer one."""
    words = {level.lower().rstrip("."): level for level in levels}
    for word, level in words.items():
        if word in POSITIVE_WORDS or any(other in words for other in OPPOSITES.get(word, ())):
            return level
    return min(zip(counts, levels, strict=True))[1]


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
    return Recipe(source=source, columns=columns)


def suggest(
    table: Table,
    target: str,
    *,
    task: Task | None = None,
    time: str = "",
    group: str = "",
    levels: Sequence[str] = (),
    counts: Sequence[int] = (),
) -> Recipe:
    """A recipe for a table and its target.

    Args:
        task: guessed from the target when None.
        time, group: columns that get these roles.
        levels, counts: distinct values of the target and their numbers of rows; names the positive class.

    Raises:
        FoldlineError: ``COLUMN`` for a name that the table lacks, ``TARGET`` when the target cannot be one.
    """
    names = {column.name for column in table.columns}
    for name in (target, time, group):
        if name and name not in names:
            hint = "Use a name as it stands in the file."
            raise FoldlineError("COLUMN", f"The table has no column {name!r}.", hint, name)
    chosen_task = task or guess_task(table.column(target), table.rows)[0]
    roles: dict[str, Role] = {group: "group", time: "time", target: "target"}
    recipe = bare(table)
    columns = tuple(c.model_copy(update={"role": roles.get(c.name, c.role)}) for c in recipe.columns)
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
