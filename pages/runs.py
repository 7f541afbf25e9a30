"""Everything that was run, with what it was run on."""

from ui.frame.router import through_router

through_router()

import streamlit as st

from core.engine import jobs
from core.engine.job_kinds import JOB_KINDS
from ui.frame import page
from ui.frame.session import project, workspace
from ui.runs import run_detail, run_list, run_pair, taken_away

recipe = page.start("runs")
runs = workspace().runs(project())
if not runs:
    under_way = any(JOB_KINDS[job.kind].keeps_run for job in jobs.active(workspace(), project()))
    page.empty(
        "The first run is under way" if under_way else "Nothing was run yet",
        "Every comparison, search and test is kept here with the recipe it was made with.",
        offer_samples=not recipe.source.table,
    )
    taken_away.draw()
    if recipe.target:
        page.next_step("models", "Compare models")
    st.stop()

picked = run_list.draw_table(runs, recipe)
st.caption(
    ":material/info: Select one run to see more of it or to go back to its recipe, two to compare them."
)
if len(picked) == 2:
    run_pair.two(picked[0], picked[1])
elif len(picked) == 1:
    run_detail.one(picked[0], recipe)
elif picked:
    st.info("Select one run, or two to compare.", icon=":material/balance:")
taken_away.draw()
page.next_step("evaluate", "Evaluate")
