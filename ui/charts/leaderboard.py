"""The picture of a leaderboard: scores with their intervals, so that what is real can be seen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.digits import number
from ui.charts.base import faded, frame, numbers, texts
from ui.frame.theme import Palette
from ui.widgets.text import plain

_MARKS = {"best": ("accent", "diamond"), "tie": ("accent", "circle"), "worse": ("muted", "circle")}
FAR = 4.0
"""Times the middle distance to the best, from which a model may be off the chart."""
PAD = 0.04
"""Share of the axis that is kept free at both ends."""


def _group(figure: go.Figure, rows: pd.DataFrame, standing: str, palette: Palette) -> None:
    shade, symbol = _MARKS[standing]
    mean, low, high = (rows[name].astype(float) for name in ("mean", "low", "high"))
    figure.add_scatter(
        x=numbers(mean),
        y=rows["_name"].tolist(),
        mode="markers",
        marker={"color": getattr(palette, shade), "size": 11, "symbol": symbol},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": numbers(high - mean),
            "arrayminus": numbers(mean - low),
            "color": faded(getattr(palette, shade), 0.55),
            "thickness": 3,
            "width": 0,
        },
        customdata=list(zip(numbers(low), numbers(high), strict=True)),
        hovertemplate="%{y}: <b>%{x}</b> (%{customdata[0]} to %{customdata[1]})<extra></extra>",
    )


def leaderboard(
    board: pd.DataFrame, palette: Palette, metric: str, baseline: float | None = None
) -> go.Figure:
    """Score of each model with its interval, as given from top to bottom.

    The marks are named beside the figure: a legend inside of it would cover the rows of a narrow window.

    Args:
        board: ``name``, ``mean``, ``low``, ``high`` (may be missing), ``rank``, ``tied_with_best``: the rows
            of core.train.ranking.leaderboard with the candidates' labels.
        metric: name of the score, for the axis.
        baseline: score of the baseline, drawn as a line where it is in sight.
    """
    standing = np.where(board["rank"] == 1, "best", np.where(board["tied_with_best"], "tie", "worse"))
    rows = board.assign(_name=texts(board["name"], 36), standing=standing)
    ends = _axis(rows)
    figure = frame(palette, x=plain(metric), height=80 + 34 * len(rows))
    seen = rows[rows["mean"].between(*ends)]
    for mark in _MARKS:
        if len(part := seen[seen["standing"] == mark]):
            _group(figure, part, mark, palette)
    shapes = _band(rows["standing"].tolist()[::-1], palette)
    if baseline is not None and ends[0] < baseline < ends[1]:
        line = {"color": palette.warn, "width": 1.5, "dash": "dot"}
        place = {"x0": baseline, "x1": baseline, "yref": "y domain", "y0": 0, "y1": 1}
        shapes.append({"type": "line", "layer": "below", "line": line, **place})
    names = {"categoryorder": "array", "categoryarray": rows["_name"].tolist()[::-1], "type": "category"}
    figure.update_layout(
        shapes=shapes,
        yaxis={**names, "griddash": "dot", "range": [-0.5, len(rows) - 0.5]},
        xaxis={"showgrid": True, "range": list(ends)},
        annotations=_far(rows, ends, palette),
    )
    return figure


def _band(upwards: list[str], palette: Palette) -> list[dict[str, Any]]:
    """A band under the rows that cannot be told from the best."""
    if "tie" not in upwards:
        return []
    look = {"type": "rect", "layer": "below", "line": {"width": 0}, "fillcolor": faded(palette.accent, 0.07)}
    return [
        {**look, "xref": "x domain", "x0": 0, "x1": 1, "y0": place - 0.5, "y1": place + 0.5}
        for place, standing in enumerate(upwards)
        if standing != "worse"
    ]


def _axis(rows: pd.DataFrame) -> tuple[float, float]:
    """The ends of the axis: all intervals whole, but for models far behind and intervals far too wide."""
    scored = rows.dropna(subset=["mean"])
    if scored.empty:
        return 0.0, 1.0
    mean = scored["mean"].astype(float)
    gap = (mean - mean.iloc[0]).abs()
    near = scored[gap <= max(FAR * gap.median(), 1e-12)] if gap.median() > 0 else scored
    centre, low, high = (near[name].to_numpy(dtype=float) for name in ("mean", "low", "high"))
    half = float(np.nanmedian((high - low) / 2)) if np.isfinite(high - low).any() else 0.0
    first, last = float(centre.min()) - half, float(centre.max()) + half
    # An interval may make the axis twice as long on its side; one that is longer is cut by its end.
    most = last - first
    low_end = max(float(np.fmin(low, centre).min()), first - most)
    high_end = min(float(np.fmax(high, centre).max()), last + most)
    pad = PAD * (high_end - low_end) or max(abs(high_end), 1.0) * PAD
    return low_end - pad, high_end + pad


def _far(rows: pd.DataFrame, ends: tuple[float, float], palette: Palette) -> list[dict[str, Any]]:
    """The scores beyond the axis, written at the end where they lie."""
    notes = []
    for name, mean in zip(rows["_name"], rows["mean"].astype(float), strict=True):
        if not np.isfinite(mean) or ends[0] <= mean <= ends[1]:
            continue
        below = mean < ends[0]
        notes.append(
            {
                "x": 0 if below else 1,
                "xref": "x domain",
                "xanchor": "left" if below else "right",
                "y": name,
                "text": f"← {number(mean)}" if below else f"{number(mean)} →",
                "showarrow": False,
                "font": {"color": palette.muted},
            }
        )
    return notes
