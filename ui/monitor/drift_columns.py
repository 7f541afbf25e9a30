"""The columns of a comparison: a table by impact, and the picked one then and now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.catalog.drift_tests import DRIFT_TESTS
from core.watch.judge.column_facts import ColumnFacts, Histogram
from core.watch.judge.columns import ColumnDrift
from core.watch.result import DriftResult
from core.watch.words.wording import chance
from ui import charts
from ui.frame.theme import palette
from ui.monitor.drift_states import LOOKS, badge
from ui.widgets.remembered import keep, remembered
from ui.widgets.short_names import distinct_names
from ui.widgets.text import label, visible

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
CHANCE = (
    "How much of what looks as clear as this is expected to be chance, over all tests of this comparison "
    "(Benjamini-Hochberg). Up to 3% a change of a column is taken as real, up to 1% one of a "
    "prediction, so that with the rows as wholes false alarms stay near 5%."
)
LONGEST, NARROWEST = 40, 120
"""Letters of a name in the table, and pixels of its column."""
PIXELS, PADDING = 7.5, 20
"""Of a letter, and beside the letters."""
_TABLE, _COLUMN = "monitor.columns", "monitor.column"


def columns(result: DriftResult) -> None:
    """All columns by impact; the picked one is shown then and now."""
    rows = result.columns
    if not rows:
        st.caption("No column could be compared.")
        return
    names = [row.name for row in rows]
    kept = remembered(_COLUMN, names[0], names)
    _table(rows, names.index(kept))
    detail(rows[names.index(kept)])


def _picked(names: list[str]) -> None:
    rows = st.session_state[_TABLE]["selection"]["rows"]
    if rows:
        keep(_COLUMN, names[rows[0]])


def _table(rows: Sequence[ColumnDrift], at: int) -> None:
    has_importance = any(row.importance is not None for row in rows)
    shown = pd.DataFrame(
        {
            "Column": distinct_names((row.name for row in rows), LONGEST),
            "State": [[LOOKS[row.state][0]] for row in rows],
            "Size": [_ratio(row) for row in rows],
            "Importance": [_percent(row.importance) for row in rows],
            "Impact": [row.impact for row in rows],
            "Why, and what to do": [visible(row.reason, 300) for row in rows],
        }
    )
    st.dataframe(
        shown if has_importance else shown.drop(columns="Importance"),
        hide_index=True,
        key=_TABLE,
        on_select=lambda: _picked([row.name for row in rows]),
        selection_mode="single-row",
        selection_default={"selection": {"rows": [at], "columns": [], "cells": []}},
        height=min(420, 38 + 35 * len(rows)),
        placeholder="–",
        alt="Columns by impact, with state, size of the change and reason",
        column_config=_config(rows, max(map(len, shown["Column"]))),
    )
    largest = "The largest impact on the model" if has_importance else "The largest change"
    st.caption(f"{largest} first. Pick a row to see the column then and now.")


def _config(rows: Sequence[ColumnDrift], letters: int) -> dict[str, Any]:
    """How the columns of the table are drawn.

    Args:
        letters: of the longest name, which its column has room for.
    """
    states = ("drift", "minor", "stable", "too_few_rows", "not_computed")
    return {
        "Column": st.column_config.TextColumn(width=max(NARROWEST, round(PIXELS * letters) + PADDING)),
        "State": st.column_config.MultiselectColumn(
            options=[LOOKS[state][0] for state in states],
            color=[LOOKS[state][1] for state in states],
            width=112,
        ),
        "Size": st.column_config.NumberColumn(
            format="%.1f ×",
            width=64,
            help="Size of the change in units of what counts: from 1 on it matters, if it is no chance.",
        ),
        "Importance": st.column_config.NumberColumn(
            format="%.1f%%", width=84, help="Share of what the model relies on, from the evaluation."
        ),
        "Impact": st.column_config.ProgressColumn(
            min_value=0,
            max_value=max([row.impact for row in rows] + [1e-9]),
            format="%.3f",
            width=102,
            help="Size of the change times importance; just the size where importance is not known.",
        ),
        "Why, and what to do": st.column_config.TextColumn(width=560),
    }


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _ratio(row: ColumnDrift) -> float | None:
    if row.effect is None or not row.threshold or row.state == "not_computed":
        return None
    return float(row.effect / row.threshold)


def detail(row: ColumnDrift) -> None:
    """One column: what happened and what to do, both distributions, and the numbers behind it."""
    with st.container(border=True, key="monitor.detail"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{label(row.name, 200)}**")
            badge(row.state)
        st.markdown(label(row.reason, 400))
        facts = row.details
        if facts.missing_reference is not None:
            _numbers(row)
        histogram = facts.histogram
        if histogram and row.state != "not_computed":
            figure = charts.overlay(overlay_frame(histogram), palette(), row.name)
            charts.draw(figure, "Distribution in the reference and in the new data", "monitor.overlay")
        if lines := _facts(facts):
            st.caption("  \n".join(lines))


def _numbers(row: ColumnDrift) -> None:
    facts, compared = row.details, row.state != "not_computed" and row.effect is not None
    with st.grid(4, min_column_width=190, gap="small", key="monitor.detail.numbers"):
        st.metric(
            "Size of the change",
            f"{row.effect:.2f}" if compared else "–",
            help=_size_help(row) if compared else "Its values were not compared.",
        )
        st.metric("Could be chance", chance(row.q) if compared else "–", help=CHANCE)
        st.metric(
            "Missing, then and now",
            f"{facts.missing_reference:.1%} → {facts.missing_current:.1%}",
            help="Share of the rows without a value.",
        )
        unseen = facts.unseen_share
        st.metric(
            "Never seen before",
            "–" if unseen is None else f"{unseen:.1%}",
            help="Share of the new rows with a value that the reference does not have, or outside its range.",
        )


def _size_help(row: ColumnDrift) -> str:
    test = DRIFT_TESTS[row.test]
    return (
        f"From {row.threshold:.2g} on it counts. {test.help} "
        "0 means no change at all, 1 that nothing is as it was."
    )


def overlay_frame(histogram: Histogram) -> pd.DataFrame:
    """The histogram of a column's details in the form that ``ui.charts.overlay`` takes."""
    shares = {"reference": histogram.reference, "current": histogram.current}
    if edges := histogram.edges:
        return pd.DataFrame({"low": edges[:-1], "high": edges[1:], **shares})
    levels = list(histogram.levels)
    if histogram.part == "weekday":
        levels = [WEEKDAYS[int(level)] for level in levels]
    if histogram.part == "hour":
        levels = [f"{level} h" for level in levels]
    return pd.DataFrame({"level": levels, **shares})


def _facts(facts: ColumnFacts) -> list[str]:
    lines = []
    if facts.range is not None:
        then, now = facts.range.reference, facts.range.current
        about = "about " if facts.range.rounded else ""
        lines.append(
            f"Times: {about}{' to '.join(map(label, then))} then, {' to '.join(map(label, now))} now."
        )
    if facts.unseen_share and facts.unseen_levels:
        named = ", ".join(label(level, 40) for level in facts.unseen_levels)
        lines.append(f"New values, the most frequent first: {named}.")
    if facts.psi is not None:
        lines.append(
            f"For those used to them: PSI {facts.psi:.3f}, Jensen-Shannon {facts.js:.3f}. They do not "
            "decide here, because they do not know how many rows there are."
        )
    return lines
