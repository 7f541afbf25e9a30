"""The checks that every batch is held against, and the ones that the newest report suggests."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from core.deployment.checks import checks_of
from core.deployment.conditions import FORMS, Condition, condition_of_words
from core.deployment.deployment import Batch, Deployment
from core.deployment.folder import DeploymentFolder
from core.deployment.planning import change_checks
from core.errors import FoldlineError
from ui.deployments.batches import OUTCOMES
from ui.deployments.choice import APP
from ui.deployments.reports import report_of
from ui.widgets import state
from ui.widgets.text import label

MOST_OFFERED = 12


def draw(folder: DeploymentFolder, now: Deployment, newest: Batch | None) -> None:
    """Draw the plan, what each check last came to, and what can be added."""
    checks = now.plan.checks
    st.markdown("Each check is run on every batch, in the app and by `monitor`; one that fails is told.")
    last = {one.condition: one for one in newest.outcomes} if newest else {}
    for place, check in enumerate(checks):
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            mark = OUTCOMES[last[check].state] if check in last else OUTCOMES["unknown"]
            told = f" :gray[{label(last[check].text, 200)}]" if check in last else ""
            st.markdown(f"{mark} **{label(check.words, 160)}**{told}", width="stretch")
            st.button(
                "",
                icon=":material/delete:",
                key=f"deployments.check.{place}.{now.plan.seq}",
                type="tertiary",
                help="Take it out of the plan",
                on_click=_without,
                args=(folder, check),
            )
    if not checks:
        st.caption("No checks yet.")
    _written(folder)
    if newest is not None and not newest.scored.problem:
        _offered(folder, now, newest)


def _change(folder: DeploymentFolder, change: Callable[[tuple[Condition, ...]], Sequence[Condition]]) -> None:
    try:
        change_checks(folder, APP, change)
    except FoldlineError as error:
        state.refuse(error)


def _without(folder: DeploymentFolder, check: Condition) -> None:
    _change(folder, lambda checks: [one for one in checks if one != check])


def _with(folder: DeploymentFolder, check: Condition) -> None:
    _change(folder, lambda checks: [*checks, check])


def _written(folder: DeploymentFolder) -> None:
    def add() -> None:
        text = str(st.session_state["deployments.check.text"])
        if not text.strip():
            return
        try:
            check = condition_of_words(text)
        except FoldlineError as error:
            state.refuse(error)
            return
        st.session_state["deployments.check.text"] = ""
        _with(folder, check)

    st.text_input(
        "Add a check",
        key="deployments.check.text",
        placeholder=FORMS[0],
        max_chars=300,
        on_change=add,
        help="One of: " + "; ".join(f"`{form}`" for form in FORMS) + ".",
    )


def _offered(folder: DeploymentFolder, now: Deployment, newest: Batch) -> None:
    """The findings of the newest report, each a check with one click."""
    report = report_of(folder, newest.report)
    offers = [one for one in checks_of(report.drift, report.measured) if one not in now.plan.checks]
    if not offers:
        return
    st.markdown(f"**What {label(newest.scored.source, 60)} showed, as checks**")
    with st.container(horizontal=True, gap="small"):
        for place, check in enumerate(offers[:MOST_OFFERED]):
            st.button(
                label(check.words, 80),
                icon=":material/add:",
                key=f"deployments.offer.{place}.{now.plan.seq}",
                on_click=_with,
                args=(folder, check),
            )
