"""The leaderboard as a table, with a button on each row that chooses its model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from core.catalog.metrics import METRICS
from core.digits import difference, known, number
from core.recipe import edits
from core.recipe.document import Candidate
from ui import state

CHOOSE, CHOSEN = ":material/check: Choose", ":material/check_circle: Chosen"
_CLICK = "models.choose"


def _standing(row: Mapping[str, Any], baseline: str) -> str:
    if row["id"] == baseline:
        return "baseline"
    words = ["best"] if row["rank"] == 1 else ["tie"] if row["tied_with_best"] else ["behind"]
    if row["simplest_tie"]:
        words.append("simplest")
    if row["beats_baseline"] is False:
        words.append("not above the baseline")
    return ", ".join(words)


def _interval(row: Mapping[str, Any]) -> str:
    return f"{number(row['low'])} – {number(row['high'])}" if known(row["low"]) else "–"


def _difference(row: Mapping[str, Any]) -> str:
    if row["rank"] == 1:
        return "–"
    return difference(row["difference"], row["diff_low"], row["diff_high"])


def table(found: Mapping[str, Any], chosen: Candidate | None) -> pd.DataFrame:
    """The leaderboard as a table, the models that did not finish at its end."""
    held = {one["id"]: one for one in found["candidates"]}
    ranked = [row["id"] for row in found["board"]]
    rows = [_ranked(row, held[row["id"]], found, chosen) for row in found["board"]]
    rows += [_unranked(one) for one in found["candidates"] if one["id"] not in ranked]
    return pd.DataFrame(rows)


def _ranked(
    row: Mapping[str, Any], one: Mapping[str, Any], found: Mapping[str, Any], chosen: Candidate | None
) -> dict[str, Any]:
    judged = sum(valid for _, valid in found["sizes"])
    folds = [value for value in one["scores"][found["metric"]] if known(value)]
    mine = chosen is not None and (chosen.model, chosen.params) == (one["model"], one["params"])
    return {
        "model": one["label"],
        "standing": _standing(row, found["baseline"]),
        "score": row["mean"],
        "spread": row["std"],
        "interval": _interval(row),
        "difference": _difference(row),
        "folds": folds if len(folds) > 1 else None,
        "fit": one["fit_seconds"],
        "predict": one["predict_seconds"] / judged * 1_000_000,
        "choose": None if row["id"] == found["baseline"] else CHOSEN if mine else CHOOSE,
    }


def _unranked(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "model": one["label"],
        "standing": one["status"],
        "interval": "–",
        "difference": "–",
        "choose": None,
    }


def choose(one: Mapping[str, Any]) -> None:
    """Make a candidate of a comparison the chosen model."""
    state.edit(
        lambda old: edits.choose(old, one["model"], one["id"], **one["params"]), f"choose {one['label']}"
    )


def _clicked(found: Mapping[str, Any]) -> None:
    place = st.session_state[_CLICK]["row"]
    if place < len(found["board"]):
        wanted = found["board"][place]["id"]
        choose(next(one for one in found["candidates"] if one["id"] == wanted))


def draw_table(found: Mapping[str, Any], chosen: Candidate | None) -> None:
    """The table with a button on each row that chooses its model."""
    config, name = st.column_config, METRICS[found["metric"]].label
    columns: dict[str, Any] = {
        "model": config.TextColumn("Model", pinned=True, width=178),
        "choose": config.ButtonColumn(
            "", width=86, type="tertiary", on_click=_clicked, args=(found,), key=_CLICK
        ),
        "standing": config.TextColumn("Standing", width=92, help="Ties cannot be told from the best."),
        "score": config.NumberColumn(name, format="%.4g", width=68, help="Mean over the folds."),
        "spread": config.NumberColumn("Spread", format="%.2g", width=60, help="Deviation over the folds."),
        "interval": config.TextColumn(
            "95 % interval", width=104, help="Of the score; corrected for folds that share rows."
        ),
        "difference": config.TextColumn(
            "To the best", width=162, help="Difference with its 95 % interval, paired fold by fold."
        ),
        "folds": config.LineChartColumn("Folds", width=70, help="The score on each fold."),
        "fit": config.NumberColumn("Fit", format="%.1f s", width=58, help="All folds on one core."),
        "predict": config.NumberColumn("Predict", format="%.1f ms", width=68, help="For 1,000 rows."),
    }
    frame = table(found, chosen)
    st.dataframe(
        frame,
        hide_index=True,
        column_config=columns,
        column_order=[name for name in columns if name in frame.columns],
        height="content",
        placeholder="–",
        key="models.table",
        alt=f"Leaderboard of {len(frame)} models by {name}",
    )
