"""Apply the model to new rows or to a single case."""

from ui.frame.router import through_router

through_router()

import streamlit as st

from core.engine import jobs
from core.engine.job_specs import PredictSpec
from core.engine.ways import way_of
from ui.frame import page
from ui.frame.session import project, workspace
from ui.jobs import job_panel
from ui.jobs.results import spec_of
from ui.jobs.staleness import Standing, banner
from ui.use import bundle_choice, earlier, predictions, row_page, rows_choice
from ui.widgets.remembered import keep, remember, remembered

recipe = page.start("predict")
ready = bundle_choice.models()
if not ready:
    page.empty(
        "No model to predict with yet",
        "Pack one on the Export page, or open a **bundle.zip** that somebody gave you.",
        offer_samples=False,
        there="export",
        link="Pack a model",
    )
    bundle_choice.opener("predict")
    job_panel.job_panel("open")
    st.stop()

with st.container(border=True, key="predict.with"):
    model = ready[bundle_choice.choose(ready, "predict")]
    bundle_choice.facts(model)
    earlier.notice(model, recipe)
    with st.container(horizontal=True, gap="small"):
        bundle_choice.inputs(model)
        with st.expander("Another bundle", icon=":material/folder_open:"):
            bundle_choice.opener("predict")
            job_panel.job_panel("open")

box = st.container(border=True, key="predict.rows.choice")
with box:
    way, data = rows_choice.choose()
if way == "case":
    row_page.show(model)
    page.next_step("monitor", "Watch new data")
    st.stop()

last = jobs.latest(workspace(), project(), "predict")
busy = last is not None and last.is_active
with box:
    with_input = st.toggle(
        "Keep the columns of the file",
        help="The files then hold the given columns and the predictions beside them.",
        **remember("predict.with_input", True),
    )
    done = predictions.newest(way)
    changed = rows_choice.differences(done[0], model.result, data, with_input) if done else ()
    fresh = done is not None and not changed
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button(
            "Predicting…" if busy else "Predict",
            icon=":material/online_prediction:",
            type="secondary" if fresh else "primary",
            key="predict.start",
            on_click=rows_choice.start,
            args=(model.result, data, with_input),
            disabled=busy or data is None,
        )
if remembered("predict.go", False):
    keep("predict.go", False)
    rows_choice.start(model.result, data, with_input)
    st.rerun()
asked = spec_of(PredictSpec, last) if last else None
if last is None or last.is_active or (asked is not None and way_of(asked.data) == way):
    job_panel.job_panel("predict")

if done is not None and not busy:
    spec, result = done
    banner(Standing(result, fresh, changed), "predict.again")
    predictions.findings(result)
    if result.rows == 1:
        predictions.one(result)
    elif result.rows:
        predictions.spread(result)
        predictions.head(result)
    predictions.downloads(result, spec.formats)
    page.next_step("monitor", "Watch new data")
