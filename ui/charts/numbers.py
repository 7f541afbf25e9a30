"""Pictures of a regression, and of what a model relies on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ui.charts.base import faded, frame, numbers, ramp, rule, texts
from ui.text import plain
from ui.theme import Palette

BINS = 50


def _grid(x: Any, y: Any) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    counts, xs, ys = np.histogram2d(np.asarray(x, float), np.asarray(y, float), bins=BINS)
    return counts.T, (xs[:-1] + xs[1:]) / 2, (ys[:-1] + ys[1:]) / 2


def _cloud(figure: go.Figure, x: Any, y: Any, palette: Palette, hover: str) -> None:
    counts, xs, ys = _grid(x, y)
    shade = np.where(counts > 0, np.log1p(counts), np.nan)
    figure.add_heatmap(
        z=[numbers(row) for row in shade],
        x=numbers(xs),
        y=numbers(ys),
        customdata=counts.astype(int).tolist(),
        colorscale=[[0, palette.ramp[1]], *ramp(palette)[2:]],
        showscale=False,
        hoverongaps=False,
        hovertemplate=hover + ": <b>%{customdata}</b> rows<extra></extra>",
    )


def predicted_actual(actual: Any, predicted: Any, palette: Palette, name: str = "") -> go.Figure:
    """Predicted against actual values as a density; the dotted line is perfection.

    Args:
        actual, predicted: finite numbers of equal length, in units of the target.
    """
    figure = frame(palette, f"actual {plain(name)}", "predicted", 380)
    _cloud(figure, actual, predicted, palette, "actual near %{x}, predicted near %{y}")
    low = float(min(np.min(actual), np.min(predicted)))
    high = float(max(np.max(actual), np.max(predicted)))
    rule(figure, palette, (low, high), (low, high))
    figure.update_xaxes(showgrid=True)
    return figure


def residuals(predicted: Any, error: Any, palette: Palette) -> go.Figure:
    """Actual minus predicted against predicted, as a density; a shape in it is something the model missed.

    Args:
        predicted, error: finite numbers of equal length, in units of the target.
    """
    figure = frame(palette, "predicted", "actual minus predicted", 340)
    _cloud(figure, predicted, error, palette, "predicted near %{x}, off by %{y}")
    rule(figure, palette, (float(np.min(predicted)), float(np.max(predicted))), (0, 0))
    return figure


def importance(table: pd.DataFrame, palette: Palette, what: str = "loss of score when shuffled") -> go.Figure:
    """How much each column matters, the most important on top; at most 25.

    Args:
        table: ``column``, ``importance``, ``low``, ``high``; pale where the interval includes zero.
        what: meaning of the number, for the axis.
    """
    top = table.sort_values("importance", ascending=False, kind="stable").head(25)
    value, low, high = (top[name].to_numpy(dtype=float) for name in ("importance", "low", "high"))
    figure = frame(palette, what, height=90 + 25 * max(len(top), 1))
    figure.add_bar(
        y=texts(top["column"], 32),
        x=numbers(value),
        orientation="h",
        marker={"color": np.where(low > 0, palette.accent, palette.soft).tolist()},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": numbers(high - value),
            "arrayminus": numbers(value - low),
            "color": faded(palette.ink, 0.6),
            "thickness": 1.5,
            "width": 3,
        },
        customdata=list(zip(numbers(low), numbers(high), strict=True)),
        hovertemplate="%{y}: <b>%{x}</b> (%{customdata[0]} to %{customdata[1]})<extra></extra>",
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category")
    figure.update_xaxes(showgrid=True)
    return figure
