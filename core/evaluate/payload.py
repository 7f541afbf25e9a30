"""Frames and numbers in the form that JSON and charts take: thinned, rounded, NaN as None."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from core.scoring.pairs import Codes, Floats

MOST_POINTS = 500


def to_dict(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """Column name -> values, JSON-ready; floats of six significant digits, None for NaN and infinity."""
    return {str(name): [plain(value) for value in frame[name].tolist()] for name in frame.columns}


def plain(value: Any) -> Any:
    """One JSON-ready value: a float of six significant digits, None for NaN, infinity or missing."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(f"{value:.6g}") if np.isfinite(value) else None
    return None if value is None or value is pd.NA else str(value)


def thin(x: Floats, y: Floats, most: int = MOST_POINTS) -> Codes:
    """Positions of at most ``most`` points that keep the shape of a line, both ends included.

    Points are taken at even steps along the path (each axis scaled to its range, steps added), so the line
    through them is nowhere further from the whole one than two steps.
    """
    if len(x) <= most:
        return np.arange(len(x))
    path = np.r_[0.0, np.cumsum(_steps(x) + _steps(y))]
    wanted = np.linspace(0, path[-1], most)
    return np.unique(np.r_[0, np.searchsorted(path, wanted[1:-1]), len(x) - 1])


def _steps(values: Floats) -> Floats:
    span = float(values.max() - values.min())
    return np.abs(np.diff(values)) / (span if span > 0 else 1.0)
