"""Two runs side by side."""

from __future__ import annotations

import streamlit as st

from core.catalog.metrics import METRICS
from core.digits import is_defined, number, span
from core.recipe.difference import differences
from core.store.runs import Run, RunInfo
from core.train.ranking.run_comparison import Standing, versus
from ui.frame.session import project, workspace
from ui.runs.run_words import (
    change_words,
    kind_of,
    metric_words,
    score_words,
    when,
)
from ui.widgets.text import label


def _side(name: str, run: Run, standing: Standing, metric: str) -> None:
    with st.container(border=True, height="stretch"):
        st.caption(f"{name} · {kind_of(run.info)} of {when(run.info)}")
        st.markdown(f"**{label(run.info.label or kind_of(run.info), 200)}**")
        mean, low, high = standing.score, standing.low, standing.high
        shown = number(mean, low, high) if is_defined(mean) else score_words(run.info)
        title = METRICS[metric].label if metric else metric_words(run.info)
        st.metric(f"{title}, {label(standing.model, 60)}", shown)
        if is_defined(low):
            st.caption(f"95% interval {span(low, high, mean)}")
        elif standing.why:
            st.caption(f"No interval: {label(standing.why)}")


def two(newer: RunInfo, older: RunInfo) -> None:
    """Two runs side by side: scores, the paired difference, and what was chosen otherwise."""
    first, second = (workspace().run(project(), run.id) for run in (older, newer))
    comparison = versus(first, second)
    icon = ":material/balance:" if comparison.comparable else ":material/block:"
    st.subheader(f"{icon} {label(comparison.sentence, 400)}", anchor=False)
    for note in comparison.notes:
        st.caption(f":material/info: {note}")
    left, right = st.columns(2)
    with left:
        _side("First", first, comparison.a, comparison.metric)
    with right:
        _side("Second", second, comparison.b, comparison.metric)
    changes = differences(older.recipe, newer.recipe)
    with st.container(border=True, key="runs.difference"):
        st.markdown("**From the first to the second**" if changes else "Both were made with the same recipe.")
        if changes:
            st.markdown(change_words(changes))
