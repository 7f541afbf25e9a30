"""The columns of a comparison: a table by impact, and the picked one then and now."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from ui import charts
from ui.drift_states import LOOKS, badge
from ui.remember import keep, remembered
from ui.text import label, visible
from ui.theme import palette

Payload = dict[str, Any]
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_TABLE, _COLUMN = "monitor.columns", "monitor.column"


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
