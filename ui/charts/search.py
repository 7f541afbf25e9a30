"""Pictures of a search: its course, and the score against its hyperparameters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ui.charts.base import faded, frame, numbers, rule, texts, thinned
from ui.frame.theme import Palette
from ui.widgets.text import plain

LEVEL = 0.01
"""Share of a score below which differences are drawn small."""
FEW = 8
"""Trials below which Plotly would put ticks between them."""


def search_history(
    trials: pd.DataFrame,
    palette: Palette,
    metric: str,
    better: str = "higher",
    untuned: float | None = None,
) -> go.Figure:
    """Score of each trial, and the best so far as a line.

    Args:
        trials: ``score`` (missing when it failed), optionally ``text`` with hyperparameters; in order.
        better: ``higher`` or ``lower``.
        untuned: score of the model before the search, drawn as a line.
    """
    score = trials["score"].astype(float)
    best = score.cummax() if better == "higher" else score.cummin()
    order = list(range(1, len(trials) + 1))
    figure = frame(palette, x="trial", y=plain(metric), legend=True)
    hover = texts(trials["text"], 200) if "text" in trials.columns else [""] * len(trials)
    figure.add_scatter(
        x=order,
        y=numbers(score),
        mode="markers",
        name="trial",
        marker={"color": faded(palette.accent, 0.5), "size": 8},
        customdata=hover,
        hovertemplate="trial %{x}: <b>%{y}</b><br>%{customdata}<extra></extra>",
    )
    figure.add_scatter(
        x=order,
        y=numbers(best.ffill()),
        mode="lines",
        name="best so far",
        line={"color": palette.series[1], "width": 2.5, "shape": "hv"},
        hovertemplate="best so far: <b>%{y}</b><extra></extra>",
    )
    _level(figure, [*score, *([] if untuned is None else [untuned])])
    if len(trials) < FEW:
        figure.update_xaxes(dtick=1)
    if untuned is not None:
        rule(figure, palette, (0.5, len(trials) + 0.5), (untuned, untuned), "untuned")
    return figure


def _level(figure: go.Figure, scores: list[float]) -> None:
    """Keep the axis of scores that hardly differ from being drawn as if they did."""
    finite = [score for score in scores if np.isfinite(score)]
    if finite and max(finite) - min(finite) < (narrow := LEVEL * (max(map(abs, finite)) or 1.0)):
        figure.update_yaxes(range=[min(finite) - narrow, max(finite) + narrow])


def parameter(trials: pd.DataFrame, palette: Palette, name: str, metric: str, log: bool = False) -> go.Figure:
    """Score against one hyperparameter.

    Args:
        trials: ``value``, ``score``.
        name: of the hyperparameter.
        log: draw the hyperparameter on a logarithmic scale.
    """
    scored = thinned(trials.dropna(subset=["score"]), 1000)
    values: list[Any] = scored["value"].tolist()
    is_number = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    figure = frame(palette, x=plain(name), y=plain(metric), height=260)
    figure.add_scatter(
        x=values if is_number else [plain(value, 30) for value in values],
        y=numbers(scored["score"]),
        mode="markers",
        marker={"color": faded(palette.accent, 0.6), "size": 8},
        hovertemplate=plain(name) + " %{x}: <b>%{y}</b><extra></extra>",
    )
    _level(figure, scored["score"].tolist())
    figure.update_xaxes(type=("log" if log else "linear") if is_number else "category")
    if log:
        figure.update_xaxes(dtick=1)
    return figure
