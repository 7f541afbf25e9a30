"""A table with other columns than the recipe speaks of: what differs, and what becomes of the recipe."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.data.table import Table
from core.errors import FoldlineError
from core.recipe.document import Recipe, parse
from core.recipe.labels import ROLES
from core.recipe.rebase import PENDING, READ, TableChange, carried, started_anew, table_change
from core.standalone.counts import first_of
from ui.data import reading
from ui.frame.session import project, workspace
from ui.widgets import state
from ui.widgets.short_names import distinct_names
from ui.widgets.text import count, label

NAMED = 8


def question(recipe: Recipe) -> None:
    """Draw what a new table changes and ask what becomes of the recipe; nothing when no table waits."""
    pending = workspace().get(project(), PENDING)
    table = _table(pending["table"]) if pending else None
    if table is None:
        return
    first, before = parse(pending["first"]), _table(recipe.source.table)
    change = table_change(recipe, table, before)
    can_carry = recipe.target not in (*change.missing, *change.changed)
    with st.container(border=True, key="data.changed"):
        st.subheader(f"{label(table.name, 60)} has other columns", anchor=False)
        st.markdown("\n".join(f"- {line}" for line in _lines(recipe, table, change)))
        reading.like_before(table)
        st.caption(
            "Nothing was changed yet: the recipe, its model and all results still belong to "
            f"{label(recipe.source.name, 60)}. Each choice can be undone."
        )
        with st.container(horizontal=True):
            if can_carry:
                st.button(
                    "Take the recipe over",
                    type="primary",
                    icon=":material/forward:",
                    key="data.changed.carry",
                    on_click=_carry,
                    args=(table, first, before),
                    help="What was chosen for columns that are still there stays; new ones come in.",
                )
            st.button(
                "Start anew with this table",
                type="secondary" if can_carry else "primary",
                key="data.changed.anew",
                on_click=_decide,
                args=(table, lambda old: started_anew(old, first)),
            )
            st.button(f"Stay with {label(recipe.source.name, 40)}", key="data.changed.stay", on_click=_done)


def _table(table: str) -> Table | None:
    """A table of the project; None when it has gone."""
    try:
        return workspace().table(project(), table)
    except FoldlineError as error:
        if error.code != "TABLE":
            raise
        return None


def _lines(recipe: Recipe, table: Table, change: TableChange) -> list[str]:
    lines = []
    if recipe.target in (*change.missing, *change.changed):
        goal = label(recipe.target, 60)
        lines.append(f":red[:material/error:] The target **{goal}** is missing or of another type.")
    for column in recipe.columns:
        if column.role in ("group", "time") and column.name in (*change.missing, *change.changed):
            lines.append(
                f":orange[:material/warning:] **{label(column.name, 60)}** decides how rows are split "
                f"({ROLES[column.role].lower()}): without it they are split in another way."
            )
    kinds = {column.name: column.kind for column in table.columns}
    typed = [f"{name} ({recipe.column(name).kind}, now {kinds[name]})" for name in change.changed]
    parts = (
        ("New", change.new, "They are taken in as they are suggested."),
        ("Missing", change.missing, "Their steps and features go with them."),
        ("Of another type", typed, "They are taken as they are now."),
    )
    for what, names, then in parts:
        if names:
            lines.append(f"**{what}** ({count(len(names))}): {_names(names)}. {then}")
    return lines


def _names(names: Sequence[str]) -> str:
    return first_of([label(name) for name in distinct_names(names, 60)], NAMED)


def _carry(table: Table, first: Recipe, before: Table | None) -> None:
    _decide(table, lambda old: carried(old, table, first, before))


def _decide(table: Table, change: state.Change) -> None:
    state.edit(change, f"{READ}{table.name}")
    _done()


def _done() -> None:
    workspace().put(project(), PENDING, None)
