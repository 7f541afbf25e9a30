"""Pictures of a deployment over its batches: score, what was expected, and where the data stood."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from core.deployment.timeline import Turn
from core.results.base import Columns
from ui.charts.base import faded, frame, numbers, rule, texts, thinned, whole_names
from ui.frame.theme import Palette
from ui.widgets.text import plain

SHADES = {
    "broken": "bad",
    "drift": "bad",
    "worse": "bad",
    "look": "warn",
    "minor": "warn",
    "weak": "warn",
    "stable": "good",
    "too_few_rows": "muted",
    "not_computed": "muted",
}
MOST_BATCHES = 60
HALF = 0.5
SETTLED, ROOM = 0.1, 0.02
"""Share of the rows from which a sequence is shown whole, and the room left around it."""


def timeline(batches: pd.DataFrame, turns: Sequence[Turn], palette: Palette, score: str) -> go.Figure:
    """The score of each batch with its interval over the band that was expected, and the state of its data.

    Args:
        batches: as ``core.deployment.timeline.batch_rows`` gives, the newest last.
        turns: the changes of the model at work.
        score: what the scores are called.
    """
    shown = batches.tail(MOST_BATCHES).reset_index(drop=True)
    first = len(batches) - len(shown)
    figure = frame(palette, "", score, 340, legend=True)
    places = [first + place + 1 for place in range(len(shown))]
    _expected(figure, shown, places, palette)
    _scores(figure, shown, places, palette)
    _estimates(figure, shown, places, palette)
    _states(figure, shown, places, palette)
    _turns(figure, [turn for turn in turns if turn.before >= first], palette)
    figure.update_layout(
        yaxis={"domain": [0.24, 1.0]},
        yaxis2={
            "domain": [0.0, 0.12],
            "range": [-1, 1],
            "showticklabels": False,
            "showgrid": False,
            "fixedrange": True,
            "zeroline": False,
            "title": {"text": "verdict", "font": {"color": palette.muted, "size": 13}},
        },
        xaxis={
            "anchor": "y2",
            "range": [first + HALF, len(batches) + HALF],
            "tickmode": "array",
            "tickvals": _some(places),
            "ticktext": _some(_names(shown)),
        },
    )
    return figure


def _names(shown: pd.DataFrame) -> list[str]:
    """Days below the picture where they tell batches apart, else what the batches are called."""
    return texts(shown["when"] if shown["when"].is_unique else shown["source"], 11)


def _some(values: Sequence[Any], most: int = 6) -> Sequence[Any]:
    step = max(1, -(-len(values) // most))
    return values[::step]


def _expected(figure: go.Figure, shown: pd.DataFrame, places: list[int], palette: Palette) -> None:
    """The interval of the score on the locked test rows of the model that worked then."""
    there = shown["expected"].notna()
    if not there.any():
        return
    xs = [x for place in places for x in (place - HALF, place + HALF)]
    ends = {name: [v for value in numbers(shown[name]) for v in (value, value)] for name in BAND}
    if shown["expected_low"].notna().any():
        figure.add_scatter(x=xs, y=ends["expected_high"], mode="lines", line={"width": 0}, **QUIET)
        figure.add_scatter(
            x=xs,
            y=ends["expected_low"],
            mode="lines",
            line={"width": 0},
            fill="tonexty",
            fillcolor=faded(palette.muted, 0.16),
            name="on the locked test rows, with its 95% interval",
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=xs,
        y=ends["expected"],
        mode="lines",
        line={"color": palette.muted, "width": 1, "dash": "dot"},
        name="on the locked test rows",
        hoverinfo="skip",
        showlegend=not shown["expected_low"].notna().any(),
    )


BAND = ("expected", "expected_low", "expected_high")
QUIET = {"showlegend": False, "hoverinfo": "skip"}


def _scores(figure: go.Figure, shown: pd.DataFrame, places: list[int], palette: Palette) -> None:
    up = (shown["high"] - shown["score"]).fillna(0.0)
    down = (shown["score"] - shown["low"]).fillna(0.0)
    figure.add_scatter(
        x=places,
        y=numbers(shown["score"]),
        error_y={
            "type": "data",
            "symmetric": False,
            "array": numbers(up),
            "arrayminus": numbers(down),
            "color": faded(palette.accent, 0.6),
            "thickness": 1.5,
            "width": 3,
        },
        mode="lines+markers",
        line={"color": palette.accent, "width": 2},
        marker={"color": palette.accent, "size": 8},
        name="with labels, 95% interval",
        text=whole_names(shown["score_words"]),
        hovertemplate="%{text}<extra></extra>",
    )


def _estimates(figure: go.Figure, shown: pd.DataFrame, places: list[int], palette: Palette) -> None:
    """What the score of unlabelled batches is taken to be: a bar for the band, so that it is no score."""
    there = shown["estimate"].notna()
    if not there.any():
        return
    part, at = shown[there], [place for place, is_there in zip(places, there, strict=True) if is_there]
    figure.add_bar(
        x=at,
        base=numbers(part["estimate_low"]),
        y=numbers(part["estimate_high"] - part["estimate_low"]),
        width=0.5,
        marker={"color": faded(palette.warn, 0.25), "line": {"width": 0}},
        text=[""] * len(at),
        **QUIET,
    )
    figure.add_scatter(
        x=at,
        y=numbers(part["estimate"]),
        mode="markers",
        marker={"color": palette.warn, "size": 9, "symbol": "diamond-open"},
        name="estimated without labels",
        text=whole_names(part["estimate_words"]),
        hovertemplate="%{text}<extra></extra>",
    )


def _states(figure: go.Figure, shown: pd.DataFrame, places: list[int], palette: Palette) -> None:
    shades = [getattr(palette, SHADES.get(state, "muted")) for state in shown["state"]]
    figure.add_scatter(
        x=places,
        y=[0.0] * len(places),
        yaxis="y2",
        mode="markers",
        marker={"color": shades, "size": 12, "symbol": "square"},
        text=whole_names(shown["text"]),
        hovertemplate="%{text}<extra></extra>",
        showlegend=False,
    )


def _turns(figure: go.Figure, turns: Sequence[Turn], palette: Palette) -> None:
    for turn, words in zip(turns, texts((turn.words for turn in turns), 34), strict=True):
        figure.add_vline(
            x=turn.before + HALF,
            line={"color": palette.ink, "width": 1, "dash": "dash"},
            annotation={
                "text": words,
                "font": {"color": palette.ink, "size": 12},
                "y": 0.98,
                "showarrow": False,
            },
        )


def confidence_sequence(curve: Columns, palette: Palette, score: str) -> go.Figure:
    """How much better the challenger is, row after row, with ends that hold at all looks together.

    Args:
        curve: ``rows``, ``mean``, ``low`` and ``high``, as ``core.results.challenge.Peeking`` has them.
        score: what differences are of.
    """
    table = thinned(pd.DataFrame(curve))
    figure = frame(palette, "labelled rows", f"difference, {plain(score, 60)}", 300)
    for name, fill in (("high", None), ("low", "tonexty")):
        figure.add_scatter(
            x=numbers(table["rows"]),
            y=numbers(table[name]),
            mode="lines",
            line={"width": 0},
            fill=fill,
            fillcolor=faded(palette.accent, 0.18),
            **QUIET,
        )
    figure.add_scatter(
        x=numbers(table["rows"]),
        y=numbers(table["mean"]),
        mode="lines",
        line={"color": palette.accent, "width": 2},
        hovertemplate="%{x:,} rows: <b>%{y:.4f}</b><extra></extra>",
    )
    last = float(table["rows"].iloc[-1])
    rule(figure, palette, (0, last), (0, 0))
    settled = table[table["rows"] >= SETTLED * last]
    figure.update_yaxes(range=[settled["low"].min() - ROOM, settled["high"].max() + ROOM])
    return figure
