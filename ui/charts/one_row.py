"""What each column adds to the answer for one row."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from ui.charts.base import frame, numbers, texts, whole_names
from ui.frame.theme import Palette
from ui.widgets.text import plain


def contributions(
    names: Sequence[str],
    amounts: Sequence[float],
    errors: Sequence[float] | None,
    palette: Palette,
    unit: str,
) -> go.Figure:
    """Bars to the right for what adds and to the left for what takes away, as given.

    Args:
        names: of columns with their values.
        errors: standard errors, drawn as whiskers of twice their length.
        unit: title of the axis.
    """
    figure = frame(palette, x=plain(unit, 100), height=70 + 26 * len(names))
    whiskers = None
    if errors is not None:
        whiskers = {
            "type": "data",
            "array": numbers([2 * e for e in errors]),
            "color": palette.muted,
            "width": 3,
        }
    figure.add_bar(
        y=texts(names, 22),
        x=numbers(amounts),
        orientation="h",
        error_x=whiskers,
        customdata=whole_names(names),
        marker={"color": [palette.accent if amount >= 0 else palette.warn for amount in amounts]},
        hovertemplate="%{customdata}: <b>%{x:+.4g}</b><extra></extra>",
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category")
    figure.update_xaxes(showgrid=True, nticks=4, zeroline=True, zerolinecolor=palette.muted)
    return figure
