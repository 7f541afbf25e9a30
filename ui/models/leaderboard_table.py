"""The leaderboard as a table, with a button on each row that chooses its model."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core.catalog.metrics import METRICS
from core.digits import decimals, difference, fixed, is_defined
from core.recipe import edits
from core.recipe.document import Candidate
from core.results.compare import BoardRow, CandidateScores, CompareResult
from ui.widgets import state

CHOOSE, CHOSEN = ":material/check: Choose", ":material/check_circle: Chosen"
SIMPLEST, NOT_ABOVE = "simplest", "≤ baseline"
_CLICK = "models.choose"


def _standing(row: BoardRow, baseline: str) -> str:
    if row.id == baseline:
        return "–"
    return "best" if row.rank == 1 else "tie" if row.tied_with_best else "behind"


def _badge(row: BoardRow) -> str:
    if row.beats_baseline is False:
        return NOT_ABOVE
    return SIMPLEST if row.simplest_tie else ""


def _interval(row: BoardRow, places: int) -> str:
    return f"{fixed(row.low, places)} to {fixed(row.high, places)}" if is_defined(row.low) else "–"


def _difference(row: BoardRow) -> str:
    if row.rank == 1 or row.difference is None:
        return "–"
    return difference(row.difference, row.diff_low, row.diff_high)


def table(result: CompareResult, chosen: Candidate | None) -> pd.DataFrame:
    """The leaderboard as a table, the models that did not finish at its end."""
    ranked = [row.id for row in result.board]
    rows = [_ranked(row, result.candidate(row.id), result, chosen) for row in result.board]
    rows += [_unranked(one) for one in result.candidates if one.id not in ranked]
    return pd.DataFrame(rows)


def _ranked(
    row: BoardRow, one: CandidateScores, result: CompareResult, chosen: Candidate | None
) -> dict[str, Any]:
    judged = sum(valid for _, valid in result.sizes)
    folds = [value for value in one.scores[result.metric] if is_defined(value)]
    mine = chosen is not None and (chosen.model, chosen.params) == (one.model, one.params)
    lead = result.board[0]
    places = decimals(lead.mean, lead.low, lead.high)
    return {
        "model": one.label,
        "standing": _standing(row, result.baseline),
        "badge": _badge(row),
        "score": fixed(row.mean, places),
        "choose": None if row.id == result.baseline else CHOSEN if mine else CHOOSE,
        "interval": _interval(row, places),
        "difference": _difference(row),
        "folds": folds if len(folds) > 1 else None,
        "fit": one.fit_seconds,
        "predict": one.predict_seconds / judged * 1_000_000,
    }


def _unranked(one: CandidateScores) -> dict[str, Any]:
    dashes = dict.fromkeys(("score", "interval", "difference"), "–")
    return {"model": one.label, "standing": one.status, "badge": "", "choose": None, **dashes}


def choose(one: CandidateScores) -> None:
    """Make a candidate of a comparison the chosen model."""
    state.edit(lambda old: edits.choose(old, one.model, one.id, **one.params), f"choose {one.label}")


def _clicked(result: CompareResult) -> None:
    place = st.session_state[_CLICK]["row"]
    if place < len(result.board):
        choose(result.candidate(result.board[place].id))


def _columns(result: CompareResult) -> dict[str, Any]:
    """The columns; the first five fill a window of 800 pixels, all of them one of 1440."""
    config, name = st.column_config, METRICS[result.metric].label
    return {
        "model": config.TextColumn("Model", pinned=True, width=178),
        "standing": config.TextColumn("Standing", width=68, help="A tie cannot be told from the best."),
        "badge": config.TextColumn(
            "",
            width=82,
            help=f"*{SIMPLEST}*: the simplest of the ties. *{NOT_ABOVE}*: not better than the baseline "
            "beyond chance.",
        ),
        "score": config.TextColumn(
            "Score", width=60, alignment="right", help=f"{name}, mean over the folds."
        ),
        "choose": config.ButtonColumn(
            "", width=80, type="tertiary", on_click=_clicked, args=(result,), key=_CLICK
        ),
        "interval": config.TextColumn(
            "95 % interval", width=108, help="Of the score; corrected for folds that share rows."
        ),
        "difference": config.TextColumn(
            "To the best",
            width=196,
            help="Difference with its interval, paired fold by fold and widened for the number of models.",
        ),
        "folds": config.LineChartColumn(
            "Folds", width=66, help="The score on each fold; how far it is spread."
        ),
        "fit": config.NumberColumn(
            "Fit",
            format="%.1f s",
            width=60,
            help="All folds added up; they run side by side, so the comparison took less.",
        ),
        "predict": config.NumberColumn("Predict", format="%.1f ms", width=74, help="For 1,000 rows."),
    }


def draw_table(result: CompareResult, chosen: Candidate | None) -> None:
    """The table with a button on each row that chooses its model."""
    columns, frame = _columns(result), table(result, chosen)
    st.dataframe(
        frame,
        hide_index=True,
        column_config=columns,
        column_order=[name for name in columns if name in frame.columns],
        height="content",
        placeholder="–",
        key="models.table",
        alt=f"Leaderboard of {len(frame)} models by {METRICS[result.metric].label}",
    )
