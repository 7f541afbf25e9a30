"""A comparison of new data with a reference on screen: the verdict first, then why."""

from __future__ import annotations

import json
from collections.abc import Sequence

import streamlit as st

from core.catalog.metrics import METRICS
from core.digits import difference, number
from core.standalone.counts import counted
from core.watch.judge.joint import Separation
from core.watch.judge.schema_gate import DataIssue
from core.watch.result import DriftResult
from core.watch.words.grouped_issues import IssueGroup, grouped
from ui import charts
from ui.frame.theme import palette
from ui.monitor.drift_columns import overlay_frame
from ui.monitor.drift_states import badge
from ui.use.bundle_view import reader
from ui.widgets.text import count, label

SEVERITY = {
    "error": ":red[:material/error:]",
    "warn": ":orange[:material/warning:]",
    "info": ":gray[:material/info:]",
}
MOST_REASONS = 200
COLUMNS = (
    "A column drifts when its change is real, beyond chance over all tests, and large enough to matter. "
    "Ids and columns that are missing are not compared."
)
OUTPUTS = "What the model says of the new rows, and the target where they have it."
JOINT = (
    "A small model learns to tell new rows from old ones and is tried on rows it has not seen. Its AUC is "
    "how often it ranks a new row above an old one: 0.5 is guessing, 1.0 means that every row gives itself "
    "away. From 0.60 on it counts as drift. It sees what no column shows alone."
)
SCORE = "On the new rows that have the target, against the score on the locked test rows."


def verdict(result: DriftResult) -> None:
    """The card with the answer: state, sentence, what to do."""
    judgement = result.verdict
    with st.container(border=True, key="monitor.verdict"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            badge(judgement.state)
            st.caption(
                f"{counted(result.n_current, 'new row')} against {count(result.n_reference)} of the reference"
            )
        st.subheader(label(judgement.action, 300), anchor=False)
        st.markdown(label(judgement.text, 1200))


def numbers(result: DriftResult) -> None:
    """The answer in four small cards."""
    states = [column.state for column in result.columns]
    drifted, compared = states.count("drift"), sum(state != "not_computed" for state in states)
    joint, scored = result.joint, result.performance
    outputs = [one.state for one in result.outputs]
    with st.grid(4, min_column_width=180, gap="small", key="monitor.numbers"):
        now = scored.now if scored else None
        value = number(now.value, now.low, now.high) if now else "–"
        name = f"{METRICS[now.metric].label} now" if now else "Score now"
        _card(name, value, scored.state if scored else "not_computed", SCORE)
        _card("Columns drifted", f"{drifted} of {compared}" if compared else "–", _worst(states), COLUMNS)
        asked = [state for state in outputs if state != "not_computed"]
        moved = f"{asked.count('drift')} of {len(asked)}" if asked else "–"
        _card("Outputs drifted", moved, _worst(outputs), OUTPUTS)
        _card("Rows as a whole", _apart(joint), joint.state, JOINT)


def _card(name: str, value: str, state: str, about: str) -> None:
    with st.container(border=True, gap="xsmall", height="stretch"):
        st.metric(name, value, help=about)
        badge(state)


def _apart(joint: Separation) -> str:
    """How well rows can be told apart; below 0.5 the model guesses, and says no more."""
    if joint.auc is None:
        return "–"
    return "Alike" if joint.state == "stable" else f"AUC {max(joint.auc, 0.5):.2f}"


def _worst(states: Sequence[str]) -> str:
    order = ("drift", "minor", "too_few_rows", "stable", "not_computed")
    return next((state for state in order if state in states), "not_computed")


def findings(result: DriftResult) -> None:
    """What is wrong or unusual about the shape of the new data."""
    notes = [DataIssue("info", note.code, "", note.text) for note in result.notes]
    things = grouped([*result.findings, *notes])
    if not things:
        return
    serious = any(thing.severity != "info" for thing in things)
    title = (
        f"{counted(len(things), 'thing')} noticed about the new data"
        if len(things) > 1
        else "One thing noticed"
    )
    with st.expander(title, icon=":material/fact_check:", expanded=serious):
        for place, thing in enumerate(things):
            _thing(thing, f"monitor.noticed.{place}")


def _thing(thing: IssueGroup, key: str) -> None:
    text = f"{SEVERITY[thing.severity]} {label(thing.text, 400)}"
    if thing.is_all:
        st.markdown(text)
        return
    left, right = st.columns([7, 1], vertical_alignment="center")
    left.markdown(text)
    with right, st.popover(f"All {len(thing.reasons)}", type="tertiary", key=key):
        st.markdown("\n".join(f"- {label(reason, 300)}" for reason in thing.reasons[:MOST_REASONS]))
        if len(thing.reasons) > MOST_REASONS:
            st.caption(f"{len(thing.reasons) - MOST_REASONS} more are in the report.")


def is_alien(result: DriftResult) -> bool:
    """Whether the new data has none of the columns, so that there is nothing more to show."""
    return any(row.code == "NO_COMMON_COLUMNS" for row in result.findings)


def outputs(result: DriftResult) -> None:
    """What the model says, and what should have been said."""
    rows = result.outputs
    if not rows:
        st.caption("No predictions were compared: it needs a chosen model, and new rows with its columns.")
    for place, row in enumerate(rows):
        with st.container(border=True):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(f"**{label(row.name, 80)}**")
                badge(row.state)
            st.markdown(label(row.reason, 400))
            if histogram := row.details.histogram:
                figure = charts.overlay(overlay_frame(histogram), palette(), row.name)
                charts.draw(figure, "Distribution then and now", f"monitor.output.{place}")
    if result.basis:
        st.caption(result.basis)


def whole(result: DriftResult) -> None:
    """Whether old and new rows can be told apart as wholes, and by what."""
    joint = result.joint
    for name, side in (("All columns together", joint), ("Relations between columns", joint.relations)):
        with st.container(border=True):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(f"**{name}**")
                badge(side.state)
            st.markdown(label(side.reason, 400))
            if side.drivers:
                top = side.drivers[0].drop or 1.0
                for driver in side.drivers[:5]:
                    share = min(max(driver.drop / top, 0.0), 1.0)
                    st.progress(share, text=f"{label(driver.column, 80)} :small[{driver.drop:.3f}]")
    shown = joint.drivers or (joint.relations.drivers if joint.relations.auc is not None else ())
    bars = " The bars tell how much the AUC falls when a column is shuffled." if shown else ""
    st.caption(JOINT + bars)


def performance(result: DriftResult) -> None:
    """The score on new labelled rows beside the one on the hold-out."""
    scored = result.performance
    if scored is None:
        st.caption(
            "The new data has no labels, or no model was compared. Add the target column once the truth is "
            "known: then the score on the new rows is measured, with its interval."
        )
        return
    with st.container(border=True):
        badge(scored.state)
        st.markdown(label(scored.text, 900))
        if scored.difference:
            gap, low, high = scored.difference
            st.caption(f"Now against then: {difference(gap, low, high)}, with its 95% interval.")
        if scored.state == "no_reference":
            st.caption("Open the test set on the Evaluate page to have a score to compare with.")


def downloads(result: DriftResult) -> None:
    """The report as a page and as data."""
    with st.container(horizontal=True, gap="small", key="monitor.files"):
        st.download_button(
            "Report as a page",
            reader(result.result, "drift.html"),
            "drift.html",
            "text/html",
            key="monitor.html",
            icon=":material/description:",
            on_click="ignore",
            help="One HTML file that needs nothing else; for those who do not have Foldline.",
        )
        st.download_button(
            "Report as JSON",
            lambda: json.dumps(result.facts(), indent=1, ensure_ascii=False),
            "drift.json",
            "application/json",
            key="monitor.json",
            icon=":material/data_object:",
            on_click="ignore",
        )
