"""Pictures of a rehearsal: the score under each rule of retraining, and when each retrained."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from core.digits import number, span
from core.results.rehearse import PlayedRule
from ui.charts.base import faded, frame, numbers, rule, texts
from ui.frame.theme import Palette
from ui.widgets.text import plain

ROW = 34
"""Pixels of a rule."""
AROUND = 110


def scores(rules: Sequence[PlayedRule], palette: Palette, score: str) -> go.Figure:
    """The score under each rule with its 95 % interval; the rule of Foldline stands out.

    Args:
        rules: in the order in which they are listed, from the top.
        score: what it is called.
    """
    figure = frame(palette, plain(score, 60), "", AROUND + ROW * len(rules))
    there = [one for one in rules if one.score.value is not None]
    values = [one.score.value for one in there]
    up = [max(0.0, (one.score.high or one.score.value or 0.0) - (one.score.value or 0.0)) for one in there]
    down = [max(0.0, (one.score.value or 0.0) - (one.score.low or one.score.value or 0.0)) for one in there]
    shades = [palette.accent if one.said else palette.muted for one in there]
    figure.add_scatter(
        x=numbers(values),
        y=texts(one.name for one in there),
        mode="markers",
        marker={"color": shades, "size": 9},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": numbers(up),
            "arrayminus": numbers(down),
            "color": faded(palette.muted, 0.7),
            "thickness": 1.5,
            "width": 3,
        },
        text=[_hover(one) for one in there],
        hovertemplate="%{text}<extra></extra>",
    )
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure


def _hover(one: PlayedRule) -> str:
    ends = span(one.score.low, one.score.high, one.score.value)
    value = number(one.score.value, one.score.low, one.score.high)
    return f"{plain(one.name, 40)}: <b>{value}</b>" + (f" ({ends})" if ends else "")


def moments(rules: Sequence[PlayedRule], windows: int, palette: Palette) -> go.Figure:
    """After which windows each rule retrained (filled), or asked in vain for a model of newer rows (open).

    Args:
        windows: how many there are.
    """
    figure = frame(palette, "window", "", AROUND + ROW * len(rules), legend=True)
    names = texts(one.name for one in rules)
    for text, symbol, marked in (
        ("retrained", "circle", [set(one.retrained) for one in rules]),
        (
            "asked, with no newer labels",
            "circle-open",
            [set(one.asked) - set(one.retrained) for one in rules],
        ),
    ):
        pairs = [
            (place, name) for name, places in zip(names, marked, strict=True) for place in sorted(places)
        ]
        if not pairs:
            continue
        figure.add_scatter(
            x=[place for place, _ in pairs],
            y=[name for _, name in pairs],
            mode="markers",
            marker={"color": palette.accent, "size": 9, "symbol": symbol},
            name=text,
            hovertemplate=f"%{{y}}: {text} after window %{{x}}<extra></extra>",
        )
    for name in names:
        rule(figure, palette, (1, windows), (name, name))
    figure.update_xaxes(range=[0, windows + 1])
    figure.update_yaxes(autorange="reversed", showgrid=False, categoryorder="array", categoryarray=names)
    return figure
