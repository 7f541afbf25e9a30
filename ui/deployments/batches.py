"""The batches of a deployment as a list, and one of them in full."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core.deployment.deployment import Batch, Deployment
from core.deployment.timeline import batch_rows
from core.standalone.counts import counted
from ui.monitor.drift_states import LOOKS
from ui.widgets.text import label, visible

FLAGS = {"unseen": "hold a level that training did not have", "outside": "lie outside the range of training"}


def draw(deployment: str, now: Deployment) -> None:
    """Draw the list and the batch that is selected in it."""
    picked = table(deployment, now)
    if picked is None:
        st.caption("No batch has come yet.")
    else:
        details(picked)


def table(deployment: str, now: Deployment) -> Batch | None:
    """Draw the list, the newest first, and give the batch that is selected, by default the newest."""
    every = list(now.batches.values())[::-1]
    if not every:
        return None
    config = st.column_config
    columns: dict[str, Any] = {
        "when": config.TextColumn(
            "Until", width=92, help="The end of its times, or the day on which it came."
        ),
        "source": config.TextColumn("Batch", width=120),
        "rows": config.NumberColumn("Rows", width=76, format="localized"),
        "state": config.TextColumn("Verdict", width=120),
        "score": config.TextColumn("Score", width=310),
        "decision": config.TextColumn("Decision", width=130),
        "failed": config.NumberColumn("Checks failed", width=100),
        "model": config.TextColumn("Model", width=170),
    }
    drawn = st.dataframe(
        _shown(now),
        hide_index=True,
        column_config=columns,
        column_order=list(columns),
        on_select="rerun",
        selection_mode="single-row",
        key=f"deployments.batches.{deployment}",
        alt=f"{counted(len(every), 'batch')}, the newest first",
    )
    picked = [place for place in drawn["selection"]["rows"] if place < len(every)]
    return every[picked[0]] if picked else every[0]


def _shown(now: Deployment) -> pd.DataFrame:
    rows = batch_rows(now).iloc[::-1]
    return pd.DataFrame(
        {
            "when": rows["when"],
            "source": [visible(name, 60) for name in rows["source"]],
            "rows": rows["rows"],
            "state": [_word(state) for state in rows["state"]],
            "score": rows["score_words"],
            "decision": [_word(action) for action in rows["decision"]],
            "failed": rows["failed"],
            "model": [visible(name, 60) for name in rows["model"]],
        }
    )


def _word(state: str) -> str:
    return LOOKS[state][0] if state in LOOKS else state or "–"


def details(batch: Batch) -> None:
    """What is known of one batch."""
    scored = batch.scored
    with st.container(border=True, key="deployments.batch"):
        st.markdown(
            f"**{label(scored.source, 80)}**, {counted(scored.rows, 'row')}, came {_moment(scored.at)}"
        )
        st.markdown(label(batch.verdict.text, 1200))
        if batch.score is not None:
            st.markdown(label(batch.score.text, 600))
        elif scored.estimate is not None:
            st.markdown(f":orange[:material/query_stats:] {label(scored.estimate.text, 500)}")
        told = [f"{counted(n, 'row')} {FLAGS.get(flag, flag)}" for flag, n in scored.flags.items() if n]
        if told:
            st.markdown(f":orange[:material/flag:] {label('; '.join(told), 400)}.")
        for outcome in batch.outcomes:
            st.markdown(f"{OUTCOMES[outcome.state]} {label(outcome.text, 300)}")
        st.caption(f"Batch {scored.batch} · rows {scored.data[:12]} · model {scored.model[:12]}")


OUTCOMES = {
    "passed": ":green[:material/check_circle:]",
    "failed": ":red[:material/cancel:]",
    "unknown": ":gray[:material/help:]",
}


def _moment(at: str) -> str:
    return f"{at[:16].replace('T', ' ')} UTC"
