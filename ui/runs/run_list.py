"""The project's runs as a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import combinations
from typing import Any

import pandas as pd
import streamlit as st

from core.recipe.document import Recipe
from core.recipe.split import rows_key
from core.standalone.counts import counted
from core.store.runs import RunInfo
from ui.runs.run_words import kind_of, score_words, short_metric_of, standing_words
from ui.widgets.text import visible

TABLE = "runs.table"
LABEL_LENGTH = 200
LOOKED_AT = 30
PIXELS, TWO_LINES = 7, 66
"""Of a letter, and of a row with two lines (Streamlit wraps from 65 on)."""
SCORE = (
    "With its 95% interval. That of a search is the score of the tuned model on fresh folds, where there "
    "are any."
)
STANDING = (
    "**current**: the recipe is still the one it was run with.  \n"
    "**taken**: the search whose best hyperparameters are the chosen model now.  \n"
    "**earlier recipe**: something that decides its outcome has changed since."
)


def default_rows(runs: Sequence[RunInfo], table: str) -> list[int]:
    """Which rows are selected at first: the newest two of the table that can be compared, else its newest."""
    asked = {
        place: (run.kind == "evaluate", run.recipe.metric, rows_key(run.recipe))
        for place, run in enumerate(runs[:LOOKED_AT])
        if run.recipe.source.table == table
    }
    pairs = [[a, b] for a, b in combinations(asked, 2) if asked[a] == asked[b]]
    return pairs[0] if pairs else list(asked)[:1]


def table(runs: Sequence[RunInfo], recipe: Recipe) -> pd.DataFrame:
    """One row a run, in the order of the list."""
    rows = [
        {
            "when": datetime.fromtimestamp(run.at),
            "kind": kind_of(run),
            "label": visible(run.label, LABEL_LENGTH),
            "metric": short_metric_of(run),
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
    room = 270 if several else 370
    config = st.column_config
    columns: dict[str, Any] = {
        "when": config.DatetimeColumn("When", format="D MMM YYYY, HH:mm", width=130),
        "kind": config.TextColumn("Kind", width=90),
        "metric": config.TextColumn("Score by", width=100),
        "score": config.TextColumn("Score", width=158, help=SCORE),
        "standing": config.TextColumn("Standing", width=96, help=STANDING),
        "label": config.TextColumn("Label", width=room),
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
        row_height=TWO_LINES if any(len(run.label) > room // PIXELS for run in runs) else None,
        alt=f"{counted(len(runs), 'run')}, the newest first",
    )
    picked = sorted(place for place in drawn["selection"]["rows"] if place < len(runs))
    return [runs[place] for place in picked]
