"""Load a table, say what each column means and what to predict."""

from ui.frame.router import through_router

through_router()

import streamlit as st

from ui.data import reading, samples, sources
from ui.frame import page

recipe = page.start("data")
reads = reading.panel()

if not recipe.source.table:
    if not reads:
        with st.container(border=True, key="data.first"):
            st.header("Start with a table", anchor=False)
            st.markdown("Rows are cases, columns are what is known of them. One column is what to predict.")
            sources.uploader("Load a file")
            st.markdown("Or look around with a sample, one click from a working recipe:")
            samples.offer()
    st.stop()

# Imported now that there is a table: these bring scikit-learn with them, the first paint must not wait.
from core.engine.job_specs import InspectSpec
from core.recipe.fingerprint import fingerprint
from core.results.inspect import InspectResult, ProfileResult
from ui.data import changed_table, column_grid, findings, table_views, target
from ui.frame.session import project, workspace
from ui.jobs.current_result import current, watch
from ui.jobs.results import stored_under
from ui.widgets.text import label

changed_table.question(recipe)
table = workspace().table(project(), recipe.source.table)
reading.like_before(table)
asked = InspectSpec(recipe=recipe, key=fingerprint(recipe, "data"))
looked = None if reads else current(InspectResult, asked)
inspected = looked.result if looked else None
described = inspected.profile if inspected else stored_under(ProfileResult, table.id)

with (
    st.container(horizontal=True, horizontal_alignment="right"),
    st.popover(
        "Load another table",
        icon=":material/upload_file:",
        type="tertiary",
        key=f"data.other.{sources.rounds()}",
    ),
):
    sources.uploader("Load a file")
    samples.offer()

target.card(recipe, table, described)

if recipe.target and not reads:
    st.subheader("Checks", anchor=False)
if looked and not looked.is_fresh:
    watch(looked, recipe)
if inspected and recipe.target:
    findings.draw(recipe, inspected.findings, count_them=looked is None or looked.is_fresh)
    for note in inspected.unread:
        st.caption(f":orange[:material/warning:] {label(note.text, 300)}")
elif looked and looked.job and looked.job.is_active:
    st.skeleton(height=120)

views = st.tabs(
    ["Columns", "One column", "Rows", "Missing values", "How it was read"],
    key="data.views",
    on_change="rerun",
)
if views[0].open:
    with views[0]:
        column_grid.draw(recipe, table, described)
if views[1].open and described:
    with views[1]:
        table_views.one_column(recipe, described)
if views[2].open:
    with views[2]:
        table_views.rows(recipe)
if views[3].open and described:
    with views[3]:
        table_views.missing_values(described)
if views[4].open:
    with views[4]:
        reading.report(table, recipe)

if recipe.target:
    page.next_step("prepare", "Prepare")
