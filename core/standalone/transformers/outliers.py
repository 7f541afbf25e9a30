"""Numbers without extremes: clipped, or on a signed logarithmic scale."""

from __future__ import annotations

from typing import Any

import numpy as np

from .base import ChangeValues


class Clip(ChangeValues):
    """Pull outliers to a bound learned from the training rows; missing stays missing.

    Args:
        method: ``quantile`` keeps the shares between ``tail`` and 1 - ``tail``; ``iqr`` the range from
            ``reach`` interquartile ranges below the lower to as many above the upper quartile (Tukey).
        tail: share cut at each end.
        reach: interquartile ranges beyond the quartiles.
    """

    def __init__(self, method: str = "quantile", tail: float = 0.01, reach: float = 1.5) -> None:
        self.method = method
        self.tail = tail
        self.reach = reach

    def fit(self, X: Any, y: Any = None) -> Clip:
        """Learn the bounds of each column."""
        values = np.asarray(X, dtype="float64")
        self._remember_names(X)
        filled = np.where(np.isnan(values).all(axis=0), 0.0, values)
        if self.method == "quantile":
            self.low_, self.high_ = np.nanquantile(filled, [self.tail, 1 - self.tail], axis=0)
        else:
            lower, upper = np.nanquantile(filled, [0.25, 0.75], axis=0)
            self.low_ = lower - self.reach * (upper - lower)
            self.high_ = upper + self.reach * (upper - lower)
        return self

    def transform(self, X: Any) -> np.ndarray:
        """The values, none outside the bounds."""
        return np.clip(np.asarray(X, dtype="float64"), self.low_, self.high_)


class SignedLog(ChangeValues):
    """log(1 + |x|) with the sign of x: tames long tails and keeps zero and order."""

    def fit(self, X: Any, y: Any = None) -> SignedLog:
        """Remember the names; nothing is learned."""
        self._remember_names(X)
        return self

    def transform(self, X: Any) -> np.ndarray:
        """The transformed values."""
        values = np.asarray(X, dtype="float64")
        return np.sign(values) * np.log1p(np.abs(values))
