"""Features of numeric columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.preprocessing import PolynomialFeatures

from .base import AddColumns

SIGNS = {"sum": "+", "difference": "-", "product": "*"}


class Arithmetic(AddColumns):
    """Sum, difference or product of two numeric columns.

    Args:
        columns: two names.
        operation: ``sum``, ``difference`` or ``product``.
    """

    def __init__(self, columns: Sequence[str], operation: str = "difference") -> None:
        self.columns = columns
        self.operation = operation

    def _compute(self, X: pd.DataFrame) -> dict[str, Any]:
        a, b = self.columns
        operate = {"sum": np.add, "difference": np.subtract, "product": np.multiply}[self.operation]
        return {f"{a} {SIGNS[self.operation]} {b}": operate(X[a], X[b])}


class Ratio(AddColumns):
    """First numeric column divided by the second; missing where the second is zero."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = columns

    def _compute(self, X: pd.DataFrame) -> dict[str, Any]:
        a, b = self.columns
        quotient = X[a] / X[b].where(X[b] != 0)
        return {f"{a} / {b}": quotient.where(np.isfinite(quotient))}


class Polynomial(AddColumns):
    """Products and powers of numeric columns; missing where an input is missing.

    Args:
        columns: names.
        degree: highest total power.
        interactions_only: products of different columns only.
    """

    def __init__(self, columns: Sequence[str], degree: int = 2, interactions_only: bool = False) -> None:
        self.columns = columns
        self.degree = degree
        self.interactions_only = interactions_only

    def _compute(self, X: pd.DataFrame) -> dict[str, Any]:
        values = X[list(self.columns)].to_numpy(dtype="float64")
        terms = PolynomialFeatures(self.degree, interaction_only=self.interactions_only, include_bias=False)
        out = {}
        for powers in terms.fit(np.zeros((1, len(self.columns)))).powers_:
            used = powers > 0
            if powers.sum() > 1:
                parts = [n if p == 1 else f"{n}^{p}" for n, p in zip(self.columns, powers, strict=True) if p]
                out[" * ".join(parts)] = np.prod(values[:, used] ** powers[used], axis=1)
        return out


def apart(numbers: np.ndarray) -> list[str]:
    """Different numbers as texts of the fewest digits, at least six, that keep them different."""
    for digits in range(6, 17):
        texts = [f"{number:.{digits}g}" for number in numbers]
        if len(set(texts)) == len(texts):
            return texts
    return [repr(float(number)) for number in numbers]


class Bins(AddColumns):
    """A numeric column cut into ranges with edges learned from the training rows.

    Args:
        columns: one name.
        bins: number of ranges.
        strategy: ``quantile`` for equal counts, ``uniform`` for equal widths.
    """

    def __init__(self, columns: Sequence[str], bins: int = 5, strategy: str = "quantile") -> None:
        self.columns = columns
        self.bins = bins
        self.strategy = strategy

    def _learn(self, X: pd.DataFrame) -> None:
        present = X[self.columns[0]].dropna().to_numpy()
        if not len(present):
            present = np.zeros(1)
        shares = np.linspace(0, 1, self.bins + 1)[1:-1]
        spread = present.min() + shares * (present.max() - present.min())
        self.edges_ = np.unique(np.quantile(present, shares) if self.strategy == "quantile" else spread)

    def _compute(self, X: pd.DataFrame) -> dict[str, Any]:
        name = self.columns[0]
        edges = apart(self.edges_)
        labels = np.array(
            [f"{low} to {high}" for low, high in zip(["low", *edges], [*edges, "high"], strict=True)]
        )
        place = np.searchsorted(self.edges_, X[name].to_numpy(), side="right")
        cut = pd.Series(labels[np.minimum(place, len(labels) - 1)], index=X.index, dtype="str")
        return {f"{name} bin": cut.where(X[name].notna())}
