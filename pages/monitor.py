"""Compare new data with the data the model learned from and decide whether to retrain."""

from ui.frame.router import through_router

through_router()

import streamlit as st

from core.engine import jobs
from core.engine.job_specs import DriftSpec
from core.watch.result import DriftResult
from ui.frame import page
from ui.frame.session import project, workspace
from ui.jobs import job_panel
from ui.jobs.results import newest_of, spec_of
from ui.jobs.staleness import Standing, banner
from ui.monitor import comparison_choice as watch_choice
from ui.monitor import drift_columns, drift_limits, drift_view
from ui.widgets.remembered import remember_tab

TABS = {
    "Columns": drift_columns.columns,
    "Predictions": drift_view.outputs,
    "Rows as a whole": drift_view.whole,
    "Performance": drift_view.performance,
}
recipe = page.start("monitor")
able = watch_choice.references(recipe)
if not able:
    page.empty(
        "Nothing to compare with yet",
        "Load a table and choose a target, or open a bundle on the Predict page.",
    )
    st.stop()

last = jobs.latest(workspace(), project(), "drift")
busy = last is not None and last.is_active
with st.container(border=True, key="monitor.choice"):
    sides = st.grid(2, min_column_width=320, gap="large", key="monitor.sides")
    with sides, st.container():
        reference = watch_choice.reference(able, recipe)
        bundle = watch_choice.bundle_limits(reference)
        own = bundle is None or drift_limits.own(bundle)
        if own:
            drift_limits.sensitivity(recipe)
    with sides, st.container():
        current = watch_choice.current(recipe)
    if own:
        drift_limits.single_tests(recipe)
    how = recipe.drift if bundle is None or own else bundle
    reading = watch_choice.reading(recipe)
    done = newest_of(DriftResult)
    asked = spec_of(DriftSpec, done[0]) if done else None
    changed = watch_choice.differences(asked, reference, current, how, bundle) if asked else ()
    fresh = asked is not None and not changed
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button(
            "Comparing…" if busy else "Compare",
            icon=":material/monitor_heart:",
            type="secondary" if fresh else "primary",
            key="monitor.start",
            on_click=watch_choice.start,
            args=(reference, current, own),
            disabled=busy or reading or current is None,
        )
job_panel.job_panel("drift")

if done is None and not busy:
    page.empty(
        "No comparison yet",
        "Load newer rows and press **Compare**: each column is judged twice, is the change real, and does "
        "it matter? Too few rows to tell is an answer too.",
        offer_samples=False,
    )
if done is not None and not busy:
    result = done[1]
    banner(Standing(result, fresh, changed), "monitor.again")
    drift_view.verdict(result)
    if drift_view.is_alien(result):
        drift_view.findings(result)
        st.stop()
    drift_view.numbers(result)
    drift_view.findings(result)
    names = list(TABS)
    for name, tab in zip(names, st.tabs(names, **remember_tab("monitor.tab", names)), strict=True):
        if tab.open:
            with tab:
                TABS[name](result)
    drift_view.downloads(result)
    page.next_step("runs", "See all runs")
