"""A comparison of new data with a reference on screen: the verdict first, then why."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.catalog.metrics import METRICS
from ui import charts
from ui.drift_columns import overlay_frame
from ui.drift_states import badge
from ui.judged_scores import number
from ui.pack import reader
from ui.text import count, label
from ui.theme import palette

Payload = dict[str, Any]
SEVERITY = {
    "error": ":red[:material/error:]",
    "warn": ":orange[:material/warning:]",
    "info": ":gray[:material/info:]",
}
MOST_FINDINGS = 30


def verdict(found: Payload) -> None:
    """The card with the answer: state, sentence, what to do."""
    said = found["verdict"]
    with st.container(border=True, key="monitor.verdict"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            badge(said["state"])
            st.caption(
                f"{count(found['n_current'])} new rows against {count(found['n_reference'])}; "
                f"a change counts from {found['delta']:.2f}, adjusted over {count(found['family'])} tests."
            )
        st.subheader(label(said["text"], 400), anchor=False)
        st.markdown(f":material/arrow_forward: {label(said['action'], 300)}")


def numbers(found: Payload) -> None:
    """The answer in four small cards."""
    states = [column["state"] for column in found["columns"]]
    drifted, compared = states.count("drift"), sum(state != "not_computed" for state in states)
    joint, scored = found["joint"], found["performance"]
    outputs = [
        one["state"] for one in [*found["predictions"], *([found["target"]] if found["target"] else [])]
    ]
    with st.grid(4, min_column_width=180, gap="small", key="monitor.numbers"):
        _card("Columns drifted", f"{drifted} of {compared}" if compared else "–", _worst(states))
        _card("Predictions", f"{len(outputs)} compared" if outputs else "–", _worst(outputs))
        _card("Rows as a whole", "–" if joint["auc"] is None else f"AUC {joint['auc']:.2f}", joint["state"])
        now = scored and scored.get("now")
        value = number(now["value"]) if now else "–"
        name = METRICS[now["metric"]].label if now else "Score now"
        _card(name, value, scored["state"] if scored else "not_computed")


def _card(name: str, value: str, state: str) -> None:
    with st.container(border=True, gap="xsmall", height="stretch"):
        st.metric(name, value)
        badge(state)


def _worst(states: Sequence[str]) -> str:
    order = ("drift", "minor", "too_few_rows", "stable", "not_computed")
    return next((state for state in order if state in states), "not_computed")


def findings(found: Payload) -> None:
    """What is wrong or unusual about the shape of the new data."""
    rows = found["findings"]
    if not rows:
        return
    serious = sum(row["severity"] != "info" for row in rows)
    title = (
        f"{len(rows)} things noticed about the new data" if len(rows) > 1 else "Noticed about the new data"
    )
    with st.expander(title, icon=":material/fact_check:", expanded=bool(serious)):
        for row in rows[:MOST_FINDINGS]:
            st.markdown(f"{SEVERITY[row['severity']]} {label(row['reason'], 300)}")
        if len(rows) > MOST_FINDINGS:
            st.caption(f"{len(rows) - MOST_FINDINGS} more are in the report.")


def outputs(found: Payload) -> None:
    """What the model says, and what should have been said."""
    rows = [*found["predictions"], *([found["target"]] if found["target"] else [])]
    if not rows:
        st.caption("No predictions were compared: it needs a chosen model, and new rows with its columns.")
    for place, row in enumerate(rows):
        with st.container(border=True):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(f"**{label(row['name'], 80)}**")
                badge(row["state"])
            st.markdown(label(row["reason"], 400))
            if histogram := row["details"].get("histogram"):
                figure = charts.overlay(overlay_frame(histogram), palette(), row["name"])
                charts.draw(figure, "Distribution then and now", f"monitor.output.{place}")
    if rows:
        st.caption("Judged at half the size that counts for a column, because they depend on all of them.")


def whole(found: Payload) -> None:
    """Whether old and new rows can be told apart as wholes, and by what."""
    joint = found["joint"]
    for name, side in (("All columns together", joint), ("Relations between columns", joint["relations"])):
        with st.container(border=True):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(f"**{name}**")
                badge(side["state"])
            st.markdown(label(side["reason"], 400))
            if side["drivers"]:
                top = side["drivers"][0]["drop"] or 1.0
                for driver in side["drivers"][:5]:
                    share = min(max(driver["drop"] / top, 0.0), 1.0)
                    st.progress(share, text=f"{label(driver['column'], 80)} :small[{driver['drop']:.3f}]")
    st.caption(
        "The bars tell how much the AUC falls when a column is shuffled: what gives the new rows away."
    )


def performance(found: Payload) -> None:
    """The score on new labelled rows beside the one on the hold-out."""
    scored = found["performance"]
    if scored is None:
        st.caption(
            "The new data has no labels, or no model was compared. Add the target column once the truth is "
            "known: then the score on the new rows is measured, with its interval."
        )
        return
    with st.container(border=True):
        badge(scored["state"])
        st.markdown(label(scored["text"], 500))
        if scored["difference"]:
            gap, low, high = scored["difference"]
            st.caption(f"Difference {gap:+.3g}, 95 % interval {low:+.3g} to {high:+.3g}.")
        if scored["state"] == "no_reference":
            st.caption("Open the test set on the Evaluate page to have a score to compare with.")


def downloads(found: Payload) -> None:
    """The report as a page and as data."""
    with st.container(horizontal=True, gap="small", key="monitor.files"):
        st.download_button(
            "Report as a page",
            reader(found["result"], "drift.html"),
            "drift.html",
            "text/html",
            key="monitor.html",
            icon=":material/description:",
            on_click="ignore",
            help="One HTML file that needs nothing else; for those who do not have Foldline.",
        )
        st.download_button(
            "Report as JSON",
            lambda: json.dumps(found, indent=1, ensure_ascii=False),
            "drift.json",
            "application/json",
            key="monitor.json",
            icon=":material/data_object:",
            on_click="ignore",
        )
