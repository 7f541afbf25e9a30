"""Pictures of a regression, and of what a model relies on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.digits import number
from ui.charts.base import faded, frame, numbers, ramp, rule, texts, whole_names
from ui.frame.theme import Palette
from ui.widgets.text import plain

BANDS = (("q05", "q95", 0.14, "9 of 10 rows"), ("q25", "q75", 0.28, "half of the rows"))


def predicted_actual(cells: pd.DataFrame, palette: Palette, name: str = "") -> go.Figure:
    """Predicted against actual values as a density; the dotted line is perfection.

    Args:
        cells: ``predicted``, ``actual`` (middles of a cell) and ``rows``; cells without rows left out.
        name: of the target.
    """
    figure = frame(palette, f"actual {plain(name)}", "predicted", 400)
    grid = _whole(cells.pivot_table(index="predicted", columns="actual", values="rows", aggfunc="sum"))
    figure.add_heatmap(
        z=[numbers(row) for row in np.log1p(grid.to_numpy(dtype=float))],
        x=numbers(grid.columns),
        y=numbers(grid.index),
        customdata=_cells(grid),
        colorscale=_visible(palette),
        showscale=False,
        hoverongaps=False,
        hovertemplate="actual %{customdata[1]}, predicted %{customdata[2]}: <b>%{customdata[0]}</b> rows"
        "<extra></extra>",
    )
    ends = cells[["predicted", "actual"]].to_numpy(dtype=float)
    low, high = float(ends.min(initial=np.inf)), float(ends.max(initial=-np.inf))
    rule(figure, palette, (low, high), (low, high))
    figure.update_xaxes(showgrid=True)
    return figure


def _cells(grid: pd.DataFrame) -> list[list[list[Any]]]:
    """Of each cell its rows, and the ranges of actual and predicted values that it stands for."""
    across, down = _ranges(grid.columns.to_numpy(float)), _ranges(grid.index.to_numpy(float))
    rows = [numbers(row) for row in grid.to_numpy(dtype=float)]
    return [[[n, across[j], down[i]] for j, n in enumerate(row)] for i, row in enumerate(rows)]


def _ranges(middles: np.ndarray) -> list[str]:
    half = float(np.diff(middles).min()) / 2 if len(middles) > 1 else 0.0
    return [f"{number(one - half)} to {number(one + half)}" if half else number(one) for one in middles]


def _whole(grid: pd.DataFrame) -> pd.DataFrame:
    """The grid with its empty lines, so that no cell is stretched over them."""
    places = np.unique(np.concatenate([grid.index.to_numpy(float), grid.columns.to_numpy(float)]))
    steps = np.diff(places)
    if not len(steps):
        return grid
    step, start = steps.min(), places[0]
    at = np.rint((places - start) / step).astype(int)
    every = np.arange(at[-1] + 1)
    place = dict(zip(places, at, strict=True))
    whole = grid.rename(index=place, columns=place).reindex(index=every, columns=every)
    return whole.set_axis(start + step * every).set_axis(start + step * every, axis=1)


def _visible(palette: Palette) -> list[list[Any]]:
    """The ramp without its first shade, which is nearly that of the page."""
    return [[0, palette.ramp[1]], *ramp(palette)[2:]]


def residuals(bands: pd.DataFrame, palette: Palette, name: str = "") -> go.Figure:
    """Actual minus predicted along the predicted value; a bend is something that the model missed.

    Args:
        bands: ``predicted``, ``q05``, ``q25``, ``q50``, ``q75``, ``q95``, in units of the target.
        name: of the target.
    """
    figure = frame(palette, f"predicted {plain(name)}", "actual minus predicted", 340, legend=True)
    xs = numbers(bands["predicted"])
    for low, high, alpha, words in BANDS:
        figure.add_scatter(
            x=xs + xs[::-1],
            y=numbers(bands[high]) + numbers(bands[low])[::-1],
            fill="toself",
            fillcolor=faded(palette.accent, alpha),
            line={"width": 0},
            mode="lines",
            name=words,
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=xs,
        y=numbers(bands["q50"]),
        mode="lines",
        name="middle",
        line={"color": palette.accent, "width": 2.5},
        hovertemplate="predicted near %{x}: off by <b>%{y}</b><extra></extra>",
    )
    if xs:
        rule(figure, palette, (xs[0], xs[-1]), (0, 0))
    return figure


def importance(table: pd.DataFrame, palette: Palette, what: str = "loss of score when shuffled") -> go.Figure:
    """How much each column matters, the most important on top; at most 25.

    Args:
        table: ``column``, ``mean``, ``low``, ``high``; pale where the interval includes zero, and without
            whiskers where no column has one.
        what: meaning of the number, for the axis.
    """
    top = table.sort_values("mean", ascending=False, kind="stable").head(25)
    value, low, high = (top[name].to_numpy(dtype=float) for name in ("mean", "low", "high"))
    has_ends = bool(np.isfinite(low).any())
    ends = " (%{customdata[0]} to %{customdata[1]})" if has_ends else ""
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
            "visible": has_ends,
        },
        customdata=list(zip(numbers(low), numbers(high), whole_names(top["column"]), strict=True)),
        hovertemplate=f"%{{customdata[2]}}: <b>%{{x}}</b>{ends}<extra></extra>",
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category")
    figure.update_xaxes(showgrid=True)
    return figure
