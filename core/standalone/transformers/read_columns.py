"""The first step of every pipeline: typed columns out of a raw table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from ..cells import as_datetime, as_number, as_text, with_joined, without


class ReadColumns(TransformerMixin, BaseEstimator):
    """Take the input columns out of a raw table and give each its physical type.

    Accepts the typed table of the app and the all-text table of a script alike, and gives the same frame.

    Args:
        numeric, text: names of the columns read as numbers and as texts.
        dates: (name, strptime format) of the columns read as datetimes.
        missing: texts that mean "no value" in every column.
        also_missing: (name, texts) that mean "no value" in one column.
        decimal: decimal mark of numbers written as text.
        joined: (name, {level: the level that it is another spelling of}) of columns of texts.
        marks: (name, mark of thousands and decimal mark) of numbers that are written with both, as in
            ``without_marks``.
    """

    def __init__(
        self,
        numeric: Sequence[str] = (),
        text: Sequence[str] = (),
        dates: Sequence[tuple[str, str]] = (),
        missing: Sequence[str] = (),
        also_missing: Sequence[tuple[str, Sequence[str]]] = (),
        decimal: str = ".",
        joined: Sequence[tuple[str, Mapping[str, str]]] = (),
        marks: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.numeric = numeric
        self.text = text
        self.dates = dates
        self.missing = missing
        self.also_missing = also_missing
        self.decimal = decimal
        self.joined = joined
        self.marks = marks

    def fit(self, X: pd.DataFrame, y: Any = None) -> ReadColumns:
        """Check that the columns are there; nothing is learned."""
        self._names(X)
        self.n_features_in_ = X.shape[1]
        return self

    def _names(self, X: pd.DataFrame) -> list[str]:
        names = [*self.numeric, *self.text, *(name for name, _ in self.dates)]
        absent = [name for name in names if name not in X.columns]
        if absent:
            raise ValueError(f"The table lacks the columns {absent}.")
        return names

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """The typed input columns, in the order numeric, text, dates."""
        names = self._names(X)
        extra = {name: tuple(words) for name, words in self.also_missing}
        formats = dict(self.dates)
        numeric, joined = set(self.numeric), dict(self._joined())
        marks = dict(getattr(self, "marks", ()))  # models of earlier versions have none
        out = self._ready(X)
        for name in names:
            if name in out:
                continue
            own = extra.get(name, ())
            column = without(X[name], (*self.missing, *own), own, self.decimal, formats.get(name, ""))
            if name in formats:
                out[name] = as_datetime(column, formats[name])
            else:
                out[name] = (
                    as_number(column, self.decimal, marks.get(name, ""))
                    if name in numeric
                    else with_joined(as_text(column), joined.get(name, {}))
                )
        return pd.DataFrame(out, index=X.index, columns=names)

    def _joined(self) -> Sequence[tuple[str, Mapping[str, str]]]:
        """The spellings that are joined; models of earlier versions have none."""
        return getattr(self, "joined", ())

    def _ready(self, X: pd.DataFrame) -> dict[str, Any]:
        """The columns that are numbers already, all at once: one by one they take long in a wide table."""
        types = dict(zip(X.columns, X.dtypes, strict=True))
        special = {name for name, _ in self.also_missing}
        names = [name for name in self.numeric if types[name] == np.float64 and name not in special]
        values = X[names].to_numpy(dtype=np.float64)
        return dict(zip(names, np.where(np.isfinite(values), values, np.nan).T, strict=True))

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Names of the columns that transform gives."""
        return np.array([*self.numeric, *self.text, *(name for name, _ in self.dates)], dtype=object)
