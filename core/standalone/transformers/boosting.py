"""Boosted trees: LightGBM with early stopping on an inner split, histogram trees that take empty columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.model_selection import train_test_split
from sklearn.utils import _safe_indexing

ONE_CLASS = "all training rows are of the class '{}', and there is nothing to tell apart"


class LightGBM(BaseEstimator):
    """LightGBM that stops early on an inner split of its training rows.

    Args:
        n_estimators: most rounds; fewer when the inner validation stops improving.
        learning_rate, num_leaves, min_child_samples, colsample_bytree, reg_lambda: as in LightGBM.
        categorical: positions of columns that hold category codes, or None.
        patience: rounds without improvement after which it stops.
        share: share of the rows in the inner validation.
        random_state: of the inner split and of LightGBM.
    """

    def __init__(
        self,
        n_estimators: int = 1000,
        learning_rate: float = 0.05,
        num_leaves: int = 31,
        min_child_samples: int = 20,
        colsample_bytree: float = 0.9,
        reg_lambda: float = 1e-3,
        categorical: Sequence[int] | None = None,
        patience: int = 50,
        share: float = 0.1,
        random_state: int = 0,
    ) -> None:
        self.n_estimators = n_estimators
        self.learning_rate = learning_rate
        self.num_leaves = num_leaves
        self.min_child_samples = min_child_samples
        self.colsample_bytree = colsample_bytree
        self.reg_lambda = reg_lambda
        self.categorical = categorical
        self.patience = patience
        self.share = share
        self.random_state = random_state

    def _fit(self, kind: str, X: Any, y: np.ndarray, stratify: Any, learned: Any = ()) -> None:
        """Fit; rows whose positions are ``learned`` are not among those that say when to stop."""
        import lightgbm

        learned = np.asarray(learned, dtype="int64")

        settings = self.get_params()
        for own in ("categorical", "patience", "share"):
            del settings[own]
        model = getattr(lightgbm, kind)(
            **settings, n_jobs=1, verbosity=-1, deterministic=True, force_row_wise=True
        )
        free = np.setdiff1d(np.arange(len(y)), learned)
        for_fit, for_stop = train_test_split(
            free, test_size=self.share, random_state=self.random_state, stratify=stratify
        )
        for_fit = np.concatenate([for_fit, learned])
        X_fit, X_stop = (_safe_indexing(X, rows) for rows in (for_fit, for_stop))
        y_fit, y_stop = y[for_fit], y[for_stop]
        try:
            model.fit(
                X_fit,
                y_fit,
                eval_X=X_stop,
                eval_y=y_stop,
                categorical_feature="auto" if not self.categorical else list(self.categorical),
                callbacks=[lightgbm.early_stopping(self.patience, verbose=False)],
            )
        except lightgbm.basic.LightGBMError as error:
            raise ValueError(f"LightGBM says: {error}") from error
        self.model_ = model
        self.rounds_ = int(model.best_iteration_ or self.n_estimators)
        self.n_features_in_ = X.shape[1]


class LightGBMClassifier(ClassifierMixin, LightGBM):
    """LightGBM for classes, with early stopping on an inner, stratified split."""

    def fit(self, X: Any, y: Any) -> LightGBMClassifier:
        """Fit; where the inner split cannot be stratified the first row of each class is learned from."""
        self.classes_, first, codes, counts = np.unique(
            y, return_index=True, return_inverse=True, return_counts=True
        )
        if len(self.classes_) < 2:
            raise ValueError(ONE_CLASS.format(self.classes_[0]))
        enough = counts.min() >= 2 and int(self.share * len(y)) >= len(self.classes_)
        self._fit("LGBMClassifier", X, codes, codes if enough else None, () if enough else first)
        return self

    def predict(self, X: Any) -> np.ndarray:
        """The likeliest class of each row."""
        return np.asarray(self.classes_)[self.predict_proba(X).argmax(axis=1)]

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probabilities, rows x classes in the order of ``classes_``."""
        shares = np.zeros((X.shape[0], len(self.classes_)))
        shares[:, self.model_.classes_] = self.model_.predict_proba(X, validate_features=False)
        return shares


class LightGBMRegressor(RegressorMixin, LightGBM):
    """LightGBM for numbers, with early stopping on an inner split."""

    def fit(self, X: Any, y: Any) -> LightGBMRegressor:
        """Fit on numbers."""
        self._fit("LGBMRegressor", X, np.asarray(y, dtype="float64"), None)
        return self

    def predict(self, X: Any) -> np.ndarray:
        """One number a row."""
        return np.asarray(self.model_.predict(X, validate_features=False))


def _with_empty_columns_filled(X: Any, least: int) -> Any:
    """The matrix with 0 throughout in columns that have fewer values than a leaf has rows.

    No tree can split such a column, and scikit-learn cannot make bins of one that has no value at all.
    """
    present = np.asarray(pd.DataFrame(X).notna().sum(axis=0))
    empty = np.flatnonzero(present < max(1, least))
    if not len(empty):
        return X
    filled = X.copy()
    if isinstance(filled, pd.DataFrame):
        filled.isetitem(list(empty), np.zeros((len(filled), len(empty))))
    else:
        filled[:, empty] = 0.0
    return filled


class HistogramClassifier(HistGradientBoostingClassifier):
    """scikit-learn's histogram trees for classes; a column without a value is taken and says nothing."""

    def fit(self, X: Any, y: Any) -> HistogramClassifier:
        """Fit on a matrix that may have missing values."""
        super().fit(_with_empty_columns_filled(X, self.min_samples_leaf), y)
        return self


class HistogramRegressor(HistGradientBoostingRegressor):
    """scikit-learn's histogram trees for numbers; a column without a value is taken and says nothing."""

    def fit(self, X: Any, y: Any) -> HistogramRegressor:
        """Fit on a matrix that may have missing values."""
        super().fit(_with_empty_columns_filled(X, self.min_samples_leaf), y)
        return self
