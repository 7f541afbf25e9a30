"""The open alerts of a deployment: seen, muted, and whom they did not reach."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from core.alerts.ledger import OpenAlert
from core.alerts.rounds import acknowledge, mute
from core.alerts.sinks.settings import VARIABLE, sinks_from
from core.deployment.alerting import moment_now
from core.deployment.deployment import Deployment
from core.deployment.entries import Entry
from core.deployment.folder import DeploymentFolder
from core.deployment.log import Reading, append_after
from core.errors import FoldlineError
from ui.deployments.choice import APP
from ui.widgets import state
from ui.widgets.text import label

LOOKS = {
    "critical": ":red-badge[:material/error: Critical]",
    "warn": ":orange-badge[:material/warning: Warning]",
    "info": ":gray-badge[:material/info: For information]",
}
ORDER = ("critical", "warn", "info")
MUTED_DAYS = 7


def draw(folder: DeploymentFolder, now: Deployment) -> None:
    """Draw the open alerts, the worst first."""
    every = sorted(now.alerts.open.items(), key=lambda pair: ORDER.index(pair[1].severity))
    if not every:
        st.caption(":material/check_circle: No alert is open.")
    for key, one in every:
        _alert(folder, now, key, one)
    _reach(now)


def _alert(folder: DeploymentFolder, now: Deployment, key: str, one: OpenAlert) -> None:
    muted = now.alerts.is_muted(key, moment_now())
    with st.container(border=True, key=f"deployments.alert.{key[:12]}"):
        since = one.notices[0].at[:16].replace("T", " ")
        seen = "" if one.seen_by is None else f" · seen by {label(one.seen_by, 40)}"
        quiet = f" · muted until {now.alerts.mutes[key][:10]}" if muted else ""
        st.markdown(f"{LOOKS[one.severity]} {label(one.alert.message_plain, 700)}")
        st.caption(f"{label(one.alert.suggested_action, 300)}  \nSince {since} UTC{seen}{quiet}")
        with st.container(horizontal=True):
            if one.seen_by is None:
                st.button(
                    "I have seen it",
                    icon=":material/visibility:",
                    key=f"deployments.seen.{key[:12]}",
                    on_click=_write,
                    args=(folder, lambda log: acknowledge(log.entries, key, APP)),
                )
            days = 0 if muted else MUTED_DAYS
            st.button(
                "Tell again" if muted else f"Mute for {MUTED_DAYS} days",
                icon=":material/notifications:" if muted else ":material/notifications_off:",
                key=f"deployments.mute.{key[:12]}",
                type="tertiary",
                on_click=_write,
                args=(folder, lambda log: mute(log.entries, key, days, moment_now(), APP)),
            )


def _write(folder: DeploymentFolder, make: Callable[[Reading], Entry]) -> None:
    try:
        append_after(folder.log, APP, lambda log: [make(log)])
    except FoldlineError as error:
        state.refuse(error)


def _reach(now: Deployment) -> None:
    """Whom alerts are sent to, and what was not delivered."""
    try:
        names = list(sinks_from().sinks)
    except FoldlineError as error:
        st.warning(f"{label(error.problem, 300)} {label(error.hint, 300)}", icon=":material/link_off:")
        return
    if not names:
        st.caption(
            "Alerts stay here: nobody has set up where they are sent. An operator names a file, a web "
            f"address or a mail server in {VARIABLE}; the README shows how."
        )
        return
    st.caption(f"Alerts are sent to: {label(', '.join(names), 200)}.")
    for notice in now.alerts.owed(datetime.now(UTC).isoformat()):
        for name in notice.waiting:
            why = notice.problems.get(name, "not tried yet")
            st.caption(f":orange[:material/sync_problem:] Not yet at {label(name, 40)}: {label(why, 200)}")
