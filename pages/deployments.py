"""Where a model works: its batches, labels, score, alerts and successors."""

from ui.frame.router import through_router

through_router()

import streamlit as st

from ui.deployments import alerts, arrivals, batches, choice, log, overview, plan, rehearsal, rule, succession
from ui.deployments.current import current
from ui.frame import page
from ui.frame.session import project, workspace
from ui.jobs import job_panel
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
    job_panel.job_panel("deploy")
    st.stop()

folder = choice.choose(every)
deployment = choice.identity(folder)
reading, now = current(folder)
overview.verdict(now)
overview.numbers(now)
overview.picture(now)
arrivals.draw(deployment, folder, now)

newest = overview.newest(now)
TABS = {
    "Batches": lambda: batches.draw(deployment, now),
    "Models": lambda: succession.draw(folder, deployment, now),
    "Alerts": lambda: alerts.draw(folder, now),
    "Rule": lambda: rule.draw(folder, now),
    "Rehearsal": lambda: rehearsal.draw(folder, deployment, now),
    "Checks": lambda: plan.draw(folder, now, newest),
    "Log": lambda: log.draw(folder, reading),
}
names = list(TABS)
for name, tab in zip(names, st.tabs(names, **remember_tab("deployments.tab", names)), strict=True):
    if tab.open:
        with tab:
            TABS[name]()
