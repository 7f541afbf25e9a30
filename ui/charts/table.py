"""Pictures of a table: distributions and gaps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ui.charts.base import colour, frame, numbers, texts
from ui.text import plain
from ui.theme import Palette


def _widths(left: pd.Series[Any], right: pd.Series[Any]) -> list[float]:
    width = right - left
    if pd.api.types.is_timedelta64_dtype(width):
        width = width / pd.Timedelta(milliseconds=1)
    return [float(value) for value in width]


def _positions(values: pd.Series[Any]) -> list[Any]:
    if pd.api.types.is_datetime64_any_dtype(values):
        return [value.isoformat() for value in values]
    return numbers(values)


def _binned(figure: go.Figure, bins: pd.DataFrame, name: str, shade: str) -> None:
    figure.add_bar(
        x=_positions(bins["left"]),
        y=numbers(bins["count"]),
        width=_widths(bins["left"], bins["right"]),
        offset=0,
        name=name,
        marker={"color": shade, "line": {"width": 0}},
        customdata=_positions(bins["right"]),
        hovertemplate="%{x} to %{customdata}: <b>%{y}</b><extra>" + name + "</extra>",
    )


def histogram(bins: pd.DataFrame, palette: Palette, name: str = "", height: int = 220) -> go.Figure:
    """Distribution of a number or a date.

    Args:
        bins: ``left``, ``right``, ``count``, and ``class`` when it is split by class.
        name: the column's name, for the axis.
    """
    split = "class" in bins.columns
    figure = frame(palette, x=plain(name), height=height, legend=split)
    figure.update_layout(barmode="stack" if split else "overlay", bargap=0.04)
    if not split:
        _binned(figure, bins, "", palette.accent)
        return figure
    for position, (level, part) in enumerate(bins.groupby("class", sort=False)):
        _binned(figure, part, plain(level, 30), colour(palette, position))
    return figure


def bars(counts: pd.DataFrame, palette: Palette, name: str = "", height: int | None = None) -> go.Figure:
    """Rows for each level of a category, longest first as given.

    Args:
        counts: ``level``, ``count``, and ``class`` when it is split by class.
        height: in pixels; grows with the levels when None.
    """
    split = "class" in counts.columns
    levels = list(dict.fromkeys(counts["level"]))
    shown = dict(zip(levels, texts(levels, 28), strict=True))
    figure = frame(palette, x=plain(name), height=height or 70 + 24 * len(levels), legend=split)
    figure.update_layout(barmode="stack")
    groups = counts.groupby("class", sort=False) if split else [("", counts)]
    for position, (level, part) in enumerate(groups):
        series = plain(level, 30)
        figure.add_bar(
            y=[shown[value] for value in part["level"]],
            x=numbers(part["count"]),
            orientation="h",
            name=series,
            marker={"color": colour(palette, position)},
            hovertemplate="%{y}: <b>%{x}</b><extra>" + series + "</extra>",
        )
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category")
    figure.update_xaxes(showgrid=True)
    return figure


def missingness(gaps: pd.DataFrame, palette: Palette, most: int = 30) -> go.Figure:
    """Share of missing values by column, the worst first.

    Args:
        gaps: ``column``, ``share`` from 0 to 1.
        most: columns drawn.
    """
    worst = gaps[gaps["share"] > 0].sort_values("share", ascending=False, kind="stable").head(most)
    figure = frame(palette, x="share of rows without a value", height=80 + 24 * max(len(worst), 1))
    share = worst["share"].to_numpy(dtype=float)
    figure.add_bar(
        y=texts(worst["column"], 28),
        x=numbers(share),
        orientation="h",
        marker={"color": np.where(share > 0.5, palette.warn, palette.accent).tolist()},
        text=[f"{value:.0%}" if value >= 0.01 else "under 1%" for value in share],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: <b>%{x:.1%}</b><extra></extra>",
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category")
    figure.update_xaxes(tickformat=".0%", range=[0, min(1.0, float(share.max(initial=0.1)) * 1.15)])
    return figure
