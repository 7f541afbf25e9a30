"""Pictures of a classifier: curves, probabilities, mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ui.charts.base import colour, faded, frame, numbers, ramp, rule, texts, thinned
from ui.frame.theme import Palette
from ui.widgets.text import plain, words

SHARE = [-0.02, 1.02]


def _lines(figure: go.Figure, curves: pd.DataFrame, x: str, y: str, palette: Palette, hover: str) -> None:
    groups: Any = curves.groupby("name", sort=False) if "name" in curves.columns else [("", curves)]
    for position, (name, curve) in enumerate(groups):
        part = thinned(curve)
        figure.add_scatter(
            x=numbers(part[x]),
            y=numbers(part[y]),
            mode="lines",
            name=plain(name, 40),
            line={"color": colour(palette, position), "width": 2.5},
            hovertemplate=hover + "<extra>" + plain(name, 40) + "</extra>",
        )


def _square(figure: go.Figure) -> go.Figure:
    figure.update_xaxes(range=SHARE, showgrid=True, tickformat=".1f")
    figure.update_yaxes(range=SHARE, tickformat=".1f")
    return figure


def roc(curves: pd.DataFrame, palette: Palette) -> go.Figure:
    """True against false positive rate.

    Args:
        curves: ``false_positive_rate``, ``true_positive_rate``, and ``name`` for several curves.
    """
    figure = frame(palette, "false positive rate", "true positive rate", 360, legend="name" in curves.columns)
    rule(figure, palette, (0, 1), (0, 1))
    _lines(
        figure,
        curves,
        "false_positive_rate",
        "true_positive_rate",
        palette,
        "finds %{y:.1%} at %{x:.1%} false alarms",
    )
    return _square(figure)


def precision_recall(curves: pd.DataFrame, palette: Palette, base: float | None = None) -> go.Figure:
    """Precision against recall.

    Args:
        curves: ``recall``, ``precision``, and ``name`` for several curves.
        base: share of the positive class, which guessing reaches.
    """
    figure = frame(palette, "recall", "precision", 360, legend="name" in curves.columns)
    if base is not None:
        rule(figure, palette, (0, 1), (base, base))
    _lines(figure, curves, "recall", "precision", palette, "%{y:.1%} right at %{x:.1%} found")
    return _square(figure)


def calibration(bins: pd.DataFrame, palette: Palette) -> go.Figure:
    """What happened against what was said, by bin of the predicted probability; larger dots are more rows.

    Args:
        bins: ``predicted``, ``observed``, ``observed_low``, ``observed_high``, ``rows``.
    """
    figure = frame(palette, "predicted probability", "observed share", 360)
    rule(figure, palette, (0, 1), (0, 1))
    count = bins["rows"].to_numpy(dtype=float)
    figure.add_scatter(
        x=numbers(bins["predicted"]),
        y=numbers(bins["observed"]),
        mode="lines+markers",
        error_y={
            "type": "data",
            "symmetric": False,
            "array": numbers(bins["observed_high"] - bins["observed"]),
            "arrayminus": numbers(bins["observed"] - bins["observed_low"]),
            "color": faded(palette.accent, 0.5),
            "thickness": 2,
            "width": 0,
        },
        line={"color": palette.accent, "width": 2},
        marker={
            "color": palette.accent,
            "size": (6 + 8 * np.sqrt(count / max(count.max(initial=1), 1))).tolist(),
        },
        customdata=numbers(count),
        hovertemplate="said %{x:.1%}, was %{y:.1%} (%{customdata} rows)<extra></extra>",
    )
    return _square(figure)


def share_words(share: float) -> str:
    """A share as a percentage: ``0%`` and ``100%`` only where it is none or all of them."""
    for places in (0, 1):
        if share in (0.0, 1.0) or 0 < round(share, 2 + places) < 1:
            return f"{share:.{places}%}"
    return "<0.1%" if share < 0.5 else ">99.9%"


def confusion(matrix: np.ndarray[Any, Any], classes: Sequence[object], palette: Palette) -> go.Figure:
    """Rows by true class (down) and predicted class (across); shade is the share of the true class.

    Args:
        matrix: counts, shape (classes, classes).
        classes: the labels, in the order of the matrix.
    """
    counts = np.asarray(matrix, dtype=float)
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    names = texts(classes, 24)
    figure = frame(palette, "predicted", "true", height=150 + max(46 * len(names), 140))
    write = len(names) <= 12
    figure.add_heatmap(
        z=np.round(share, 4).tolist(),
        x=names,
        y=names,
        customdata=counts.tolist(),
        text=[
            [f"{n:,.0f}<br>{share_words(s)}" for n, s in zip(*row, strict=True)]
            for row in zip(counts, share, strict=True)
        ]
        if write
        else None,
        texttemplate="%{text}" if write else None,
        colorscale=ramp(palette),
        zmin=0,
        zmax=1,
        showscale=False,
        xgap=3,
        ygap=3,
        hovertemplate="true %{y}, called %{x}: <b>%{customdata}</b> rows, %{z:.1%} of true<extra></extra>",
    )
    figure.update_xaxes(type="category", side="bottom")
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return figure


def threshold(
    curve: pd.DataFrame,
    palette: Palette,
    chosen: float | None = None,
    scores: Sequence[str] = ("precision", "recall", "f1", "positive_share"),
) -> go.Figure:
    """What a threshold does to each score.

    Args:
        curve: ``threshold`` and the columns named by ``scores``, each from 0 to 1.
        chosen: the threshold in use, drawn as a line.
    """
    figure = frame(palette, "threshold", "", 340, legend=True)
    part = thinned(curve)
    for position, name in enumerate(scores):
        figure.add_scatter(
            x=numbers(part["threshold"]),
            y=numbers(part[name]),
            mode="lines",
            name=words(name),
            line={"color": colour(palette, position), "width": 2.5},
            hovertemplate=words(name) + ": <b>%{y:.3f}</b><extra></extra>",
        )
    if chosen is not None:
        figure.add_vline(
            x=chosen,
            line={"color": palette.ink, "width": 1.5, "dash": "dash"},
            annotation={
                "text": f"{chosen:g}",
                "font": {"color": palette.ink},
                "bgcolor": palette.surface,
            },
            annotation_position="bottom right" if chosen < 0.85 else "bottom left",
        )
    figure.update_layout(hovermode="x")
    return _square(figure)
