"""A run in words: its kind, its score, and what has become of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from core.catalog.metrics import METRICS
from core.digits import is_defined, number, span
from core.engine.job_kinds import JOB_KINDS
from core.recipe.document import Recipe
from core.recipe.fingerprint import fingerprint
from core.results.base import parsed_or_none
from core.results.tune import TuneResult
from core.standalone.counts import counted
from core.store.runs import RunInfo
from ui.frame.session import project, workspace
from ui.widgets.catalog_names import short_metric
from ui.widgets.text import label, visible

MOST_WORDS = 12


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
    result = parsed_or_none(TuneResult, workspace().run(project_id, run).payload)
    return (result.model, result.best.all_params) if result else ("", {})


def standing_words(run: RunInfo, recipe: Recipe) -> str:
    """What has become of a run: whether its recipe still holds, or its best hyperparameters were taken."""
    if run.kind == "tune" and recipe.chosen is not None:
        best = _best(str(workspace().root), project(), run.id)
        if best == (recipe.chosen.model, recipe.chosen.params):
            return "taken"
    return "current" if is_current(run, recipe) else "earlier recipe"


def score_words(run: RunInfo) -> str:
    """The score of a run with its interval, as far as they are known."""
    summary = run.summary
    if not is_defined(summary.get("score")):
        return "–"
    if not is_defined(summary.get("low")):
        return number(summary["score"])
    mean, low, high = summary["score"], summary["low"], summary["high"]
    return f"{number(mean, low, high)}  ({span(low, high, mean)})"


def metric_words(run: RunInfo) -> str:
    """The label of a run's metric."""
    metric = run.summary.get("metric", "")
    return METRICS[metric].label if metric in METRICS else visible(metric)


def short_metric_of(run: RunInfo) -> str:
    """The short name of a run's metric."""
    metric = run.summary.get("metric", "")
    return short_metric(metric) if metric in METRICS else metric_words(run)


def change_words(changes: Sequence[str]) -> str:
    """The changes of a recipe as a list, the first of them."""
    shown = [f"- {label(words, 200)}" for words in changes[:MOST_WORDS]]
    more = len(changes) - len(shown)
    return "\n".join([*shown, f"- {counted(more, 'further change')}"] if more > 0 else shown)
