"""Pictures of a table: distributions and missing values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ui.charts.base import FEW_TICKS, colour, frame, numbers, texts, whole_names
from ui.frame.theme import Palette
from ui.widgets.text import plain


def _edges(bins: pd.DataFrame, dates: bool) -> tuple[list[Any], list[Any], list[float]]:
    """Left ends, right ends and widths of the bins, as Plotly takes them (dates in milliseconds)."""
    width = [float(value) * (1000 if dates else 1) for value in bins["high"] - bins["low"]]
    if not dates:
        return numbers(bins["low"]), numbers(bins["high"]), width
    ends = [
        pd.to_datetime(bins[name], unit="s").dt.strftime("%Y-%m-%d %H:%M:%S").tolist()
        for name in ("low", "high")
    ]
    return ends[0], ends[1], width


def _binned(figure: go.Figure, bins: pd.DataFrame, name: str, shade: str, dates: bool) -> None:
    low, high, width = _edges(bins, dates)
    figure.add_bar(
        x=low,
        y=numbers(bins["count"]),
        width=width,
        offset=0,
        name=name,
        marker={"color": shade, "line": {"width": 0}, "cornerradius": 0},
        customdata=high,
        hovertemplate="%{x} to %{customdata}: <b>%{y}</b><extra>" + name + "</extra>",
    )


def histogram(
    bins: pd.DataFrame, palette: Palette, name: str = "", dates: bool = False, height: int = 220
) -> go.Figure:
    """Distribution of a number or a date.

    Args:
        bins: ``low``, ``high``, ``count``, and ``group`` when it is split by class, as core.data.query gives.
        name: the column's name, for the axis.
        dates: whether low and high are seconds since 1970.
    """
    split = "group" in bins.columns
    figure = frame(palette, x=plain(name), height=height, legend=split)
    figure.update_layout(barmode="stack")
    if not split:
        _binned(figure, bins, "", palette.accent, dates)
    else:
        for position, (level, part) in enumerate(bins.groupby("group", sort=False)):
            _binned(figure, part, plain(level, 30), colour(palette, position), dates)
    figure.update_traces(marker_line={"width": 1, "color": palette.surface})
    figure.update_xaxes(nticks=FEW_TICKS)
    return figure


def bars(counts: pd.DataFrame, palette: Palette, name: str = "", height: int | None = None) -> go.Figure:
    """Rows for each level of a category, longest first as given.

    Args:
        counts: ``level``, ``count``, and ``group`` when it is split by class.
        height: in pixels; grows with the levels when None.
    """
    split = "group" in counts.columns
    levels = list(dict.fromkeys(counts["level"]))
    shown = dict(zip(levels, texts(levels, 28), strict=True))
    figure = frame(palette, x=plain(name), height=height or 70 + 24 * len(levels), legend=split)
    figure.update_layout(barmode="stack")
    groups = counts.groupby("group", sort=False) if split else [("", counts)]
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
    figure.update_xaxes(showgrid=True, nticks=FEW_TICKS)
    return figure


def missingness(missing: pd.DataFrame, palette: Palette, most: int = 30) -> go.Figure:
    """Share of missing values by column, the worst first.

    Args:
        missing: ``column``, ``share`` from 0 to 1.
        most: columns drawn.
    """
    worst = missing[missing["share"] > 0].sort_values("share", ascending=False, kind="stable").head(most)
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
        customdata=whole_names(worst["column"]),
        hovertemplate="%{customdata}: <b>%{x:.1%}</b><extra></extra>",
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category")
    figure.update_xaxes(tickformat=".0%", range=[0, min(1.0, float(share.max(initial=0.1)) * 1.15)])
    return figure
