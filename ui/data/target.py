"""The target: which column is predicted, how it is read, and which class is of interest."""

from __future__ import annotations

from functools import cache, partial

import pandas as pd
import streamlit as st
from plotly.graph_objects import Figure

from core.data.formats.parquet import read_table
from core.data.query import levels
from core.data.table import Column, Table
from core.data.table_profile import Histogram, NumberSummary, TableProfile
from core.errors import FoldlineError
from core.recipe.document import Recipe
from core.recipe.edits import set_kind, set_positive
from core.recipe.suggestion.first import aimed
from core.recipe.suggestion.target_guess import TargetGuess, guess_task
from core.spec import Kind, Task
from ui import charts
from ui.data import sources
from ui.frame.session import project, workspace
from ui.frame.theme import Palette
from ui.jobs.figures import picture
from ui.widgets import state
from ui.widgets.labels import TASKS
from ui.widgets.short_names import shortened
from ui.widgets.state import Change
from ui.widgets.text import label
from ui.widgets.tied import tie

MOST_CLASSES = 100
SHOWN_LEVELS = 50


@st.cache_data(max_entries=64, show_spinner=False)
def _levels(root: str, owner: str, table: str, column: str) -> tuple[list[str], list[int]]:
    counts = levels(workspace().table_path(owner, table), column, SHOWN_LEVELS)
    return [str(level) for level in counts["level"]], [int(n) for n in counts["count"]]


def levels_of(recipe: Recipe, column: str) -> tuple[list[str], list[int]]:
    """The commonest values of a column as texts, and their numbers of rows; its missing words left out."""
    names, counts = _levels(str(workspace().root), project(), recipe.source.table, column)
    gone = recipe.column(column).missing
    kept = [(name, n) for name, n in zip(names, counts, strict=True) if name not in gone]
    return [name for name, _ in kept], [n for _, n in kept]


def as_chosen(recipe: Recipe, table: Table, name: str, kind: Kind | None = None) -> Column:
    """A column of the table with the kind that the recipe gives it."""
    return table.column(name).model_copy(update={"kind": kind or recipe.column(name).kind})


def tasks_for(column: Column) -> tuple[Task, ...]:
    """The tasks that a column can be the target of."""
    number = column.physical == "number" or column.kind == "numeric"
    tasks: list[Task] = ["binary"] if column.unique == 2 else []
    if 2 < column.unique <= MOST_CLASSES:
        tasks.append("multiclass")
    return (*tasks, "regression") if number else tuple(tasks)


def aim(
    recipe: Recipe, table: Table, name: str, kind: Kind | None = None, task: Task | None = None
) -> Change:
    """The edit that makes a column the target, with the task and the positive class that fit it.

    Args:
        kind: another kind for the column, or None.
        task: as a person chose it; guessed when None.

    Raises:
        FoldlineError: ``TARGET`` when the column cannot be one.
    """
    column = as_chosen(recipe, table, name, kind)

    @cache
    def values() -> pd.Series:
        return read_table(workspace().table_path(project(), recipe.source.table), [name])[name]

    def change(old: Recipe) -> Recipe:
        return aimed(set_kind(old, name, kind) if kind else old, column, values, task)

    change(recipe)
    return change


@st.cache_data(max_entries=64, show_spinner=False)
def _guess(root: str, owner: str, table: str, rows: int, decimal: str, column: Column) -> TargetGuess:
    path = workspace().table_path(owner, table)
    return guess_task(column, rows, lambda: read_table(path, [column.name])[column.name], decimal)


def guess_of(recipe: Recipe, table: Table) -> TargetGuess:
    """How the target would be read if nobody had chosen.

    Raises:
        FoldlineError: as ``guess_task``.
    """
    column = as_chosen(recipe, table, recipe.target)
    return _guess(str(workspace().root), project(), table.id, table.rows, table.read.decimal, column)


def has_word_classes(table: Table, name: str) -> bool:
    """Whether a column has words that were read as missing, and would be classes if it was the target."""
    column = table.column(name)
    return bool(column.words) and column.physical == "text" and sources.is_kept(table)


def key_of(name: str, table: str) -> str:
    """The key of a widget that offers what a table holds.

    It names the table: when another one takes its place, the browser still sends what the widget showed of
    the old one, and that must not be shown in the new one; nor is it a choice (``state.edit``).
    """
    return f"data.{name}.{table[:12]}"


def _aimed(recipe: Recipe, table: Table, name: str | None) -> None:
    """Commits the select of the target."""
    if name is None:
        return
    try:
        if has_word_classes(table, name):
            sources.read(table.source_sha, table.name, table.read, target=name)
        else:
            state.edit(aim(recipe, table, name), f"predict {name}", table.id)
    except FoldlineError as error:
        state.refuse(error)


def _read_as(recipe: Recipe, table: Table, task: Task) -> None:
    """Commits the select of the task."""
    try:
        change = aim(recipe, table, recipe.target, task=task)
        state.edit(change, f"predict {recipe.target}: {TASKS[task].lower()}", table.id)
    except FoldlineError as error:
        state.refuse(error)


def card(recipe: Recipe, table: Table, described: TableProfile | None) -> None:
    """Draw what is predicted, why it is read so, and how it is spread.

    Args:
        described: the table's profile, or None while there is none.
    """
    with st.container(border=True, key="data.target.card"):
        st.subheader("What to predict", anchor=False)
        if not recipe.target:
            st.markdown("No column stood out. Choose the one that you want to know for new rows.")
            _select(recipe, table)
            return
        with st.grid(2, min_column_width=320, gap="medium"):
            with st.container(gap="small"):
                _select(recipe, table)
                _task(recipe, table)
            if described is not None:
                with st.container(gap=None):
                    _spread(recipe, described)


def _select(recipe: Recipe, table: Table) -> None:
    names = [c.name for c in recipe.columns if c.kind != "constant" or has_word_classes(table, c.name)]
    now = recipe.target if recipe.target in names else None
    shown = shortened(names, 48)
    bound = tie(key_of("target", table.id), now, partial(_aimed, recipe, table), map(shown, names))
    st.selectbox(
        "Target column",
        names,
        index=None,
        format_func=shown,
        placeholder="Choose a column",
        help="The column that is known for these rows and wanted for new ones. It is never a feature.",
        **bound,
    )


def _task(recipe: Recipe, table: Table) -> None:
    column = as_chosen(recipe, table, recipe.target)
    guess, reason = _reason(recipe, table)
    able = tasks_for(column)
    if guess == "regression" and "regression" not in able:
        able = (*able, "regression")
    options = able if recipe.task in able else (*able, recipe.task)
    bound = tie(key_of("task", table.id), recipe.task, lambda task: _read_as(recipe, table, task))
    with st.grid(2, min_column_width=150, gap="small"):
        st.selectbox(
            "Task",
            options,
            format_func=lambda task: TASKS[task],
            help="Binary classification tells two classes apart, multiclass classification several; "
            "regression estimates a number. Models and metrics follow.",
            **bound,
        )
        if recipe.task == "binary":
            _positive(recipe)
    st.caption(reason)


def _positive(recipe: Recipe) -> None:
    names = levels_of(recipe, recipe.target)[0][:2]
    options = names if recipe.positive in names else [*names, recipe.positive]
    table, shown = recipe.source.table, shortened(options, 40)
    key = key_of("positive", table)
    st.selectbox(
        "Positive class",
        options,
        format_func=shown,
        help="The class that is looked for: metrics, probabilities and the threshold speak of it.",
        **state.bind(key, recipe.positive, set_positive, "positive class", table, map(shown, options)),
    )


def _reason(recipe: Recipe, table: Table) -> tuple[Task | None, str]:
    """The task that would be guessed for the target, if any, and why it is read as it is."""
    try:
        guess = guess_of(recipe, table)
    except FoldlineError as error:
        return None, f":material/warning: {label(error.problem)}"
    reason = label(guess.reason, 400)
    return guess.task, reason if guess.task == recipe.task else f"You chose this. {reason}"


def _spread(recipe: Recipe, described: TableProfile) -> None:
    summary = described.column(recipe.target)
    if summary is None:
        return

    def make(colours: Palette) -> Figure:
        if recipe.task == "regression" and isinstance(summary, NumberSummary):
            return charts.histogram(bins_of(summary.histogram), colours, recipe.target, height=200)
        names, counts = levels_of(recipe, recipe.target)
        shares = pd.DataFrame({"level": names[:8], "count": counts[:8]})
        return charts.bars(shares, colours, "rows", height=max(120, 70 + 26 * len(shares)))

    figure = picture(make, "target", recipe.source.table, recipe.target, recipe.task, summary.kind)
    charts.draw(figure, f"How the values of {label(recipe.target)} are spread", key="data.target.chart")


def bins_of(histogram: Histogram) -> pd.DataFrame:
    """A histogram as ``low``, ``high``, ``count``."""
    edges = list(histogram.edges)
    return pd.DataFrame({"low": edges[:-1], "high": edges[1:], "count": list(histogram.counts)})
