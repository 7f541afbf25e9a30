"""The rule on retraining: how often it is wrong and how soon it is right here, and its thresholds."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.deployment.deployment import Deployment
from core.deployment.folder import DeploymentFolder
from core.deployment.foreseeing import Arrivals, arrivals_of, foreseen_for, not_foreseen
from core.deployment.planning import change_policy
from core.deployment.standard import Standard
from core.digits import number
from core.errors import FoldlineError
from core.standalone.counts import counted
from core.watch.decision.foreseen import Foreseen, usual_change
from core.watch.decision.thresholds import THRESHOLDS, UNCONFIRMED, Threshold, policy_from
from core.watch.decision.window import Baseline, Policy
from ui.deployments.choice import APP
from ui.deployments.reports import standard
from ui.frame.session import own
from ui.widgets import state
from ui.widgets.remembered import remember
from ui.widgets.text import label

FIRST = ("tol", "evidence", "cool_down_days", "least_labelled")
"""The thresholds that are always shown; the others are folded away."""
MOST_LABELS = 1_000_000
OTHERS = (0.1, 0.3, 3.0, 10.0)
"""Parts of the labels for which the rule is simulated too."""


def draw(folder: DeploymentFolder, now: Deployment) -> None:
    """Draw what the rule does, and the thresholds; what is typed is simulated before it is put in force."""
    try:
        held, before = standard(folder, now), policy_from(now.plan.policy)
    except FoldlineError as error:
        st.warning(f"{label(error.problem, 400)} {label(error.hint, 300)}")
        return
    simulated = st.container(border=True, key="deployments.rule.simulated")
    draft = _thresholds(now, held, before)
    _buttons(folder, now, before, draft)
    with simulated:
        _simulated(now, held, draft, draft != before)


def _simulated(now: Deployment, held: Standard, policy: Policy, is_draft: bool) -> None:
    st.markdown("**How often this rule is wrong, and how soon it is right**")
    if held.text:
        st.caption(f":material/history: {label(held.text, 400)}")
    came = arrivals_of(now)
    if held.baseline is None or held.baseline.loss is None:
        st.markdown(label(not_foreseen(held), 500))
        return
    labels, percent = _asked(came, held.baseline)
    facts = (held.baseline.model_dump_json(), policy.model_dump_json())
    many = sorted({labels, *(max(1, round(part * labels)) for part in OTHERS)})
    with st.spinner("Simulating"):
        tried = {one: _foreseen(*facts, one, percent / 100, came.units, held, now) for one in many}
    every = {one: seen for one, seen in tried.items() if seen is not None}
    shown = every[labels]
    st.subheader(label(shown.text, 500), anchor=False)
    if is_draft:
        st.caption(":orange[:material/edit: By the thresholds below, which are not in force yet.]")
    st.dataframe(
        _table(every),
        hide_index=True,
        alt="The rule with fewer and more labels",
        key="deployments.rule.table",
    )
    st.caption(label(shown.assumed, 900))


def _asked(came: Arrivals, baseline: Baseline) -> tuple[int, float]:
    """Draw and give for how many labels a batch, and for what change in percent, the rule is simulated."""
    in_parts = baseline.better == "lower"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        labels = st.number_input(
            "Labels a week",
            min_value=1,
            max_value=MOST_LABELS,
            help=_how_known(came.seen),
            width=180,
            **remember("deployments.rule.labels", came.labels),
        )
        percent = st.number_input(
            f"{'Rise' if in_parts else 'Drop'} to find, {'%' if in_parts else 'points'}",
            min_value=0.1,
            max_value=1000.0 if in_parts else 100.0,
            step=1.0,
            format="%g",
            width=180,
            **remember("deployments.rule.change", 100 * usual_change(baseline)),
        )
    return int(labels), float(percent)


def _how_known(seen: int) -> str:
    if not seen:
        return "No labels have come yet, so that a number is assumed."
    return f"By itself the median of {counted(seen, 'batch')} with labels; a batch counts as a week."


@st.cache_data(max_entries=256, show_spinner=False)
def _foreseen(
    baseline: str, policy: str, labels: int, change: float, units: float, _held: Standard, _now: Deployment
) -> Foreseen | None:
    return foreseen_for(_held, _now, Policy.model_validate_json(policy), labels, change)


def _table(every: dict[int, Foreseen]) -> list[dict[str, Any]]:
    return [
        {
            "Labels a week": f"{many:,}",
            "Years with a false alarm": f"{one.false_alarms:.1%} ({one.low:.1%} to {one.high:.1%})",
            "Changes found": f"{one.found:.0%}",
            "Weeks until found": "–" if one.delay is None else f"{one.delay:g}",
        }
        for many, one in every.items()
    ]


def _thresholds(now: Deployment, held: Standard, before: Policy) -> Policy:
    """Draw the thresholds, and give the policy that they make."""
    st.markdown("**Thresholds**")
    named = {one.name: one for one in THRESHOLDS}
    values: dict[str, Any] = {}
    with st.grid(4, min_column_width=200, gap="small", key="deployments.rule.first"):
        for name in FIRST:
            values[name] = _number(now, named[name], before, held)
    with st.expander("More thresholds", icon=":material/tune:"):
        with st.grid(3, min_column_width=200, gap="small", key="deployments.rule.more"):
            for name in named:
                if name not in FIRST:
                    values[name] = _number(now, named[name], before, held)
        values["unconfirmed"] = st.toggle(
            UNCONFIRMED.label, before.unconfirmed, help=UNCONFIRMED.help, key=_key(now, UNCONFIRMED.name)
        )
    return Policy.model_validate(values)


def _number(now: Deployment, one: Threshold, before: Policy, held: Standard) -> Any:
    usual = Policy().drop_that_matters(held.baseline) if one.name == "tol" and held.baseline else None
    kind: Any = int if one.whole else float
    value = getattr(before, one.name)
    facts: dict[str, Any] = {
        "min_value": kind(one.low),
        "max_value": None if one.high is None else kind(one.high),
        "value": None if value is None else kind(value),
        "step": kind(1) if one.whole or one.low >= 1 else None,
        "format": "%d" if one.whole else "%g",
        "placeholder": "" if usual is None else f"{number(usual)}, as usual",
    }
    return st.number_input(one.label, help=one.help, key=_key(now, one.name), **facts)


def _key(now: Deployment, name: str) -> str:
    """The key of a threshold: with a new plan the fields begin anew at what it says."""
    return own(f"deployments.rule.{name}.{now.created}.{now.plan.seq}")


def _buttons(folder: DeploymentFolder, now: Deployment, before: Policy, draft: Policy) -> None:
    fields = list(Policy.model_fields)
    changes = {name: getattr(draft, name) for name in fields if getattr(draft, name) != getattr(before, name)}
    usual = {name: getattr(Policy(), name) for name in fields}
    with st.container(horizontal=True):
        st.button(
            "Put in force",
            icon=":material/check:",
            type="primary",
            key="deployments.rule.save",
            help="From the next batch on; what was decided stays in the log.",
            disabled=not changes,
            on_click=_change,
            args=(folder, changes),
        )
        st.button(
            "As usual again",
            icon=":material/restart_alt:",
            key="deployments.rule.usual",
            disabled=before == Policy(),
            on_click=_change,
            args=(folder, usual),
        )


def _change(folder: DeploymentFolder, changes: dict[str, Any]) -> None:
    try:
        change_policy(folder, APP, changes)
    except FoldlineError as error:
        state.refuse(error)
