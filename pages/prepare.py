"""Choose how missing values, outliers and categories are handled; learned on training rows only."""

from ui.frame.router import through_router

through_router()

import streamlit as st

from ui.frame import page

recipe = page.start("prepare")
page.need_target(recipe)

# Imported now that there is a table: these bring scikit-learn with them, the first paint must not wait.
from ui.frame.session import project, workspace
from ui.prepare import preview, split, steps

table = workspace().table(project(), recipe.source.table)
split.card(recipe, table)

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    with st.container(width="stretch", gap=None):
        st.subheader("Steps", anchor=False)
        st.caption("Every step learns from training rows only, within each fold, and so does the preview.")
    model = steps.model_shown(recipe)
if not recipe.inputs:
    st.warning("Every column is left out. Give at least one the role Feature on the Data page.")
    st.stop()
steps.groups(recipe, model)

own = len(recipe.prepare.columns)
title = "Treat a column differently" + (f" ({own} so far)" if own else "")
with st.expander(
    title, expanded=bool(own), icon=":material/view_column:", key="prepare.columns", on_change="rerun"
):
    steps.single_columns(recipe, model)

with st.container(border=True, key="prepare.preview"):
    st.subheader("Before and after, on real rows", anchor=False)
    asked = preview.ask(recipe, model)
    shown = preview.state_of(asked, recipe)
    preview.hold_place(asked)
    if shown is not None:
        preview.before_after(shown)

page.next_step("features", "Features")
