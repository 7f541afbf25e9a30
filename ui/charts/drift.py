"""Pictures of change: a column then and now, and all columns by how much they changed."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from ui.charts.base import faded, frame, numbers, texts, whole_names
from ui.frame.theme import Palette
from ui.widgets.text import plain

_SHADES = {"drift": "bad", "minor": "warn", "too_few_rows": "muted", "stable": "accent"}
_NAMES = {
    "drift": "drift",
    "minor": "real but small",
    "too_few_rows": "too few rows to tell",
    "stable": "no change seen",
}


def _sides(palette: Palette) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
    return ("reference", "reference", faded(palette.muted, 0.55)), ("current", "current", palette.series[1])


def overlay(table: pd.DataFrame, palette: Palette, name: str = "") -> go.Figure:
    """Reference and current distribution of a column as shares of the rows, on one axis.

    Args:
        table: ``reference`` and ``current`` shares, and either ``low`` and ``high`` of a bin or ``level``.
    """
    figure = frame(palette, plain(name), "share of rows", 260, legend=True)
    for column, series, shade in _sides(palette):
        if "level" in table.columns:
            figure.add_bar(
                x=texts(table["level"], 24), y=numbers(table[column]), name=series, marker={"color": shade}
            )
        else:
            _steps(figure, table, column, series, shade)
    figure.update_traces(hovertemplate="%{x}: <b>%{y:.1%}</b>")
    figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    return figure


def _steps(figure: go.Figure, table: pd.DataFrame, column: str, series: str, shade: str) -> None:
    edges = [*table["low"].tolist(), table["high"].iloc[-1]]
    heights = numbers(table[column])
    figure.add_scatter(
        x=[edge.isoformat() if isinstance(edge, pd.Timestamp) else edge for edge in edges],
        y=[*heights, heights[-1]],
        mode="lines",
        name=series,
        line={"color": shade, "width": 2.5, "shape": "hv"},
        fill="tozeroy" if column == "reference" else None,
        fillcolor=faded("#808080", 0.12),
    )


def drift_effects(table: pd.DataFrame, palette: Palette, delta: float, most: int = 30) -> go.Figure:
    """How much each column changed, as sorted; right of the line it is material.

    Args:
        table: ``name``, ``strength`` (0 is no change) and ``state``, as core.watch gives for columns.
        delta: the strength from which a change counts.
    """
    asked = table[table["state"].isin(list(_SHADES))].head(most)
    top = asked.assign(_name=texts(asked["name"], 32))
    figure = frame(palette, "size of the change", height=120 + 25 * max(len(top), 1), legend=True)
    for state, shade in _SHADES.items():
        part = top[top["state"] == state]
        if len(part):
            figure.add_bar(
                y=part["_name"].tolist(),
                x=numbers(part["strength"]),
                orientation="h",
                name=_NAMES[state],
                marker={"color": getattr(palette, shade)},
                customdata=whole_names(part["name"]),
                hovertemplate="%{customdata}: <b>%{x:.2f}</b><extra>" + _NAMES[state] + "</extra>",
            )
    figure.add_vline(x=delta, line={"color": palette.ink, "width": 1, "dash": "dash"})
    figure.update_layout(barmode="stack")
    order = top["_name"].tolist()[::-1]
    figure.update_yaxes(categoryorder="array", categoryarray=order, showgrid=False, type="category")
    figure.update_xaxes(showgrid=True, rangemode="tozero")
    return figure
