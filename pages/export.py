"""Take the model away: a bundle that runs anywhere, or the script that trains it."""

from ui.frame.router import through_router

through_router()

import streamlit as st

from core.engine import jobs
from core.recipe.difference import model_words
from ui.data import letting_stand
from ui.evaluate import locked_test_set as locked_set
from ui.evaluate import validation
from ui.frame import page, row_split
from ui.frame.session import project, workspace
from ui.jobs.job_panel import job_panel
from ui.jobs.staleness import banner
from ui.use import bundle_view as pack
from ui.use import disclosure
from ui.use import exported_models as exported
from ui.widgets.text import label

recipe = page.start("export")
page.need_target(recipe)
letting_stand.banner(recipe)
row_split.banner(recipe)
letting_stand.after_comparison(recipe)
validation.advice(validation.stored_advice(recipe), "export.advice")
if recipe.chosen is None:
    locked_set.offer_model(recipe)
    st.stop()

last = jobs.latest(workspace(), project(), "export")
busy = last is not None and last.is_active
with st.container(border=True, key="export.choice"):
    st.markdown(
        f":material/deployed_code: **{label(model_words(recipe.chosen), 120)}**, which predicts "
        f"**{label(recipe.target, 60)}**, becomes one file that runs anywhere."
    )
    left, right = st.columns([3, 2], gap="large", vertical_alignment="bottom")
    with left:
        pack.choices(recipe)
    with right, st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        wanted = exported.newest_for(recipe)
        st.button(
            "Packing…" if busy else "Pack the model",
            icon=":material/deployed_code:",
            type="secondary" if wanted else "primary",
            key="export.start",
            on_click=exported.start,
            disabled=busy,
        )
job_panel("export")

packed = wanted or exported.newest()
if packed is None:
    if not busy:
        page.empty(
            "Nothing packed yet",
            "Press **Pack the model**: it is fitted for keeps, written as one file and tested by opening it "
            "again. The file predicts where nothing of Foldline is installed.",
            offer_samples=False,
        )
    st.stop()

banner(exported.standing(packed, recipe), "export.again")
pack.facts(packed.result)
pack.downloads(packed.result, packed.recipe)
pack.use()
if exported.lacks_test(packed):
    st.caption(
        ":material/info: The test scores are newer than this file; pack it again to have them in its card."
    )
disclosure.tells(packed.result)
pack.members(packed.result)
pack.card(packed.result)
pack.script(packed.recipe)
page.next_step("predict", "Predict with it")
