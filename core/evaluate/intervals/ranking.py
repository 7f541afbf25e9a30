"""Intervals of the area under the ROC curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.special import stdtrit

from core.evaluate.intervals.rates import Z
from core.scoring.pairs import Floats

PRIOR = 4


@dataclass(frozen=True)
class Area:
    """The area under the ROC curve.

    Attributes:
        value: 0 to 1.
        error: its standard error.
        freedom: on how many degrees of freedom the error stands.
    """

    value: float
    error: float
    freedom: float


def delong(positive: Floats, negative: Floats) -> Area:
    """AUC and its standard error, from the scores of both classes, at least two of each.

    Source: DeLong, DeLong and Clarke-Pearson 1988; by ranks as Sun and Xu 2014; degrees of freedom as
    Satterthwaite 1946.
    """
    together = stats.rankdata(np.concatenate([positive, negative]))
    m, n = len(positive), len(negative)
    above = (together[:m] - stats.rankdata(positive)) / n
    below = 1 - (together[m:] - stats.rankdata(negative)) / m
    first, second = float(above.var(ddof=1)) / m, float(below.var(ddof=1)) / n
    whole = first + second
    freedom = whole**2 / (first**2 / (m - 1) + second**2 / (n - 1)) if whole > 0 else float(m + n - 2)
    return Area(float(above.mean()), float(np.sqrt(whole)), freedom)


def area_interval(positive: Floats, negative: Floats) -> tuple[float, float]:
    """95 % interval of the AUC: DeLong's error, steadied, on the scale of log odds, with t quantiles.

    Near 1 few pairs are in the wrong order and DeLong's error is too small as often as not: it counts with
    the rows of the rarer class, and the error of Newcombe's model as four rows more.

    Where no pair is in the wrong order (or none in the right one) DeLong's error is 0, and the bound of
    Newcombe (2006, method 5) is given. A constant score is exactly 0.5.
    """
    area = delong(positive, negative)
    if 0 < area.value < 1:
        odds, size = np.log(area.value / (1 - area.value)), area.value * (1 - area.value)
        half = stdtrit(area.freedom, 0.975) * _steadied(area, len(positive), len(negative)) / size
        low, high = (float(1 / (1 + np.exp(-(odds + end)))) for end in (-half, half))
        return low, high
    least = _perfect(len(positive), len(negative))
    return (least, 1.0) if area.value == 1 else (0.0, 1 - least)


def _perfect(m: int, n: int) -> float:
    """The least area that goes with one that was found to be 1 (Newcombe 2006), on a fine grid."""
    area = np.linspace(0.5, 1, 20_001)[:-1]
    return float(area[np.argmax(1 - area <= Z * np.sqrt(_modelled(area, m, n)))])


def _steadied(area: Area, m: int, n: int) -> float:
    if area.error == 0:
        return 0.0
    rare = min(m, n)
    modelled = float(_modelled(np.array(area.value), m, n))
    return float(np.sqrt((rare * area.error**2 + PRIOR * modelled) / (rare + PRIOR)))


def _modelled(area: Floats, m: int, n: int) -> Floats:
    """The square of the error of an area where both classes are spread alike (Newcombe 2006, method 5)."""
    steps = (m + n) / 2 - 1
    alike = 1 + steps * ((1 - area) / (2 - area) + area / (1 + area))
    return np.asarray(area * (1 - area) * alike / (m * n))
