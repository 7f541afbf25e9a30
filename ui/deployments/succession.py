"""The models of a deployment: who works, who is tried, the test between them, promotion and the way back."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.deployment.deployment import Deployment
from core.deployment.folder import DeploymentFolder
from core.deployment.model_entries import Evidence
from core.deployment.succession import last_test, promote, roll_back, take_out, tested
from core.deployment.succession_results import ContestResult, SucceedResult
from core.deployment.timeline import model_name
from core.engine import jobs
from core.engine.job_specs import BundleResult
from core.engine.round_specs import DeploymentId, DeploySpec
from core.engine.succession_specs import ContestSpec, SucceedSpec
from core.errors import FoldlineError
from core.standalone.counts import counted
from ui import charts
from ui.charts.deployment import confidence_sequence
from ui.deployments.batch_names import batch_names
from ui.deployments.choice import APP
from ui.frame.session import project, workspace
from ui.frame.theme import palette
from ui.jobs import job_panel
from ui.jobs.results import newest_of
from ui.use import bundle_choice
from ui.widgets import state
from ui.widgets.remembered import remember
from ui.widgets.text import label

VERDICTS = {
    "promote": ":green-badge[:material/trending_up: Promote]",
    "keep": ":blue-badge[:material/shield: Keep]",
    "equivalent": ":gray-badge[:material/drag_handle: Equivalent]",
    "continue": ":orange-badge[:material/hourglass_empty: Continue]",
}
RAILS = {
    "ok": ":green[:material/check_circle:]",
    "broken": ":red[:material/warning:]",
    "not_judged": ":gray[:material/help:]",
}
HOW = (
    "A challenger is tested on labelled rows that neither model learned from, by a bet that may be looked at "
    "after every batch: a challenger that is no better is called better in at most one of twenty cases, "
    "however often you look."
)


def draw(folder: DeploymentFolder, deployment: str, now: Deployment) -> None:
    """Draw the models and what can be done with them."""
    busy = any(one.kind in ("succeed", "contest", "deploy") for one in jobs.active(workspace(), project()))
    _champion(folder, now)
    for model in now.challengers:
        _challenger(folder, deployment, now, model, busy)
    for kind in ("contest", "succeed", "deploy"):
        newest = jobs.latest(workspace(), project(), kind)
        if newest is not None and newest.state != "done":
            job_panel.job_panel(kind)
    _told(now)
    _sequence(now)
    _new(deployment, now, busy)


def _act(action: Any, *args: Any, **more: Any) -> None:
    try:
        action(*args, **more)
    except FoldlineError as error:
        state.refuse(error)


def _champion(folder: DeploymentFolder, now: Deployment) -> None:
    row = st.container(border=True, horizontal=True, vertical_alignment="center", key="deployments.champion")
    with row:
        words = f":material/military_tech: **{label(model_name(now, now.champion), 120)}** works"
        st.markdown(words, width="stretch")
        if now.previous:
            st.button(
                "Roll back",
                icon=":material/undo:",
                key="deployments.back",
                help=f"Puts {label(model_name(now, now.previous[-1]), 80)} back to work, at once.",
                on_click=_act,
                args=(roll_back, folder, APP),
                kwargs={"champion": now.champion},
            )


def _challenger(folder: DeploymentFolder, deployment: str, now: Deployment, model: str, busy: bool) -> None:
    proof = last_test(now, model)
    proven = proof is not None and proof.verdict == "promote"
    with st.container(border=True, key=f"deployments.challenger.{model[:12]}"):
        st.markdown(
            f":material/sports_martial_arts: **{label(model_name(now, model), 160)}** is tried beside it"
        )
        _proof(proof)
        with st.container(horizontal=True):
            st.button(
                "Test it",
                icon=":material/balance:",
                key=f"deployments.test.{model[:12]}",
                type="secondary" if proven else "primary",
                help=HOW,
                disabled=busy or not any(one.labels for one in now.batches.values()),
                on_click=_ask,
                args=("contest", ContestSpec(at=DeploymentId(deployment=deployment), challenger=model)),
            )
            st.button(
                "Promote",
                icon=":material/military_tech:",
                key=f"deployments.promote.{model[:12]}",
                type="primary" if proven else "secondary",
                help=_warning(proof),
                on_click=_act,
                args=(promote, folder, model, APP),
                kwargs={"champion": now.champion, "seen": tested(now, model)},
            )
            st.button(
                "Leave it out",
                icon=":material/close:",
                key=f"deployments.leave.{model[:12]}",
                type="tertiary",
                on_click=_act,
                args=(take_out, folder, model, APP),
            )


def _proof(proof: Evidence | None) -> None:
    """What the last test of a challenger showed, and in what else it was looked at."""
    if proof is None:
        st.caption("Not tested against the model at work yet.")
        return
    st.markdown(f"{VERDICTS.get(proof.verdict, label(proof.verdict))} {label(proof.text, 500)}")
    for rail in proof.guardrails:
        st.markdown(f"{RAILS[rail.state]} {label(rail.text, 400)}")


def _warning(proof: Evidence | None) -> str:
    """What is said before a promotion that the last test does not support."""
    if proof is not None and proof.verdict == "promote":
        return ""
    broken = [rail.name for rail in proof.guardrails if rail.state == "broken"] if proof else []
    worse = f" It was worse in {', '.join(broken)}." if broken else ""
    return f"No test supports a promotion; the log will say so.{worse}"


def _ask(kind: str, spec: Any) -> None:
    job_panel.start_clicked(kind, lambda: spec)


def _told(now: Deployment) -> None:
    """What was noticed while the newest successor was trained, as long as it is tried."""
    done = newest_of(SucceedResult)
    if done is not None and done[1].model in now.challengers:
        for note in done[1].notes:
            st.caption(f":material/info: {label(note.text, 400)}")


def _sequence(now: Deployment) -> None:
    """The confidence sequence of the newest test, when it is of models that are still here."""
    done = newest_of(ContestResult)
    if done is None or done[1].champion != now.champion or done[1].challenger not in now.challengers:
        return
    compared = done[1].compared
    seen = compared.peeking
    if seen is None or not seen.curve:
        return
    with st.container(border=True, key="deployments.sequence"):
        st.markdown(f"**What {counted(compared.rows, 'row')} have shown so far**")
        charts.draw(
            confidence_sequence(seen.curve, palette(), seen.score),
            f"Mean difference by {seen.score} with its confidence sequence, row after row",
            "deployments.sequence.picture",
        )
        st.caption(f"{HOW} {compared.split_words}".strip())
        for note in compared.notes:
            st.caption(f":material/info: {label(note.text, 400)}")


def _new(deployment: str, now: Deployment, busy: bool) -> None:
    labelled = {name: one for name, one in now.batches.items() if one.labels}
    with st.expander("Find a successor", icon=":material/model_training:", expanded=not now.challengers):
        if labelled:
            _retrain(deployment, labelled, busy)
        else:
            st.caption("When labels have come, the recipe of the model at work can learn from them here.")
        _other(deployment, busy)


def _retrain(deployment: str, labelled: dict[str, Any], busy: bool) -> None:
    ids, named = list(labelled), batch_names(labelled.values())
    picked = st.multiselect(
        "Learn from the labelled rows of",
        ids,
        format_func=named,
        help="Keep the newest batches back: a successor is tested on rows that it did not learn from.",
        **remember("deployments.learn", ids[:-1] or ids, words=map(named, ids)),
    )
    both = st.toggle(
        "And from the training table",
        help="Old and new rows together: better where the world moves slowly.",
        **remember("deployments.both", False),
    )
    rows = sum(labelled[one].labels for one in picked if one in labelled)
    spec = SucceedSpec(
        at=DeploymentId(deployment=deployment), batches=tuple(picked), with_training=both, by=APP
    )
    st.button(
        "Retrain",
        icon=":material/model_training:",
        key="deployments.retrain",
        help=f"The same recipe on {counted(rows, 'labelled row')}; the new model joins as a challenger.",
        disabled=busy or not picked,
        on_click=_ask,
        args=("succeed", spec),
    )


def _other(deployment: str, busy: bool) -> None:
    ready = bundle_choice.models()
    if not ready:
        return
    st.markdown("**Or a model that was packed here, or opened from a file**")
    model = ready[bundle_choice.choose(ready, "deployments.other")]
    at = DeploymentId(deployment=deployment)
    spec = DeploySpec(model=BundleResult(result=model.result), at=at, label=model.model, by=APP)
    st.button(
        f"Try {label(model.model, 60)} beside it",
        icon=":material/add:",
        key="deployments.join",
        disabled=busy,
        on_click=_ask,
        args=("deploy", spec),
    )
