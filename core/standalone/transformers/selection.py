"""Choosing among prepared columns."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.feature_selection import mutual_info_classif, mutual_info_regression

from .base import PrepareColumns


class DropCorrelated(PrepareColumns):
    """Of each cluster of columns that move together keep the first.

    Args:
        limit: absolute Pearson correlation from which two columns count as one.
    """

    def __init__(self, limit: float = 0.95) -> None:
        self.limit = limit

    def fit(self, X: Any, y: Any = None) -> DropCorrelated:
        """Learn which columns to keep."""
        values = X.toarray() if hasattr(X, "toarray") else np.asarray(X, dtype="float64")
        values = np.where(
            np.isnan(values), np.nanmean(np.where(np.isnan(values).all(axis=0), 0.0, values), axis=0), values
        )
        centred = values - values.mean(axis=0)
        length = np.sqrt((centred**2).sum(axis=0))
        unit = centred / np.where(length > 0, length, 1.0)
        close = np.abs(unit.T @ unit) >= self.limit
        kept: list[int] = []
        for i in range(values.shape[1]):
            if not close[i, kept].any():
                kept.append(i)
        self.kept_ = np.array(kept, dtype="int64")
        return self

    def transform(self, X: Any) -> Any:
        """The kept columns, in their order."""
        return X[:, self.kept_] if hasattr(X, "toarray") else np.asarray(X)[:, self.kept_]

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Names of the kept columns."""
        return np.asarray(input_features, dtype=object)[self.kept_]


class MostInformative(PrepareColumns):
    """Keep the columns with the highest mutual information with the target (Kraskov et al. 2004).

    Args:
        kind: ``classes`` or ``numbers``: what the target is.
        percentile: share of the columns to keep, in percent; at least one column stays.
        rows: most rows looked at, drawn at random.
        random_state: of the draw and of the estimator's noise.
    """

    def __init__(
        self, kind: str = "classes", percentile: int = 50, rows: int = 5000, random_state: int = 0
    ) -> None:
        self.kind = kind
        self.percentile = percentile
        self.rows = rows
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> MostInformative:
        """Score the columns and learn which to keep."""
        drawn = np.random.default_rng(self.random_state).permutation(X.shape[0])[: self.rows]
        some = X[drawn]
        values = some.toarray() if hasattr(some, "toarray") else np.asarray(some)
        score = mutual_info_classif if self.kind == "classes" else mutual_info_regression
        self.scores_ = score(values, np.asarray(y)[drawn], random_state=self.random_state)
        count = max(1, round(len(self.scores_) * self.percentile / 100))
        self.kept_ = np.sort(np.argsort(-self.scores_, kind="stable")[:count])
        return self

    def transform(self, X: Any) -> Any:
        """The kept columns, in their order."""
        return X[:, self.kept_]

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Names of the kept columns."""
        return np.asarray(input_features, dtype=object)[self.kept_]
