"""One column against the target."""

from __future__ import annotations

import math

import pandas as pd
import plotly.graph_objects as go

from core.digits import number
from ui.charts.base import FEW_TICKS, frame, numbers, rule, texts
from ui.frame.theme import Palette
from ui.widgets.text import plain


def along(
    places: pd.DataFrame, palette: Palette, name: str, what: str, share: bool, usual: float
) -> go.Figure:
    """The target along the levels or the bins of a column, with its usual value as a dotted line.

    Args:
        places: ``value`` (NaN where there are no rows), ``count``, and ``level`` or ``low`` and ``high``.
        name: of the column.
        what: the value in words, such as ``share of yes``; escaped in here.
        share: whether the value is a share, shown in percent.
        usual: the value over all rows; no line where it is NaN.
    """
    style = ":.1%" if share else ":.4~g"
    levels = "level" in places.columns
    height = 70 + 24 * len(places) if levels else 260
    x, y = (plain(what), "") if levels else (plain(name), plain(what))
    figure = frame(palette, x, y, height)
    if levels:
        _bars(figure, places, palette, style, usual)
    else:
        _line(figure, places, palette, style, usual)
    if share:
        (figure.update_xaxes if levels else figure.update_yaxes)(tickformat=".0%")
    return figure


def _bars(figure: go.Figure, places: pd.DataFrame, palette: Palette, style: str, usual: float) -> None:
    shown = texts(places["level"], 28)
    figure.add_bar(
        y=shown,
        x=numbers(places["value"]),
        orientation="h",
        marker={"color": palette.accent},
        customdata=numbers(places["count"]),
        hovertemplate="%{y}: <b>%{x" + style + "}</b> of %{customdata} rows<extra></extra>",
    )
    if math.isfinite(usual):
        figure.add_vline(x=usual, line={"color": palette.muted, "width": 1, "dash": "dot"})
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category")
    figure.update_xaxes(showgrid=True, rangemode="tozero", nticks=FEW_TICKS)


def _line(figure: go.Figure, places: pd.DataFrame, palette: Palette, style: str, usual: float) -> None:
    dates = pd.api.types.is_datetime64_any_dtype(places["low"])
    middle = places["low"] + (places["high"] - places["low"]) / 2
    xs = middle.dt.strftime("%Y-%m-%d").tolist() if dates else numbers(middle)
    total = max(float(places["count"].sum()), 1.0)
    figure.add_scatter(
        x=xs,
        y=numbers(places["value"]),
        mode="lines+markers",
        line={"color": palette.accent, "width": 2},
        # A large dot stands for many rows: what few rows say is worth less.
        marker={"size": [5 + 22 * (n / total) ** 0.5 for n in places["count"]], "color": palette.accent},
        customdata=[list(one) for one in zip(numbers(places["count"]), *_ends(places), strict=True)],
        hovertemplate="%{customdata[1]} to %{customdata[2]}: <b>%{y"
        + style
        + "}</b> of %{customdata[0]} rows<extra></extra>",
    )
    figure.update_xaxes(nticks=FEW_TICKS)
    if xs and math.isfinite(usual):
        rule(figure, palette, (xs[0], xs[-1]), (usual, usual))


def _ends(places: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Both ends of each range in words: the middle of a wide one says little of the values in it."""
    if pd.api.types.is_datetime64_any_dtype(places["low"]):
        return places["low"].dt.strftime("%Y-%m-%d").tolist(), places["high"].dt.strftime("%Y-%m-%d").tolist()
    return [number(one) for one in places["low"]], [number(one) for one in places["high"]]
