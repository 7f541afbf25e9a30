"""The hand all figures are drawn in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from ui.frame.theme import Palette
from ui.widgets.short_names import distinct_names
from ui.widgets.text import plain

FONT = '"Source Sans", "Source Sans Pro", sans-serif'
MOST_POINTS = 500
FEW_TICKS = 6
"""As many numbers as fit below a chart of half the page, level, in a narrow window."""
FULL_DIGITS = 6
"""Powers of ten up to which a tick is written in full; beyond, with a letter such as M."""


def frame(palette: Palette, x: str = "", y: str = "", height: int = 320, legend: bool = False) -> go.Figure:
    """An empty figure in our look.

    Args:
        x, y: axis titles, already escaped.
        height: in pixels.
        legend: whether several series need naming; drawn above the plot.
    """
    # One call with the whole layout: each update of a figure that exists costs many times more.
    return go.Figure(
        layout={
            "height": height,
            "margin": {"l": 8, "r": 12, "t": 34 if legend else 12, "b": 8},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": list(palette.series),
            "font": {"family": FONT, "size": 13, "color": palette.ink},
            "showlegend": legend,
            "legend": {
                "orientation": "h",
                "x": 0,
                "y": 1.02,
                "yanchor": "bottom",
                "traceorder": "normal",
                "font": {"color": palette.ink},
            },
            "hoverlabel": {
                "bgcolor": palette.surface,
                "bordercolor": palette.grid,
                "font": {"color": palette.ink},
            },
            "bargap": 0.18,
            "barcornerradius": 3,
            "dragmode": False,
            "xaxis": _axis(palette, x) | {"showgrid": False},
            "yaxis": _axis(palette, y) | {"showgrid": True},
        }
    )


def _axis(palette: Palette, title: str) -> dict[str, Any]:
    return {
        "gridcolor": palette.grid,
        "linecolor": palette.grid,
        "zeroline": False,
        "automargin": True,
        "tickfont": {"color": palette.muted},
        "fixedrange": True,
        "separatethousands": True,
        "showexponent": "all",
        "minexponent": FULL_DIGITS,
        "tickangle": 0,
        "title": {"text": title, "font": {"color": palette.muted, "size": 13}, "standoff": 8},
    }


def colour(palette: Palette, position: int) -> str:
    """The colour of a series by its position; repeats after the last."""
    return palette.series[position % len(palette.series)]


def faded(colour: str, alpha: float) -> str:
    """A ``#rrggbb`` colour with transparency."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"


def ramp(palette: Palette) -> list[list[Any]]:
    """The palette's ramp as a Plotly colour scale."""
    last = len(palette.ramp) - 1
    return [[place / last, shade] for place, shade in enumerate(palette.ramp)]


def thinned(table: pd.DataFrame, most: int = MOST_POINTS) -> pd.DataFrame:
    """At most ``most`` rows of a curve, evenly taken, first and last kept."""
    if len(table) <= most:
        return table
    return table.iloc[np.unique(np.linspace(0, len(table) - 1, most).round().astype(int))]


def texts(values: Iterable[object], limit: int = 40) -> list[str]:
    """Texts of data made safe for a figure, told apart so that no bar is merged; long ones are shortened."""
    seen: dict[str, int] = {}
    result = []
    for value in distinct_names(values, limit):
        text = plain(value, limit + 1)
        seen[text] = seen.get(text, 0) + 1
        result.append(text + "\u200b" * (seen[text] - 1))
    return result


def whole_names(values: Iterable[object]) -> list[str]:
    """Names of data for the text under the mouse, where there is room for them."""
    return [plain(value, 300) for value in values]


def numbers(values: Iterable[Any]) -> list[float | None]:
    """Five significant digits are more than a pixel shows and a third of the bytes; NaN becomes null."""
    return [None if pd.isna(value) else float(f"{float(value):.5g}") for value in values]


def rule(
    figure: go.Figure, palette: Palette, xs: tuple[Any, Any], ys: tuple[Any, Any], text: str = ""
) -> None:
    """A thin dashed line of reference, such as chance or perfection."""
    figure.add_scatter(
        x=list(xs),
        y=list(ys),
        mode="lines",
        name=text,
        line={"color": palette.muted, "width": 1, "dash": "dot"},
        hoverinfo="skip",
        showlegend=bool(text),
    )


def draw(figure: go.Figure, alt: str, key: str | None = None) -> None:
    """Show a figure across the width there is.

    Args:
        alt: what the figure tells, for those who do not see it; our own words or escaped text.
    """
    st.plotly_chart(figure, theme=None, alt=alt, key=key, config={"displayModeBar": False})
