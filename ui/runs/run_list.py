"""The project's runs as a list, one run in detail, and two side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import combinations
from typing import Any

import pandas as pd
import streamlit as st

from core.catalog.metrics import METRICS
from core.digits import known, number, span
from core.engine.job_kinds import JOB_KINDS
from core.errors import FoldlineError
from core.recipe.difference import differences
from core.recipe.document import Recipe
from core.recipe.fingerprint import fingerprint
from core.recipe.split import rows_key
from core.results.base import known as known_result
from core.results.tune import TuneResult
from core.store.runs import Run, RunInfo
from core.train.ranking.run_comparison import Standing, versus
from ui.frame.session import project, workspace
from ui.widgets import state
from ui.widgets.catalog_names import short_metric
from ui.widgets.text import label, visible

TABLE = "runs.table"
RESTORED = "runs.restored"
LABEL_LENGTH = 200
MOST_WORDS = 12
LOOKED_AT = 30
STANDING = (
    "**current**: the recipe is still the one it was run with.  \n"
    "**taken**: the search whose best hyperparameters are the chosen model now.  \n"
    "**earlier recipe**: something that decides its outcome has changed since."
)


def when(run: RunInfo) -> str:
    """When a run ended, in the server's time."""
    return datetime.fromtimestamp(run.at).strftime("%d %b %Y, %H:%M")


def kind_of(run: RunInfo) -> str:
    """What a kind of run is called."""
    kind = JOB_KINDS.get(run.kind)
    return kind.run_label if kind else visible(run.kind).capitalize()


def is_current(run: RunInfo, recipe: Recipe) -> bool:
    """Whether a run belongs to the recipe as it is now."""
    kind = JOB_KINDS.get(run.kind)
    return kind is not None and kind.part is not None and run.fingerprint == fingerprint(recipe, kind.part)


@st.cache_resource(max_entries=256, show_spinner=False)
def _best(root: str, project_id: str, run: str) -> tuple[str, dict[str, Any]]:
    found = known_result(TuneResult, workspace().run(project_id, run).payload)
    return (found.model, found.best.all_params) if found else ("", {})


def standing_words(run: RunInfo, recipe: Recipe) -> str:
    """What has become of a run: whether its recipe still holds, or its best hyperparameters were taken."""
    if run.kind == "tune" and recipe.chosen is not None:
        best = _best(str(workspace().root), project(), run.id)
        if best == (recipe.chosen.model, recipe.chosen.params):
            return "taken"
    return "current" if is_current(run, recipe) else "earlier recipe"


def default_rows(runs: Sequence[RunInfo], table: str) -> list[int]:
    """Which rows are selected at first: the newest two of the table that can be compared, else its newest."""
    asked = {
        place: (run.kind == "evaluate", run.recipe.metric, rows_key(run.recipe))
        for place, run in enumerate(runs[:LOOKED_AT])
        if run.recipe.source.table == table
    }
    pairs = [[a, b] for a, b in combinations(asked, 2) if asked[a] == asked[b]]
    return pairs[0] if pairs else list(asked)[:1]


def score_words(run: RunInfo) -> str:
    """The score of a run with its interval, as far as they are known."""
    found = run.summary
    if not known(found.get("score")):
        return "–"
    if not known(found.get("low")):
        return number(found["score"])
    mean, low, high = found["score"], found["low"], found["high"]
    return f"{number(mean, low, high)}  ({span(low, high, mean)})"


def metric_words(run: RunInfo) -> str:
    """The label of a run's metric."""
    metric = run.summary.get("metric", "")
    return METRICS[metric].label if metric in METRICS else visible(metric)


def _short(run: RunInfo) -> str:
    metric = run.summary.get("metric", "")
    return short_metric(metric) if metric in METRICS else metric_words(run)


def table(runs: Sequence[RunInfo], recipe: Recipe) -> pd.DataFrame:
    """One row a run, in the order of the list."""
    rows = [
        {
            "when": datetime.fromtimestamp(run.at),
            "kind": kind_of(run),
            "label": visible(run.label, LABEL_LENGTH),
            "metric": _short(run),
            "score": score_words(run),
            "data": visible(run.recipe.source.name, 60),
            "standing": standing_words(run, recipe),
        }
        for run in runs
    ]
    return pd.DataFrame(rows)


def draw_table(runs: Sequence[RunInfo], recipe: Recipe) -> list[RunInfo]:
    """The list, with the data where it differs; gives the selected runs in the order of the list."""
    several = len({run.recipe.source.name for run in runs}) > 1
    config = st.column_config
    columns: dict[str, Any] = {
        "when": config.DatetimeColumn("When", format="D MMM YYYY, HH:mm", width=130),
        "kind": config.TextColumn("Kind", width=90),
        "standing": config.TextColumn("Standing", width=96, help=STANDING),
        "label": config.TextColumn("Label", width=270 if several else 370),
        "metric": config.TextColumn("Score by", width=100),
        "score": config.TextColumn("Score", width=158, help="With its 95 % interval."),
        "data": config.TextColumn("Data", width=124),
    }
    first = default_rows(runs, recipe.source.table)
    drawn = st.dataframe(
        table(runs, recipe),
        hide_index=True,
        column_config=columns,
        column_order=[name for name in columns if several or name != "data"],
        on_select="rerun",
        selection_mode="multi-row",
        selection_default={"selection": {"rows": first, "columns": [], "cells": []}},
        key=TABLE,
        alt=f"{len(runs)} runs, the newest first",
    )
    picked = sorted(place for place in drawn["selection"]["rows"] if place < len(runs))
    return [runs[place] for place in picked]


def _renamed(run: RunInfo, key: str) -> None:
    _try("label_run", run.id, st.session_state[key].strip()[:LABEL_LENGTH])


def _try(action: str, *args: object) -> None:
    try:
        getattr(workspace(), action)(project(), *args)
    except FoldlineError as error:
        state.refuse(error)


def _deleted(run: RunInfo) -> None:
    _try("delete_run", run.id)
    st.session_state.pop(TABLE, None)


@st.dialog("Delete this run?", icon=":material/delete:")
def _confirm(run: RunInfo) -> None:
    st.markdown(
        f"**{label(run.label or kind_of(run))}** goes with its scores and files. This cannot be undone."
    )
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Keep it", key="runs.keep"):
            st.rerun()
        if st.button(
            "Delete for good", type="primary", key="runs.delete.sure", on_click=_deleted, args=(run,)
        ):
            st.rerun()


def _restore(run: RunInfo) -> None:
    state.edit(lambda _: run.recipe, f"recipe of “{run.label or kind_of(run)}”")
    st.session_state[RESTORED] = run.id


def _take_back() -> None:
    st.session_state.pop(RESTORED, None)
    state.undo()


def _words(changes: Sequence[str]) -> str:
    shown = [f"- {label(words, 200)}" for words in changes[:MOST_WORDS]]
    more = len(changes) - len(shown)
    return "\n".join([*shown, f"- and {more} more"] if more > 0 else shown)


def one(run: RunInfo, recipe: Recipe) -> None:
    """A run in detail: rename it, go back to its recipe, delete it."""
    changes = differences(recipe, run.recipe)
    with st.container(border=True, key="runs.one"):
        left, right = st.columns([3, 2], vertical_alignment="bottom")
        key = f"runs.label.{run.id}"
        if st.session_state.get(key) != run.label:
            st.session_state[key] = run.label
        left.text_input("Label", key=key, max_chars=LABEL_LENGTH, on_change=_renamed, args=(run, key))
        with right.container(horizontal=True, horizontal_alignment="right"):
            st.button(
                "Restore its recipe",
                icon=":material/settings_backup_restore:",
                key="runs.restore",
                help="Makes every choice what it was for this run. It can be undone, and no run is lost.",
                on_click=_restore,
                args=(run,),
                disabled=not changes,
            )
            if st.button("Delete…", icon=":material/delete:", type="tertiary", key="runs.delete"):
                _confirm(run)
        st.markdown(
            f"{kind_of(run)} of {when(run)} on {label(run.recipe.source.name)}: "
            f"{metric_words(run)} **{label(score_words(run))}**"
        )
        if changes:
            st.caption("Since then the recipe has changed. Restoring does this:")
            st.markdown(_words(changes))
        elif st.session_state.get(RESTORED) == run.id:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(
                    ":green[:material/check_circle:] Restored: every choice is as it was for this run."
                )
                st.button(
                    "Undo", icon=":material/undo:", type="tertiary", key="runs.undo", on_click=_take_back
                )
        else:
            st.caption("The recipe is the same now.")


def _side(name: str, run: Run, found: Standing, metric: str) -> None:
    with st.container(border=True, height="stretch"):
        st.caption(f"{name} · {kind_of(run.info)} of {when(run.info)}")
        st.markdown(f"**{label(run.info.label or kind_of(run.info))}**")
        mean, low, high = found.score, found.low, found.high
        shown = number(mean, low, high) if known(mean) else score_words(run.info)
        title = METRICS[metric].label if metric else metric_words(run.info)
        st.metric(f"{title}, {label(found.model, 60)}", shown)
        if known(low):
            st.caption(f"95 % interval {span(low, high, mean)}")


def two(newer: RunInfo, older: RunInfo) -> None:
    """Two runs side by side: scores, the paired difference, and what was chosen otherwise."""
    first, second = (workspace().run(project(), run.id) for run in (older, newer))
    found = versus(first, second)
    icon = ":material/balance:" if found.comparable else ":material/block:"
    st.subheader(f"{icon} {label(found.sentence, 400)}", anchor=False)
    for note in found.notes:
        st.caption(f":material/info: {note}")
    left, right = st.columns(2)
    with left:
        _side("First", first, found.a, found.metric)
    with right:
        _side("Second", second, found.b, found.metric)
    changes = differences(older.recipe, newer.recipe)
    with st.container(border=True, key="runs.difference"):
        st.markdown("**From the first to the second**" if changes else "Both were made with the same recipe.")
        if changes:
            st.markdown(_words(changes))
