"""A deployment at a glance: what to do, the numbers, the timeline."""

from __future__ import annotations

import streamlit as st

from core.catalog.metrics import METRICS
from core.deployment.deployment import Batch, Deployment
from core.deployment.model_entries import Promoted, RolledBack
from core.deployment.timeline import batch_rows, model_name, score_words, turns
from core.digits import number
from core.standalone.counts import counted
from ui import charts
from ui.charts.deployment import timeline
from ui.frame.theme import palette
from ui.monitor.drift_states import badge
from ui.widgets.text import count, label


def newest(now: Deployment) -> Batch | None:
    """The batch that came last."""
    return next(iter(list(now.batches.values())[::-1]), None)


def verdict(now: Deployment) -> None:
    """The card with the answer: the last decision, else the state of the last batch."""
    batch = newest(now)
    if batch is not None and has_changed_since(now):
        _changed(now, batch)
        return
    with st.container(border=True, key="deployments.verdict"):
        if batch is None:
            st.subheader("Score a first batch", anchor=False)
            st.markdown("Load new rows below: they are predicted, kept, and compared with the training rows.")
            return
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if batch.decided:
                badge(batch.decided[-1].action)
            badge(batch.verdict.state)
            st.caption(f"after {counted(len(now.batches), 'batch')}")
        if batch.decided:
            decided = batch.decided[-1]
            st.subheader(label(decided.text, 400), anchor=False)
            for reason in decided.reasons:
                st.markdown(f"- {label(reason, 400)}")
            st.markdown(f"**{label(batch.scored.source, 60)}**, the newest: {label(batch.verdict.text, 900)}")
        else:
            st.subheader(label(batch.verdict.action, 300), anchor=False)
            st.markdown(label(batch.verdict.text, 1200))
        told = _last_score(now)
        if told is not None and told is not batch and told.score is not None:
            st.markdown(
                f"**{label(told.scored.source, 60)}**, the newest with labels: {label(told.score.text, 600)}"
            )


def has_changed_since(now: Deployment) -> bool:
    """Whether another model was put to work after the last decision, so that this says nothing of it."""
    if now.turn is None or not isinstance(now.turn, Promoted | RolledBack):
        return False
    last = max((one.seq for one in now.decisions), default=0)
    return now.turn.seq > max(last, *(one.scored.seq for one in now.batches.values()))


def _changed(now: Deployment, batch: Batch) -> None:
    """The card after a change of the model: what is known of the one that works now."""
    with st.container(border=True, key="deployments.verdict"):
        back = isinstance(now.turn, RolledBack)
        st.badge("Back at work" if back else "Promoted", icon=":material/military_tech:", color="blue")
        st.subheader("No batch has come since the model was changed", anchor=False)
        works = f"**{label(model_name(now, now.champion), 120)}** has worked since {_since(now)} UTC."
        st.markdown(f"{works} What was said before was said of the model before it:")
        if batch.decided:
            st.markdown(f"> {label(batch.decided[-1].text, 400)}")


def _last_score(now: Deployment) -> Batch | None:
    """The newest batch of the model at work whose labels give a score."""
    every = [one for one in now.batches.values() if one.scored.model == now.champion][::-1]
    return next((one for one in every if one.score and one.score.value is not None), None)


def numbers(now: Deployment) -> None:
    """The deployment in four small cards."""
    every = list(now.batches.values())
    scored = _last_score(now)
    labelled = sum(one.labels for one in every)
    rows = sum(one.scored.predicted for one in every)
    with st.grid(4, min_column_width=180, gap="small", key="deployments.numbers"):
        works = label(now.models.get(now.champion, "unknown"), 60)
        _card("Model at work", works, f"{now.champion[:6]}, since {_since(now)} UTC")
        _card("Rows scored", count(rows), f"in {counted(len(every), 'batch')}")
        _card("Labels", count(labelled), f"{labelled / rows:.0%} of the rows" if rows else "none yet")
        if scored is not None and scored.score is not None:
            score = scored.score
            name = METRICS[score.metric].label if score.metric in METRICS else score.metric
            value = number(score.value, score.low, score.high)
            _card(f"{name}, newest", value, label(score_words(scored), 120))
        else:
            _card("Score", "–", "labels of a batch of this model tell it")


def _since(now: Deployment) -> str:
    return (now.turn.at if now.turn else now.created)[:16].replace("T", " ")


def _card(name: str, value: str, about: str) -> None:
    with st.container(border=True, gap="xsmall", height="stretch"):
        st.metric(name, value)
        st.caption(about)


def picture(now: Deployment) -> None:
    """The timeline of batches, with the moments at which the model changed."""
    if not now.batches:
        return
    rows = batch_rows(now)
    metric = next((one.score.metric for one in list(now.batches.values())[::-1] if one.score), "")
    name = METRICS[metric].label if metric in METRICS else "score"
    with st.container(border=True, key="deployments.timeline"):
        charts.draw(
            timeline(rows, turns(now), palette(), name),
            f"{counted(len(rows), 'batch')}: {name} with its interval, and the verdict on each",
            "deployments.timeline.picture",
        )
        if rows["score"].isna().all():
            st.caption("No labels have come yet; the squares show the verdict on each batch.")
        if rows["estimate"].notna().any():
            st.caption(
                ":orange[:material/query_stats:] Estimates take the target to depend on the columns as it "
                "did. They can warn; only labels can show that the model still does well."
            )
