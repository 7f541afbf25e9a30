"""A labelled history played again under several rules of when to retrain."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.deployment.deployment import Deployment
from core.deployment.folder import DeploymentFolder
from core.deployment.succession_results import ReplayResult
from core.digits import difference, number, span, times
from core.engine import jobs
from core.engine.job_specs import TableRows
from core.engine.round_specs import DeploymentId
from core.engine.succession_specs import ReplaySpec
from core.results.challenge import Difference
from core.results.rehearse import PlayedRule, RehearseResult
from core.standalone.counts import counted
from ui import charts
from ui.charts.rehearsal import moments, scores
from ui.frame.session import project, workspace
from ui.frame.theme import palette
from ui.jobs import job_panel
from ui.jobs.results import newest_of
from ui.monitor.drift_states import LOOKS
from ui.widgets.remembered import remember
from ui.widgets.short_names import numbered
from ui.widgets.text import label, visible

BATCHES, BOTH = "batches", "training and batches"
WHAT = (
    "The recipe of the model at work learns from the first part of a labelled history; the rest comes by "
    "windows, with labels as late as you say. Each rule of when to retrain is played on it: never, always, "
    "monthly, on drift, on a lower score, and by the rule of this deployment with its thresholds."
)


def draw(folder: DeploymentFolder, deployment: str, now: Deployment) -> None:
    """Draw what is rehearsed, the job, and what came of it."""
    st.markdown(WHAT)
    histories = _histories(now)
    if not histories:
        st.caption("Load a labelled table on Data, or give labels to a batch: there is no history to play.")
        return
    spec = _asked(deployment, histories)
    st.button(
        "Rehearse",
        icon=":material/replay:",
        type="primary",
        key="deployments.replay",
        disabled=any(one.kind == "replay" for one in jobs.active(workspace(), project())),
        on_click=job_panel.start_clicked,
        args=("replay", lambda: spec),
    )
    job_panel.job_panel("replay")
    done = newest_of(ReplayResult)
    if done is not None and done[1].folder == str(folder.root):
        _shown(done[1], now)


def _histories(now: Deployment) -> dict[str, str]:
    """What can be played: the id of a table, or of what the batches make, with its name."""
    labelled = sum(one.labels for one in now.batches.values())
    made = {}
    if labelled:
        rows = counted(labelled, "labelled row")
        made = {BOTH: f"The training table and {rows} of the batches", BATCHES: f"{rows} of the batches"}
    tables = {one.id: f"{visible(one.name, 60)} · {counted(one.rows, 'row')}" for one in _tables()}
    return made | tables


def _tables() -> list[Any]:
    return workspace().tables(project())


def _asked(deployment: str, histories: dict[str, str]) -> ReplaySpec:
    named = numbered(histories)
    ids = list(histories)
    picked = st.selectbox(
        "History", ids, format_func=named, **remember("deployments.history", ids[0], ids, map(named, ids))
    )
    with st.grid(4, min_column_width=170, gap="small", key="deployments.replay.how"):
        first = st.number_input(
            "First part, %",
            min_value=1,
            max_value=99,
            help="The share of the rows that the first model learns from.",
            **remember("deployments.replay.first", 30),
        )
        windows = st.number_input(
            "Windows",
            min_value=2,
            max_value=520,
            help="Into so many the other rows are cut; each counts as a week.",
            **remember("deployments.replay.windows", 26),
        )
        delay = st.number_input(
            "Windows until labels come",
            min_value=0,
            max_value=520,
            **remember("deployments.replay.delay", 1),
        )
        newest = st.toggle(
            "Latest rows only",
            help="A new model learns from as many of the latest rows as the first did, not from all so far.",
            **remember("deployments.replay.newest", False),
        )
    return ReplaySpec(
        at=DeploymentId(deployment=deployment),
        history=picked if picked in (BATCHES, BOTH) else TableRows(table=picked),
        first=first / 100,
        windows=windows,
        delay=delay,
        newest=newest,
    )


def _shown(done: ReplayResult, now: Deployment) -> None:
    played = done.played
    with st.container(border=True, key="deployments.replay.result"):
        st.caption(f"{label(done.history, 100)}")
        st.subheader(label(played.text, 500), anchor=False)
        if done.model != now.champion:
            st.caption(":orange[:material/history: Another model is at work by now.]")
        with st.grid(2, min_column_width=320, gap="small", key="deployments.replay.pictures"):
            many = counted(len(played.rules), "rule")
            charts.draw(
                scores(played.rules, palette(), played.label),
                f"{played.label} under {many} of retraining, with 95% intervals",
                "deployments.replay.scores",
            )
            charts.draw(
                moments(played.rules, played.windows, palette()),
                f"The windows after which each of {many} retrained",
                "deployments.replay.moments",
            )
        alt = f"{counted(len(played.rules), 'rule')} of when to retrain"
        st.dataframe(_table(played), hide_index=True, alt=alt, key="deployments.replay.table")
        said = next((one.said for one in played.rules if one.said), {})
        words = ", ".join(f"{LOOKS[action][0]} {times(often)}" for action, often in sorted(said.items()))
        st.caption(label(f"{played.how} The rule said: {words}.", 900))
        for note in played.notes:
            st.caption(f":material/info: {label(note.text, 500)}")


def _table(played: RehearseResult) -> list[dict[str, Any]]:
    return [_row(one, played.label) for one in played.rules]


def _row(one: PlayedRule, name: str) -> dict[str, Any]:
    score = one.score
    return {
        "Retrained": one.name,
        name: number(score.value, score.low, score.high),
        "95%": span(score.low, score.high, score.value) or "no interval",
        "Times": len(one.retrained),
        "Alarms": len(one.asked),
        "Better than never by": _apart(one.never),
        "Better than always by": _apart(one.always),
    }


def _apart(one: Difference) -> str:
    return "–" if one.value is None else difference(one.value, one.low, one.high)
