"""The leaderboard as a table, with a button on each row that chooses its model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.catalog.metrics import METRICS
from core.claims import measured
from core.digits import decimals, difference, fixed, gain_decimals, is_defined, number, without_spread
from core.recipe import edits
from core.recipe.document import Candidate
from core.results.compare import BoardRow, CandidateScores, CompareResult
from core.standalone.counts import counted
from core.train.ranking.simplest import margin_words
from core.train.ranking.wording import hold_out_words
from ui.models.simplest import LOWER, SIMPLEST, UNPROVEN, marks_of
from ui.widgets import state
from ui.widgets.catalog_names import short_metric
from ui.widgets.remembered import keep, remembered

CHOOSE, CHOSEN = ":material/check: Choose", ":material/check_circle: Chosen"
_CLICK, _MORE = "models.choose", "models.more"
OF_SCORE = (
    "Of the score; corrected for folds that share rows. None where the folds have the same score: no spread "
    "in these rows tells how far another table would differ."
)
BELOW = 0.08
"""Share of their range by which the scale of folds begins below the lowest, so that its bar is seen."""


def _standing(row: BoardRow, baseline: str) -> str:
    if row.id == baseline:
        return "–"
    away = "behind" if row.is_told else "not told"
    return "best" if row.rank == 1 else "tie" if row.tied_with_best else away


def _interval(row: BoardRow, places: int) -> str:
    if row.std is not None and without_spread(-row.std, row.std):
        return "no spread"
    return f"{fixed(row.low, places)} to {fixed(row.high, places)}" if is_defined(row.low) else "–"


def _difference_decimals(rows: Sequence[BoardRow]) -> int:
    """The decimals that every difference of the board has: as many as the one that needs most."""
    return max(
        (
            gain_decimals(row.difference, row.diff_low, row.diff_high)
            for row in rows
            if row.rank > 1 and row.difference is not None
        ),
        default=0,
    )


def _difference(row: BoardRow, places: int) -> str:
    if row.rank == 1 or row.difference is None:
        return "–"
    return difference(row.difference, row.diff_low, row.diff_high, places)


def _folds(one: CandidateScores, metric: str) -> list[float]:
    return [value for value in one.scores.get(metric, ()) if is_defined(value)]


def _mean(one: CandidateScores, metric: str, result: CompareResult) -> str:
    """The mean over the folds that define the score, with the column's decimals; how many those are."""
    means = {each.id: _mean_of(each, metric) for each in result.candidates}
    ranked = [means[row.id] for row in result.board]
    mean, scores = fixed(means[one.id], decimals(*ranked)), one.scores.get(metric, ())
    missing = means[one.id] is not None and None in scores
    return f"{mean} ({len(_folds(one, metric))}/{len(scores)})" if missing else mean


def _mean_of(one: CandidateScores, metric: str) -> float | None:
    folds = _folds(one, metric)
    return sum(folds) / len(folds) if folds else None


def table(result: CompareResult, chosen: Candidate | None, more: Sequence[str] = ()) -> pd.DataFrame:
    """The leaderboard as a table, the models that did not finish at its end.

    Args:
        more: metrics beside the one that ranks.
    """
    ranked = [row.id for row in result.board]
    rows = [_ranked(row, result.candidate(row.id), result, chosen, more) for row in result.board]
    rows += [_unranked(one) for one in result.candidates if one.id not in ranked]
    return pd.DataFrame(rows)


def _ranked(
    row: BoardRow,
    one: CandidateScores,
    result: CompareResult,
    chosen: Candidate | None,
    more: Sequence[str],
) -> dict[str, Any]:
    judged = sum(valid for _, valid in result.sizes)
    folds = _folds(one, result.metric)
    mine = chosen is not None and (chosen.model, chosen.params) == (one.model, one.params)
    lead = result.board[0]
    places = decimals(lead.mean, lead.low, lead.high)
    return {
        "model": one.label,
        "standing": _standing(row, result.baseline),
        "badge": marks_of(row, result),
        "score": fixed(row.mean, places),
        "choose": None if row.id == result.baseline else CHOSEN if mine else CHOOSE,
        "interval": _interval(row, places),
        "difference": _difference(row, _difference_decimals(result.board)),
        **{name: _mean(one, name, result) for name in more},
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


def _folds_column(result: CompareResult) -> Any:
    """One bar a fold, all models on one scale: from a little below the lowest score to the highest."""
    scores = [value for row in result.board for value in _folds(result.candidate(row.id), result.metric)]
    low, high = min(scores, default=0.0), max(scores, default=1.0)
    lowest = low - BELOW * ((high - low) or abs(high) or 1.0)
    about = (
        f"The score on each fold: a bar each, on one scale for all models that begins at {number(lowest)}."
    )
    return st.column_config.BarChartColumn("Folds", width=66, y_min=lowest, y_max=high, help=about)


def _more_columns(more: Sequence[str]) -> dict[str, Any]:
    """The columns of further metrics."""
    return {
        one: st.column_config.TextColumn(
            short_metric(one),
            width=84,
            alignment="right",
            help=f"{METRICS[one].label}: {METRICS[one].help} (1/5): the mean of the one of five folds "
            "that defines it.",
        )
        for one in more
    }


def standing_help(result: CompareResult) -> str:
    """What the standing of models means, and what backs it."""
    if result.judged_by == "rows":
        return f"{hold_out_words(result)} {measured('behind')}".strip()
    return "An earlier version judged these by the folds, with more false claims: compare again."


def _columns(result: CompareResult, more: Sequence[str]) -> dict[str, Any]:
    """The columns; the first five fill a window of 800 pixels, all of them one of 1440."""
    config, name = st.column_config, METRICS[result.metric].label
    return {
        "model": config.TextColumn("Model", pinned=True, width=178),
        "standing": config.TextColumn(
            "Standing", width=68, help=f"A tie cannot be told from the best. {standing_help(result)}"
        ),
        "badge": config.TextColumn(
            "",
            width=82,
            help=f"*{SIMPLEST}*: the simplest of the ties {margin_words(result)}. *{UNPROVEN}*: scores "
            f"better than the baseline, which may be chance. *{LOWER}*: scores no better than the baseline.",
        ),
        "score": config.TextColumn(
            "Score", width=60, alignment="right", help=f"{name}, mean over the folds."
        ),
        "choose": config.ButtonColumn(
            "", width=80, type="tertiary", on_click=_clicked, args=(result,), key=_CLICK
        ),
        **_more_columns(more),
        "interval": config.TextColumn("95% interval", width=108, help=OF_SCORE),
        "difference": config.TextColumn(
            "To the best",
            width=196,
            help="Difference with its interval, wide enough for all models at once.",
        ),
        "folds": _folds_column(result),
        "fit": config.NumberColumn(
            "Fit",
            format="%.1f s",
            width=60,
            help="All folds added up; they run side by side, so the comparison took less.",
        ),
        "predict": config.NumberColumn("Predict", format="%.1f ms", width=74, help="For 1,000 rows."),
    }


def _more(result: CompareResult) -> list[str]:
    """Draw the choice of further scores of the table, and give it."""
    able = [
        one.id
        for one in METRICS
        if one.id != result.metric and any(_folds(each, one.id) for each in result.candidates)
    ]
    now = [name for name in remembered(_MORE, []) if name in able]
    if st.session_state.get(_MORE) != now:
        st.session_state[_MORE] = now
    return st.multiselect(
        "More scores",
        able,
        format_func=lambda name: METRICS[name].label,
        key=_MORE,
        on_change=lambda: keep(_MORE, st.session_state[_MORE]),
        placeholder="Show more scores in the table",
        label_visibility="collapsed",
        width=420,
    )


def draw_table(result: CompareResult, chosen: Candidate | None) -> None:
    """The table with a button on each row that chooses its model."""
    more = _more(result)
    columns, frame = _columns(result, more), table(result, chosen, more)
    st.dataframe(
        frame,
        hide_index=True,
        column_config=columns,
        column_order=[name for name in columns if name in frame.columns],
        height="content",
        placeholder="–",
        key="models.table",
        alt=f"Leaderboard of {counted(len(frame), 'model')} by {METRICS[result.metric].label}",
    )
