"""A comparison of new data with a reference on screen: the verdict first, then why."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal

import pandas as pd
import streamlit as st

from core.catalog.metrics import METRICS
from ui import charts
from ui.pack import reader
from ui.remember import keep, remembered
from ui.test_scores import number
from ui.text import count, label, visible
from ui.theme import palette

Payload = dict[str, Any]
Colour = Literal["red", "orange", "green", "blue", "gray"]
LOOKS: dict[str, tuple[str, Colour, str]] = {
    "broken": ("Not safe to use", "red", ":material/error:"),
    "drift": ("Drift", "red", ":material/trending_up:"),
    "minor": ("Real but small", "orange", ":material/change_history:"),
    "weak": ("Weak", "orange", ":material/change_history:"),
    "stable": ("Stable", "green", ":material/check_circle:"),
    "too_few_rows": ("Too few rows", "blue", ":material/hourglass_empty:"),
    "not_computed": ("Not compared", "gray", ":material/block:"),
    "worse": ("Worse", "red", ":material/trending_down:"),
    "better": ("Better", "green", ":material/trending_up:"),
    "same": ("No difference seen", "green", ":material/check_circle:"),
    "no_reference": ("Nothing to compare with", "gray", ":material/help:"),
}
SEVERITY = {
    "error": ":red[:material/error:]",
    "warn": ":orange[:material/warning:]",
    "info": ":gray[:material/info:]",
}
MOST_FINDINGS = 30
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_TABLE, _COLUMN = "monitor.columns", "monitor.column"


def badge(state: str) -> None:
    """The look of a state."""
    text, colour, icon = LOOKS[state]
    st.badge(text, icon=icon, color=colour)


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
    drifted = sum(column["state"] == "drift" for column in found["columns"])
    joint, scored = found["joint"], found["performance"]
    outputs = [
        one["state"] for one in [*found["predictions"], *([found["target"]] if found["target"] else [])]
    ]
    with st.grid(4, min_column_width=180, gap="small", key="monitor.numbers"):
        _card("Columns drifted", f"{drifted} of {len(found['columns'])}", "drift" if drifted else "stable")
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


def columns(found: Payload) -> None:
    """All columns by impact; the picked one is shown then and now."""
    rows = found["columns"]
    if not rows:
        st.caption("No column could be compared.")
        return
    names = [row["name"] for row in rows]
    kept = remembered(_COLUMN, names[0], names)
    _table(rows, names.index(kept))
    detail(rows[names.index(kept)])


def _picked(names: list[str]) -> None:
    rows = st.session_state[_TABLE]["selection"]["rows"]
    if rows:
        keep(_COLUMN, names[rows[0]])


def _table(rows: list[Payload], at: int) -> None:
    known = any(row["importance"] is not None for row in rows)
    shown = pd.DataFrame(
        {
            "Column": [visible(row["name"], 60) for row in rows],
            "State": [[LOOKS[row["state"]][0]] for row in rows],
            "Effect": [row["effect"] for row in rows],
            "Counts from": [row["threshold"] for row in rows],
            "q": [row["q"] for row in rows],
            "Importance": [row["importance"] for row in rows],
            "Impact": [row["impact"] for row in rows],
            "Why": [visible(row["reason"], 300) for row in rows],
        }
    )
    states = ("drift", "minor", "stable", "too_few_rows", "not_computed")
    st.dataframe(
        shown if known else shown.drop(columns="Importance"),
        hide_index=True,
        key=_TABLE,
        on_select=lambda: _picked([row["name"] for row in rows]),
        selection_mode="single-row",
        selection_default={"selection": {"rows": [at], "columns": [], "cells": []}},
        height=min(420, 38 + 35 * len(rows)),
        alt="Columns by impact, with state, effect and reason",
        column_config={
            "State": st.column_config.MultiselectColumn(
                options=[LOOKS[state][0] for state in states], color=[LOOKS[state][1] for state in states]
            ),
            "Effect": st.column_config.NumberColumn(format="%.3f", help="How large the change is, 0 to 1."),
            "Counts from": st.column_config.NumberColumn(format="%.2f"),
            "q": st.column_config.NumberColumn(
                format="%.2g", help="Chance of a false alarm, adjusted for all tests; real up to 0.05."
            ),
            "Importance": st.column_config.NumberColumn(
                format="percent", help="Share of what the model relies on, from the evaluation."
            ),
            "Impact": st.column_config.ProgressColumn(
                min_value=0,
                max_value=max([row["impact"] for row in rows] + [1e-9]),
                format="%.3f",
                help="Size of the change times importance; just the size where importance is not known.",
            ),
        },
    )
    st.caption("By impact. Pick a row to see the column then and now.")


def detail(row: Payload) -> None:
    """One column: both distributions and the facts that do not decide."""
    with st.container(border=True, key="monitor.detail"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{label(row['name'], 80)}**")
            badge(row["state"])
        st.markdown(label(row["reason"], 400))
        facts = row["details"]
        histogram = facts.get("histogram")
        if histogram:
            figure = charts.overlay(overlay_frame(histogram), palette(), row["name"])
            charts.draw(figure, "Distribution in the reference and in the new data", "monitor.overlay")
        st.caption("  \n".join(_facts(facts)))


def overlay_frame(histogram: Payload) -> pd.DataFrame:
    """The histogram of a column's details in the form that ``ui.charts.overlay`` takes."""
    shares = {name: histogram[name] for name in ("reference", "current")}
    if "edges" in histogram:
        edges = histogram["edges"]
        return pd.DataFrame({"low": edges[:-1], "high": edges[1:], **shares})
    levels = histogram["levels"]
    if histogram.get("part") == "weekday":
        levels = [WEEKDAYS[int(level)] for level in levels]
    if histogram.get("part") == "hour":
        levels = [f"{level} h" for level in levels]
    return pd.DataFrame({"level": levels, **shares})


def _facts(facts: Payload) -> list[str]:
    if not facts:
        return []
    lines = [f"Missing: {facts['missing_reference']:.1%} then, {facts['missing_current']:.1%} now."]
    if facts.get("range"):
        then, now = facts["range"]["reference"], facts["range"]["current"]
        lines.append(f"Times: {' to '.join(map(label, then))} then, {' to '.join(map(label, now))} now.")
    if facts.get("unseen_share"):
        named = ", ".join(label(level, 40) for level in facts["unseen_levels"])
        lines.append(
            f"Never seen before: {facts['unseen_share']:.1%} of the rows" + (f" ({named})." if named else ".")
        )
    if "psi" in facts:
        lines.append(
            f"For those used to them: PSI {facts['psi']:.3f}, Jensen-Shannon {facts['js']:.3f}. They do not "
            "decide here, because they do not know how many rows there are."
        )
    return lines


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
