"""The sidebar: which project, what state the work is in, and the way back."""

from __future__ import annotations

from datetime import datetime
from itertools import count as count_up

import streamlit as st

from core.errors import FoldlineError
from core.recipe.document import Recipe
from core.standalone.counts import counted
from core.store.history import Edit
from ui.deployments.bell import bell
from ui.frame import project_score as scores
from ui.frame import session as space
from ui.frame.page_list import place
from ui.jobs import job_panel
from ui.widgets import state
from ui.widgets.catalog_names import short_metric
from ui.widgets.short_names import numbered
from ui.widgets.text import label
from ui.widgets.tied import tie

MOST_EDITS = 30


def draw() -> None:
    """Draw the sidebar below the menu."""
    recipe = state.recipe()
    _project()
    _facts(recipe)
    job_panel.badge()
    bell()
    _way_back()


def _try(action: str, *args: object) -> None:
    """Run an action of the sidebar; what core refuses is shown on top of the page."""
    try:
        getattr(space.workspace(), action)(*args)
    except FoldlineError as error:
        state.refuse(error)


def _renamed(name: str) -> None:
    _try("rename_project", space.project(), name)


def _created() -> None:
    taken = {each.name for each in space.workspace().projects(space.space())}
    number = next(number for number in count_up(2) if f"Project {number}" not in taken)
    try:
        space.new_project(f"Project {number}")
    except FoldlineError as error:
        state.refuse(error)


def _project() -> None:
    current = space.workspace().project(space.project())
    mine = {each.id: each.name for each in space.workspace().projects(space.space())}
    mine.setdefault(current.id, current.name)
    named = numbered({each: label(name, 60) for each, name in mine.items()})
    # No popover: its content stands at the end of the document, where the Tab key finds it last.
    with st.expander(label(current.name, 40), icon=":material/folder_open:", key="shell.project"):
        st.selectbox(
            "Project",
            list(mine),
            format_func=named,
            **tie("shell.switch", current.id, space.switch, map(named, mine)),
        )
        st.text_input("Rename this project", max_chars=200, **tie("shell.rename", current.name, _renamed))
        if st.button(
            "New project",
            icon=":material/create_new_folder:",
            key="shell.new",
            on_click=_created,
            width="stretch",
            help="Begins an empty project and goes there; this one stays as it is.",
        ):
            st.switch_page(place("data").path)
        if st.button(
            ":red[:material/delete: Delete this project…]",
            key="shell.delete",
            type="tertiary",
            width="stretch",
        ):
            _confirm_delete(current.name)


@st.dialog("Delete this project?", icon=":material/delete:")
def _confirm_delete(name: str) -> None:
    st.markdown(f"**{label(name)}** goes with its tables, results and runs. This cannot be undone.")
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Keep it", key="shell.keep"):
            st.rerun()
        if st.button(":red[:material/delete: Delete for good]", key="shell.delete.sure", on_click=_deleted):
            st.rerun()


def _deleted() -> None:
    try:
        space.delete_project()
    except FoldlineError as error:
        state.refuse(error)


def _facts(recipe: Recipe) -> None:
    if not recipe.source.table:
        st.caption("No table loaded yet.")
        return
    lines = [f":material/table: {label(recipe.source.name, 24)} · {counted(recipe.source.rows, 'row')}"]
    if recipe.target:
        lines.append(f":material/target: predicts **{label(recipe.target, 24)}**")
    if score := scores.best(recipe):
        where = score.where if score.fresh else f"{score.where}, before the last changes"
        lines.append(f":material/emoji_events: {label(short_metric(recipe.metric))} **{score.text}** {where}")
        if score.tested:
            lines.append(f":material/lock_open: **{score.tested}** on the test rows")
    st.markdown("  \n".join(f":small[{line}]" for line in lines))


def _way_back() -> None:
    workspace, project = space.workspace(), space.project()
    edits = workspace.history(project)
    if not edits:
        return
    head = next(edit for edit in edits if edit.is_head)
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.button(
            "",
            icon=":material/undo:",
            key="shell.undo",
            on_click=state.undo,
            disabled=not workspace.can_undo(project),
            help=f"Undo: {label(head.label)}",
            shortcut="Alt+Z",
            type="tertiary",
        )
        st.button(
            "",
            icon=":material/redo:",
            key="shell.redo",
            on_click=state.redo,
            disabled=not workspace.can_redo(project),
            help="Redo what was undone last",
            shortcut="Alt+Y",
            type="tertiary",
        )
        with st.popover(
            "", icon=":material/history:", key="shell.history", type="tertiary", help="All edits"
        ):
            _history(edits)


def _history(edits: list[Edit]) -> None:
    st.caption("Every edit, the newest first. A click goes there; nothing is lost.")
    for edit in edits[:MOST_EDITS]:
        at = datetime.fromtimestamp(edit.at).strftime("%H:%M")
        st.button(
            f":gray[{at}]  {label(edit.label, 60)}",
            key=f"shell.goto.{edit.seq}",
            icon=":material/radio_button_checked:" if edit.is_head else ":material/radio_button_unchecked:",
            type="tertiary",
            on_click=state.goto,
            args=(edit.seq,),
            disabled=edit.is_head,
        )
