"""Pictures of a competition: the leaderboard and the course of a search."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.digits import number
from ui.charts.base import faded, frame, numbers, rule, texts, thinned
from ui.text import plain
from ui.theme import Palette

_MARKS = {"best": ("accent", "diamond"), "tie": ("accent", "circle"), "worse": ("muted", "circle")}
FAR = 4.0
"""Times the middle distance to the best, from which a model is off the chart."""
_NAMES = {"best": "best", "tie": "cannot be told from the best", "worse": "worse"}


def _group(figure: go.Figure, rows: pd.DataFrame, standing: str, palette: Palette) -> None:
    shade, symbol = _MARKS[standing]
    mean, low, high = (rows[name].astype(float) for name in ("mean", "low", "high"))
    figure.add_scatter(
        x=numbers(mean),
        y=rows["_name"].tolist(),
        mode="markers",
        name=_NAMES[standing],
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

    Args:
        board: ``name``, ``mean``, ``low``, ``high`` (may be missing), ``rank``, ``tied_with_best``: the rows
            of core.train.board with the candidates' labels.
        metric: name of the score, for the axis.
        baseline: score of the baseline, drawn as a line where it is in sight.
    """
    standing = np.where(board["rank"] == 1, "best", np.where(board["tied_with_best"], "tie", "worse"))
    rows = board.assign(_name=texts(board["name"], 36), standing=standing)
    figure = frame(palette, x=plain(metric), height=110 + 34 * len(rows), legend=True)
    for mark in _MARKS:
        part = rows[rows["standing"] == mark]
        if len(part):
            _group(figure, part, mark, palette)
    shapes = _band(rows["standing"].tolist()[::-1], palette)
    if baseline is not None and np.isfinite(baseline):
        line = {"color": palette.warn, "width": 1.5, "dash": "dot"}
        ends = {"x0": baseline, "x1": baseline, "yref": "y domain", "y0": 0, "y1": 1}
        shapes.append({"type": "line", "layer": "below", "line": line, **ends})
    order = {"categoryorder": "array", "categoryarray": rows["_name"].tolist()[::-1], "type": "category"}
    figure.update_layout(
        shapes=shapes, yaxis={**order, "griddash": "dot"}, xaxis={"showgrid": True}, **_zoom(rows, palette)
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


def _zoom(rows: pd.DataFrame, palette: Palette) -> dict[str, Any]:
    """The layout that writes scores far behind at the edge, so that the rest can be told apart."""
    gap = (rows["mean"] - rows["mean"].iloc[0]).abs() if len(rows) else pd.Series(dtype=float)
    far = gap > max(FAR * gap.median(), 1e-12)
    if not far.any() or gap.median() == 0:
        return {}
    ends = rows.loc[~far, ["mean", "low", "high"]].to_numpy(dtype=float)
    low, high = float(np.nanmin(ends)), float(np.nanmax(ends))
    pad = 0.06 * (high - low)
    notes = [
        {
            "x": 0 if mean < low else 1,
            "xref": "x domain",
            "xanchor": "left" if mean < low else "right",
            "y": name,
            "text": f"◂ {number(mean)}" if mean < low else f"{number(mean)} ▸",
            "showarrow": False,
            "font": {"color": palette.muted},
        }
        for name, mean in zip(rows.loc[far, "_name"], rows.loc[far, "mean"], strict=True)
    ]
    return {"xaxis_range": [low - pad, high + pad], "annotations": notes}


def search_history(
    trials: pd.DataFrame,
    palette: Palette,
    metric: str,
    better: str = "higher",
    untuned: float | None = None,
) -> go.Figure:
    """Score of each trial, and the best so far as a line.

    Args:
        trials: ``score`` (missing when it failed), and optionally ``text`` with the settings; in their order.
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
    if untuned is not None:
        rule(figure, palette, (0.5, len(trials) + 0.5), (untuned, untuned), "untuned")
    return figure


def parameter(trials: pd.DataFrame, palette: Palette, name: str, metric: str, log: bool = False) -> go.Figure:
    """Score against one setting.

    Args:
        trials: ``value``, ``score``.
        name: of the setting.
        log: draw the setting on a logarithmic scale.
    """
    known = thinned(trials.dropna(subset=["score"]), 1000)
    values: list[Any] = known["value"].tolist()
    is_number = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    figure = frame(palette, x=plain(name), y=plain(metric), height=260)
    figure.add_scatter(
        x=values if is_number else [plain(value, 30) for value in values],
        y=numbers(known["score"]),
        mode="markers",
        marker={"color": faded(palette.accent, 0.6), "size": 8},
        hovertemplate=plain(name) + " %{x}: <b>%{y}</b><extra></extra>",
    )
    figure.update_xaxes(type=("log" if log else "linear") if is_number else "category")
    if log:
        figure.update_xaxes(dtick=1)
    return figure


def _dimension(name: str, values: pd.Series[Any]) -> dict[str, Any]:
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return {"label": plain(name, 24), "values": numbers(values)}
    codes, levels = pd.factorize(values.astype(str))
    ticks = list(range(len(levels)))
    return {
        "label": plain(name, 24),
        "values": codes.tolist(),
        "tickvals": ticks,
        "ticktext": texts(levels, 18),
    }


def parameters(trials: pd.DataFrame, palette: Palette, metric: str) -> go.Figure:
    """All settings of a search at once: one line a trial, darker where the score is higher.

    Args:
        trials: ``score`` and one column a setting; at most 300 trials are drawn.
    """
    known = thinned(trials.dropna(subset=["score"]), 300)
    settings = [column for column in known.columns if column != "score"]
    figure = frame(palette, height=340)
    figure.add_parcoords(
        dimensions=[_dimension(str(n), known[n]) for n in settings] + [_dimension(metric, known["score"])],
        line={"color": numbers(known["score"]), "colorscale": _visible(palette)},
        labelfont={"color": palette.ink},
        tickfont={"color": palette.muted},
        rangefont={"color": palette.muted},
    )
    figure.update_layout(margin={"l": 60, "r": 60, "t": 48, "b": 20})
    return figure


def _visible(palette: Palette) -> list[list[Any]]:
    shades = palette.ramp[2:]  # the first ones are those of the background
    return [[place / (len(shades) - 1), shade] for place, shade in enumerate(shades)]
