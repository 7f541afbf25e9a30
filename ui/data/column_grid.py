"""The grid of columns: what each one means and what it is used for, edited in place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from core.data.table import Column, Table
from core.data.table_profile import Summary, TableProfile, TextSummary
from core.errors import FoldlineError
from core.recipe.columns import check_kind
from core.recipe.document import ColumnChoice, Recipe
from core.recipe.edits import set_kind, set_role
from core.spec import Kind, Role
from core.standalone.counts import counted
from ui.data import target
from ui.frame.session import own, project
from ui.widgets import state
from ui.widgets.labels import KIND_HELP, KINDS, ROLE_HELP, ROLES
from ui.widgets.short_names import by_name
from ui.widgets.state import Change
from ui.widgets.text import count, visible

PAGE = 200
FILTER_FROM = 12
ROW_PIXELS, MOST_PIXELS = 35, 600
NAME_LENGTH = 25
"""Characters that the column of names has room for."""
MOST_CHARACTERS = 1_000
NAME_HELP = "Long names are shortened to what tells them apart; the last column then has the whole ones."


def draw(recipe: Recipe, table: Table, described: TableProfile | None) -> None:
    """Draw the grid; a filter and pages come with the number of columns.

    Args:
        described: the table's profile, or None while there is none.
    """
    shown = _filtered(recipe) if len(recipe.columns) > FILTER_FROM else list(recipe.columns)
    pages = -(-len(shown) // PAGE)
    start = PAGE * ((st.session_state.get(own("data.columns.page")) or 1) - 1)
    if start >= len(shown):
        start = 0
    part = shown[start : start + PAGE]
    if not part:
        st.caption("No column fits this search.")
        return
    names = tuple(column.name for column in part)
    key = own(f"data.columns.{hash((recipe.source.table, names)):x}")
    st.data_editor(
        rows(part, table, described),
        key=key,
        hide_index=True,
        disabled=["name", "missing", "unique", "shape", "reason", "full"],
        column_config=_config(),
        height=min(MOST_PIXELS, ROW_PIXELS * (len(part) + 1) + 3),
        on_change=_commit,
        args=(project(), key, names, recipe, table),
        alt="Each column with its kind, role, missing values and distribution",
    )
    if pages > 1:
        st.pagination(pages, key=own("data.columns.page"))


def _filtered(recipe: Recipe) -> list[ColumnChoice]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = st.text_input(
            "Find columns",
            key=own(f"data.columns.find.{recipe.source.table[:12]}"),
            placeholder="Part of a name, a kind or a role",
            persist_state="session",
            live=True,
            width=320,
        )
        fitting = [column for column in recipe.columns if _fits(column, (wanted or "").lower().strip())]
        if wanted and fitting:
            _together(tuple(column.name for column in fitting))
    return fitting


def _fits(column: ColumnChoice, wanted: str) -> bool:
    texts = (column.name, KINDS[column.kind], ROLES[column.role], column.kind)
    return not wanted or any(wanted in text.lower() for text in texts)


def _together(names: tuple[str, ...]) -> None:
    number = count(len(names))
    with st.popover(f"Change all {number}", icon=":material/checklist:"):
        for role, words in (("feature", "Use them as features"), ("ignore", "Leave them out")):
            st.button(words, key=f"data.all.{role}", on_click=_all, args=(names, role), width="stretch")


def _all(names: tuple[str, ...], role: Role) -> None:
    def change(recipe: Recipe) -> Recipe:
        for name in names:
            if recipe.column(name).role in ("feature", "ignore"):
                recipe = set_role(recipe, name, role)
        return recipe

    state.edit(change, f"{counted(len(names), 'column')}: {ROLES[role].lower()}")


def _config() -> dict[str, Any]:
    column = st.column_config
    kinds, roles = list(KINDS.values()), list(ROLES.values())
    return {
        "name": column.TextColumn("Column", pinned=True, width=172, help=NAME_HELP),
        "kind": column.SelectboxColumn("Kind", options=kinds, required=True, help=KIND_HELP, width=98),
        "role": column.SelectboxColumn("Role", options=roles, required=True, help=ROLE_HELP, width=88),
        "missing": column.ProgressColumn(
            "Missing",
            format="%.1f%%",
            min_value=0,
            max_value=100,
            help="Share of rows without a value.",
            width=84,
        ),
        "unique": column.NumberColumn(
            "Distinct", format="localized", help="Number of different values.", width=72
        ),
        "shape": column.BarChartColumn(
            "Distribution", y_min=0, help="Rows by range, or by level.", width=100
        ),
        "reason": column.TextColumn("Why this kind", width=380),
        "full": column.TextColumn("Whole name", width=600),
    }


def rows(part: list[ColumnChoice], table: Table, described: TableProfile | None) -> pd.DataFrame:
    """The grid as a frame, one row a column of the table."""
    summaries = {summary.name: summary for summary in described.columns} if described else {}
    stored = {column.name: column for column in table.columns}
    names = by_name([column.name for column in table.columns], NAME_LENGTH)
    lines = [_row(one, stored[one.name], summaries.get(one.name), table.rows, names) for one in part]
    grid = pd.DataFrame(lines)
    if any(names[one.name] != visible(one.name) for one in part):
        grid["full"] = [visible(one.name, MOST_CHARACTERS) for one in part]
    return grid


def _row(
    one: ColumnChoice, column: Column, summary: Summary | None, total: int, names: Mapping[str, str]
) -> dict[str, Any]:
    missing = summary.missing if summary else column.missing
    return {
        "name": names[one.name],
        "kind": KINDS[one.kind],
        "role": ROLES[one.role],
        "missing": 100 * missing / max(1, total),
        "unique": summary.unique if summary else column.unique,
        "shape": _shape(summary),
        "reason": visible(column.reason, 160) if one.kind == column.kind else "You chose this kind.",
    }


def _shape(summary: Summary | None) -> list[int]:
    if summary is None:
        return []
    if isinstance(summary, TextSummary):
        return [level.count for level in summary.levels]
    return list(summary.histogram.counts)


def _commit(owner: str, key: str, names: tuple[str, ...], recipe: Recipe, table: Table) -> None:
    if owner != project():
        return
    # The grid calls twice for an edit, the second time with nothing in it.
    for row, cells in st.session_state[key]["edited_rows"].items():
        name = names[int(row)]
        try:
            if "kind" in cells:
                kind = _named(KINDS, cells["kind"])
                state.edit(kind_edit(recipe, table, name, kind), f"{name}: {KINDS[kind].lower()}", table.id)
            if "role" in cells:
                role = _named(ROLES, cells["role"])
                state.edit(role_edit(recipe, table, name, role), f"{name}: {ROLES[role].lower()}", table.id)
        except FoldlineError as error:
            state.refuse(error)


def _named(names: dict[Any, str], words: str) -> Any:
    return next(name for name, shown in names.items() if shown == words)


def kind_edit(recipe: Recipe, table: Table, name: str, kind: Kind) -> Change:
    """The edit that has a column read as another kind; the task follows when it is the target.

    Raises:
        FoldlineError: ``KIND`` when its values cannot be read so, ``TARGET`` when it could not be the target.
    """
    check_kind(name, table.column(name).physical, kind)
    if recipe.column(name).role == "target":
        return target.aim(recipe, table, name, kind)
    return lambda old: set_kind(old, name, kind)


def role_edit(recipe: Recipe, table: Table, name: str, role: Role) -> Change:
    """The edit that uses a column for something else.

    Raises:
        FoldlineError: ``ROLE`` when the role does not fit, ``TARGET`` as ``ui.data.target.aim``.
    """
    if role == "target":
        return target.aim(recipe, table, name)
    if name == recipe.target:
        raise FoldlineError(
            "ROLE", f"{name} is what the model predicts.", "Choose another target first.", name
        )
    if role == "time" and table.column(name).physical == "text":
        raise FoldlineError(
            "ROLE", f"{name} is text, which has no order in time.", "Choose a date or a number.", name
        )
    return lambda old: set_role(old, name, role)
