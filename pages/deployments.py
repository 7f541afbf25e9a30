"""Where a model works: its batches, labels, score, alerts and successors."""

from ui.frame.router import through_router

through_router()

import streamlit as st

from ui.deployments import arrivals, batches, choice, log, overview
from ui.frame import page
from ui.frame.session import project, workspace
from ui.widgets.remembered import remember_tab

page.start("deployments")
every = workspace().deployments(project())
if not every:
    page.empty(
        "No deployment yet",
        "A deployment is a place where a model works. It keeps every batch that the model scored, takes "
        "labels when they come, shows the score over time, says when to retrain, and tests a successor.",
        offer_samples=False,
        there="export",
        link="Pack a model",
    )
    choice.maker(first=True)
    st.stop()

folder = choice.choose(every)
deployment = choice.identity(folder)
reading = folder.read()
now = folder.state()
overview.verdict(now)
overview.numbers(now)
overview.picture(now)
arrivals.draw(deployment, now)

TABS = ["Batches", "Log"]
for name, tab in zip(TABS, st.tabs(TABS, **remember_tab("deployments.tab", TABS)), strict=True):
    if tab.open:
        with tab:
            if name == "Batches":
                picked = batches.table(now)
                if picked is not None:
                    batches.details(picked)
            else:
                log.log(folder, reading)
