"""Add columns computed from others and keep the ones that help."""

from ui.frame.router import through_router

through_router()

import streamlit as st

from ui.frame import page

recipe = page.start("features")
page.need_target(recipe)

# Imported now that there is a table: these bring scikit-learn with them, the first paint must not wait.
from ui.prepare import feature_steps, preview, steps

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    with st.container(width="stretch", gap=None):
        st.subheader("Added columns", anchor=False)
        st.caption("A hint at what you know and the table does not say. Computed within each fold.")
    model = steps.model_shown(recipe)

if not recipe.inputs and not recipe.features:
    st.warning("Every column is left out. Give at least one the role Feature on the Data page.")
    feature_steps.adder(recipe)
    st.stop()

asked = preview.ask(recipe, model)
shown = preview.state_of(asked, recipe)
feature_steps.cards(recipe, shown)
feature_steps.adder(recipe)

st.subheader("Selection", anchor=False)
st.caption("Drops prepared columns that do not help; chosen on training rows only, within each fold.")
feature_steps.selection(recipe)

st.subheader("What the model gets", anchor=False)
preview.hold_place(asked)
if shown is not None:
    preview.outcome(shown)

page.next_step("models", "Compare models")
