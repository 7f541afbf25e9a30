"""Which score is judged where the one that ranks has no interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.catalog.metrics import METRICS
from core.watch.performance import WORDS, Performance

SURER = 1.3142
"""How many times as long a 99 % interval of a normal score is as a 95 % one."""


def in_place_of(asked: Performance, others: Sequence[Performance]) -> Performance:
    """Another score in place of one that could not be judged, with the words why; that itself where none can.

    The one that stands in first is judged as any score. Where it tells of no loss, a later one does where it
    has lost at 99 %: a mean of few errors far out hides what all others show, and looking at several is to
    call a model worse that is not in hardly more than 2.5 of 100 tables. Of a later one nothing else is told,
    as it does not see errors far out.

    Args:
        others: of the metrics that stand in, the first that is tried first.
    """
    for one in others:
        if one.state == "worse" if _leads(one) else _has_surely_lost(one):
            return _judged_by(one, asked)
    judged = next((one for one in others if _leads(one) and one.difference is not None), None)
    return asked if judged is None else _judged_by(judged, asked)


def _leads(one: Performance) -> bool:
    return one.now is not None and METRICS[one.now.metric].stands_in == 1


def _has_surely_lost(one: Performance) -> bool:
    if one.state != "worse" or one.difference is None:
        return one.state == "worse"
    gap, low, high = one.difference
    near = low if gap > 0 else high
    return abs(gap) > SURER * abs(gap - near)


def _judged_by(other: Performance, asked: Performance) -> Performance:
    rest = asked.text.removeprefix(f"{WORDS[asked.state]}: ")
    text = f"{other.text} It is judged by this score, as the one that ranks has no interval: {rest}"
    return replace(other, text=text, asked=asked.now.metric if asked.now else "")
