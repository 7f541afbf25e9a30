"""What the feature steps and the preparation steps have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin


class AddColumns(TransformerMixin, BaseEstimator):
    """Base of the feature steps: a frame comes in, the same frame with more columns goes out."""

    columns: Sequence[str]

    def fit(self, X: pd.DataFrame, y: Any = None) -> AddColumns:
        """Learn what the step needs from the training rows."""
        self._learn(X)
        self.names_in_ = [str(name) for name in X.columns]
        self.names_out_ = list(self._compute(X.iloc[:1]))
        self._refuse_other(X)
        return self

    def _refuse_other(self, X: pd.DataFrame) -> None:
        """A new column must not take the place of one that says something else."""
        taken = [name for name in self.names_out_ if name in X.columns]
        made = self._compute(X) if taken else {}
        for name in taken:
            if not pd.Series(made[name], index=X.index).equals(X[name]):
                raise ValueError(
                    f"A feature step makes a column {name!r}, but there is another of that name."
                )

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """The frame with the new columns at its end."""
        return X.assign(**self._compute(X))

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Names of all columns that transform gives."""
        return np.array([*self.names_in_, *self.names_out_], dtype=object)

    def _learn(self, X: pd.DataFrame) -> None:
        pass

    def _compute(self, X: pd.DataFrame) -> dict[str, Any]:
        raise NotImplementedError


class PrepareColumns(TransformerMixin, BaseEstimator):
    """Base of the preparation steps that turn columns into other columns, one by one.

    ``names_out_`` holds the names of the result after fit.
    """

    names_out_: list[str]

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Names of the columns that transform gives."""
        return np.array(self.names_out_, dtype=object)


class ChangeValues(TransformerMixin, BaseEstimator):
    """Base of the preparation steps that give each column back with other values, under its own name.

    ``names_in_`` holds the names after fit; positions where the input had none.
    """

    names_in_: list[str]

    def _remember_names(self, X: Any) -> None:
        self.names_in_ = [str(name) for name in getattr(X, "columns", range(np.shape(X)[1]))]

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """The names that came in: those given, as in a chain of steps, else those of fit."""
        return np.array(self.names_in_ if input_features is None else list(input_features), dtype=object)
