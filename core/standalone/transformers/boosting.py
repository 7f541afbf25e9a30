"""LightGBM with early stopping on an inner split."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.model_selection import train_test_split


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

    def _fit(self, kind: str, X: Any, y: Any, stratify: Any) -> None:
        import lightgbm

        settings = self.get_params()
        for own in ("categorical", "patience", "share"):
            del settings[own]
        model = getattr(lightgbm, kind)(
            **settings, n_jobs=1, verbosity=-1, deterministic=True, force_row_wise=True
        )
        X_fit, X_stop, y_fit, y_stop = train_test_split(
            X, y, test_size=self.share, random_state=self.random_state, stratify=stratify
        )
        model.fit(
            X_fit,
            y_fit,
            eval_X=X_stop,
            eval_y=y_stop,
            categorical_feature="auto" if not self.categorical else list(self.categorical),
            callbacks=[lightgbm.early_stopping(self.patience, verbose=False)],
        )
        self.model_ = model
        self.rounds_ = int(model.best_iteration_ or self.n_estimators)
        self.n_features_in_ = X.shape[1]


class LightGBMClassifier(ClassifierMixin, LightGBM):
    """LightGBM for classes, with early stopping on an inner, stratified split."""

    def fit(self, X: Any, y: Any) -> LightGBMClassifier:
        """Fit; classes with one row only switch stratification off."""
        self.classes_, codes, counts = np.unique(y, return_inverse=True, return_counts=True)
        enough = counts.min() >= 2 and int(self.share * len(y)) >= len(self.classes_)
        self._fit("LGBMClassifier", X, codes, codes if enough else None)
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
