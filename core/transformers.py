"""Foldline's own scikit-learn transformers, in one file that stands alone.

A bundle ships this file as ``foldline_transformers.py`` and an exported script carries the classes it
needs, so nothing here may import the rest of Foldline. Tables are pandas frames with three physical
types: float64 numbers, ``str`` texts with NaN for missing, and datetime64[us] without a zone.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin, TransformerMixin
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.feature_selection import mutual_info_classif, mutual_info_regression
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import PolynomialFeatures

MODULE = "foldline_transformers"
sys.modules.setdefault(MODULE, sys.modules[__name__])

DAY = 86_400.0


def as_number(values: pd.Series, decimal: str = ".") -> pd.Series:
    """Any column as float64; what is not a finite number becomes NaN.

    Args:
        values: numbers, booleans, texts or a mix, any length.
        decimal: the decimal mark of texts.
    """
    if not pd.api.types.is_numeric_dtype(values.dtype):
        text = values.astype("str").str.strip()
        if decimal != ".":
            text = text.str.replace(decimal, ".", regex=False)
        values = pd.to_numeric(text.replace({"True": "1", "False": "0"}), errors="coerce")
    numbers = values.astype("float64")
    return numbers.where(np.isfinite(numbers))


def _text_of(value: Any) -> str | float:
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return np.nan
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return str(int(value))  # as a float it would lose digits beyond 2**53
    if isinstance(value, float | np.number):
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < 2**63 else repr(number)
    return str(value).strip()


def as_text(values: pd.Series) -> pd.Series:
    """Any column as trimmed text; whole numbers lose their ``.0`` so that 1, 1.0 and "1" are one level."""
    if pd.api.types.is_string_dtype(values.dtype) and values.dtype != object:
        text = values.astype("str").str.strip()
    elif pd.api.types.is_datetime64_any_dtype(values.dtype):
        text = values.dt.strftime("%Y-%m-%dT%H:%M:%S").astype("str")
    else:
        codes, uniques = pd.factorize(values.astype(object), use_na_sentinel=True)
        texts = np.array([_text_of(u) for u in uniques] + [np.nan], dtype=object)
        text = pd.Series(texts[codes], index=values.index, name=values.name, dtype="str")
    return text.where(text != "")


def as_datetime(values: pd.Series, format: str = "") -> pd.Series:
    """Any column as datetime64[us] without a zone (zoned times become UTC); the rest becomes NaT.

    Args:
        format: strptime format of texts; empty means ISO 8601. A date in ISO 8601 is read beside any format.
    """
    if pd.api.types.is_numeric_dtype(values.dtype):
        return pd.Series(pd.NaT, index=values.index, name=values.name, dtype="datetime64[us]")
    if not pd.api.types.is_datetime64_any_dtype(values.dtype):
        text = values.astype("str").str.strip()
        values = pd.to_datetime(text, format=format or "ISO8601", errors="coerce", utc=True)
        if format and values.isna().any():
            iso = values.isna() & text.str.match(r"\d{4}-\d{2}-\d{2}")
            values = values.mask(iso, pd.to_datetime(text[iso], format="ISO8601", errors="coerce", utc=True))
    if getattr(values.dt, "tz", None) is not None:
        values = values.dt.tz_convert("UTC").dt.tz_localize(None)
    return values.astype("datetime64[us]")


def without(
    values: pd.Series, words: Sequence[str], own: Sequence[str], decimal: str = ".", format: str = ""
) -> pd.Series:
    """The column with the cells gone that mean "no value".

    Args:
        words: texts that do in a column of texts, ``own`` among them.
        own: texts that do in this column; in a column of numbers or times what they stand for.
        decimal: decimal mark of the words.
        format: strptime format of the words, which may be ISO 8601 as well.
    """
    numbers = pd.api.types.is_numeric_dtype(values.dtype)
    times = pd.api.types.is_datetime64_any_dtype(values.dtype)
    if (numbers or times) and not own:
        return values
    written = pd.Series(list(own), dtype="str")
    if numbers:
        known = as_number(written, decimal).dropna()
    elif times:
        known = pd.concat([as_datetime(written), as_datetime(written, format)]).dropna()
    else:
        values = values if values.dtype == object else values.astype("str").str.strip()
        known = pd.Series([word for word in words if word != ""], dtype="str")
    gone = values.isin(list(known))
    return values.mask(gone) if gone.any() else values


def as_order(
    values: pd.Series, kind: str, format: str = "", decimal: str = ".", own: Sequence[str] = ()
) -> pd.Series:
    """A typed column as that by which its rows are ordered: texts of times and of numbers become these.

    Args:
        kind: ``datetime``, ``numeric`` or another.
        format, decimal: how times and numbers are written as text.
        own: texts that mean "no value" in this column.
    """
    known = without(values, own, own, decimal, format)
    if not pd.api.types.is_string_dtype(values.dtype) or kind not in ("datetime", "numeric"):
        return known
    return as_datetime(known, format) if kind == "datetime" else as_number(known, decimal)


def in_order(values: pd.Series, groups: np.ndarray | None = None) -> np.ndarray:
    """Positions of the rows in ascending order, those without a value first.

    Args:
        groups: (n,) group of each row; a group stays together, at the place of its first row with a value.
    """
    first = places_in_time(values, groups)
    if groups is None:
        return np.argsort(first, kind="stable")
    return np.lexsort((places_in_time(values), groups, first))


def places_in_time(values: pd.Series, groups: np.ndarray | None = None) -> np.ndarray:
    """(n,) the place of each row's time among the distinct ones, -1 without a time.

    Args:
        groups: (n,) group of each row; all rows of a group have the place of its first row with a time.
    """
    codes = pd.factorize(values, sort=True)[0]
    if groups is None:
        return codes
    known = pd.Series(codes).where(codes >= 0)
    return known.groupby(groups).transform("min").fillna(-1).to_numpy()


def cut_in_time(places: np.ndarray, share: float) -> int:
    """How many rows come before the last share of them, without a cut through rows of one place.

    Args:
        places: (n,) in ascending order.

    Returns:
        The change of place that is nearest to the share, the earlier of two; 0 when there is none.
    """
    edges = np.flatnonzero(np.diff(places)) + 1
    wanted = len(places) - round(share * len(places))
    return int(edges[np.argmin(np.abs(edges - wanted))]) if len(edges) else 0


def as_groups(values: pd.Series, own: Sequence[str] = ()) -> np.ndarray:
    """The group of each row as text; the rows without one form the group ``""``.

    Args:
        own: texts that mean "no value" in this column.
    """
    return as_text(without(values, own, own)).fillna("").to_numpy(dtype=object)


class ReadColumns(TransformerMixin, BaseEstimator):
    """Take the input columns out of a raw table and give each its physical type.

    Accepts the typed table of the app and the all-text table of a script alike, and gives the same frame.

    Args:
        numeric, text: names of the columns read as numbers and as texts.
        dates: (name, strptime format) of the columns read as datetimes.
        missing: texts that mean "no value" in every column.
        also_missing: (name, texts) that mean "no value" in one column.
        decimal: decimal mark of numbers written as text.
    """

    def __init__(
        self,
        numeric: Sequence[str] = (),
        text: Sequence[str] = (),
        dates: Sequence[tuple[str, str]] = (),
        missing: Sequence[str] = (),
        also_missing: Sequence[tuple[str, Sequence[str]]] = (),
        decimal: str = ".",
    ) -> None:
        self.numeric = numeric
        self.text = text
        self.dates = dates
        self.missing = missing
        self.also_missing = also_missing
        self.decimal = decimal

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
        numeric = set(self.numeric)
        out = self._ready(X)
        for name in names:
            if name in out:
                continue
            own = extra.get(name, ())
            column = without(X[name], (*self.missing, *own), own, self.decimal, formats.get(name, ""))
            if name in formats:
                out[name] = as_datetime(column, formats[name])
            else:
                out[name] = as_number(column, self.decimal) if name in numeric else as_text(column)
        return pd.DataFrame(out, index=X.index, columns=names)

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
        known = X[self.columns[0]].dropna().to_numpy()
        if not len(known):
            known = np.zeros(1)
        shares = np.linspace(0, 1, self.bins + 1)[1:-1]
        spread = known.min() + shares * (known.max() - known.min())
        self.edges_ = np.unique(np.quantile(known, shares) if self.strategy == "quantile" else spread)

    def _compute(self, X: pd.DataFrame) -> dict[str, Any]:
        name = self.columns[0]
        edges = apart(self.edges_)
        labels = np.array(
            [f"{low} to {high}" for low, high in zip(["low", *edges], [*edges, "high"], strict=True)]
        )
        place = np.searchsorted(self.edges_, X[name].to_numpy(), side="right")
        cut = pd.Series(labels[np.minimum(place, len(labels) - 1)], index=X.index, dtype="str")
        return {f"{name} bin": cut.where(X[name].notna())}


PARTS = {"year": 0, "quarter": 4, "month": 12, "day": 31, "weekday": 7, "hour": 24, "dayofyear": 366}
FOUND_AS = {"weekday": "day_of_week", "dayofyear": "day_of_year"}


def date_parts(values: pd.Series, parts: Sequence[str], cycles: bool) -> dict[str, pd.Series]:
    """Calendar parts of a datetime column as float columns, with sine and cosine of those that come round."""
    out: dict[str, pd.Series] = {}
    for part in parts:
        number = getattr(values.dt, FOUND_AS.get(part, part)).astype("float64")
        out[f"{values.name} {part}"] = number
        if cycles and PARTS[part]:
            angle = 2 * np.pi * number / PARTS[part]
            out[f"{values.name} {part} sin"] = np.sin(angle)
            out[f"{values.name} {part} cos"] = np.cos(angle)
    return out


class DateFeatures(AddColumns):
    """Calendar parts of a datetime column, and their cycles.

    Args:
        columns: one name.
        parts: names out of PARTS, separated by spaces.
        cycles: add sine and cosine, so that December is near January.
    """

    def __init__(
        self, columns: Sequence[str], parts: str = "year month weekday", cycles: bool = True
    ) -> None:
        self.columns = columns
        self.parts = parts
        self.cycles = cycles

    def _compute(self, X: pd.DataFrame) -> dict[str, Any]:
        return date_parts(X[self.columns[0]], self.parts.split(), self.cycles)


class Elapsed(AddColumns):
    """Days from the second date to the first, or from the earliest training date when there is one column."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = columns

    def _learn(self, X: pd.DataFrame) -> None:
        earliest = X[self.columns[0]].min()
        self.origin_ = "1970-01-01" if pd.isna(earliest) else earliest.isoformat()

    def _compute(self, X: pd.DataFrame) -> dict[str, Any]:
        later = X[self.columns[0]]
        two = len(self.columns) > 1
        start = X[self.columns[1]] if two else pd.Timestamp(self.origin_)
        name = f"{self.columns[0]} days" if not two else f"{self.columns[0]} - {self.columns[1]} days"
        return {name: (later - start).dt.total_seconds() / DAY}


def topic_model(
    texts: pd.Series, components: int, seed: int
) -> tuple[TfidfVectorizer | None, TruncatedSVD | None]:
    """TF-IDF of words and word pairs with its leading directions; None where no word is left."""
    words = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=2, max_features=20_000)
    known = texts.fillna("").astype(object).to_numpy()
    try:
        weights = words.fit_transform(known)
    except ValueError:  # scikit-learn's way to say that the vocabulary is empty
        return None, None
    words.vocabulary_ = {word: int(place) for word, place in words.vocabulary_.items()}
    count = min(components, weights.shape[1] - 1)
    if count < 1:
        return words, None
    return words, TruncatedSVD(count, random_state=seed).fit(weights)


def topic_values(texts: pd.Series, words: Any, directions: Any) -> np.ndarray:
    """Positions of texts in the directions of ``topic_model``: float64, rows x components."""
    if words is None:
        return np.zeros((len(texts), 0))
    weights = words.transform(texts.fillna("").astype(object).to_numpy())
    return np.asarray(weights.todense()) if directions is None else directions.transform(weights)


class TextFeatures(AddColumns):
    """Free text as a few numbers: TF-IDF, then truncated SVD (latent semantic analysis).

    Args:
        columns: one name.
        components: number of new columns at most.
        random_state: of the SVD.
    """

    def __init__(self, columns: Sequence[str], components: int = 20, random_state: int = 0) -> None:
        self.columns = columns
        self.components = components
        self.random_state = random_state

    def _learn(self, X: pd.DataFrame) -> None:
        self.words_, self.directions_ = topic_model(X[self.columns[0]], self.components, self.random_state)

    def _compute(self, X: pd.DataFrame) -> dict[str, Any]:
        name = self.columns[0]
        values = topic_values(X[name], self.words_, self.directions_)
        return {f"{name} topic {i + 1}": values[:, i] for i in range(values.shape[1])}


class GroupStatistic(AddColumns):
    """A statistic of a numeric column within each level of another, learned from the training rows.

    Args:
        columns: the column that groups, then the numeric one.
        statistic: ``mean``, ``median``, ``std``, ``min`` or ``max``; unseen levels get that of all rows.
    """

    def __init__(self, columns: Sequence[str], statistic: str = "mean") -> None:
        self.columns = columns
        self.statistic = statistic

    def _learn(self, X: pd.DataFrame) -> None:
        by, value = self.columns
        table = X[value].groupby(as_text(X[by])).agg(self.statistic)
        self.levels_ = [str(level) for level in table.index]
        self.values_ = table.to_numpy(dtype="float64")
        self.overall_ = float(X[value].agg(self.statistic))

    def _compute(self, X: pd.DataFrame) -> dict[str, Any]:
        by, value = self.columns
        found = as_text(X[by]).map(dict(zip(self.levels_, self.values_, strict=True))).astype("float64")
        return {f"{value} {self.statistic} by {by}": found.fillna(self.overall_)}


class Frequency(AddColumns):
    """Share of the same level among the training rows with a value; 0 for unseen levels and for no value."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = columns

    def _learn(self, X: pd.DataFrame) -> None:
        shares = X[self.columns[0]].value_counts(normalize=True)
        self.levels_ = [str(level) for level in shares.index]
        self.shares_ = shares.to_numpy(dtype="float64")

    def _compute(self, X: pd.DataFrame) -> dict[str, Any]:
        name = self.columns[0]
        found = X[name].map(dict(zip(self.levels_, self.shares_, strict=True))).astype("float64")
        return {f"{name} share": found.fillna(0.0)}


class MissingFlag(AddColumns):
    """1 where a value is missing, else 0, for each of the columns."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = columns

    def _compute(self, X: pd.DataFrame) -> dict[str, Any]:
        return {f"{name} missing": X[name].isna().astype("float64") for name in self.columns}


class PrepareColumns(TransformerMixin, BaseEstimator):
    """Base of the preparation steps that turn columns into other columns, one by one.

    ``names_out_`` holds the names of the result after fit.
    """

    names_out_: list[str]

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Names of the columns that transform gives."""
        return np.array(self.names_out_, dtype=object)


class Clip(PrepareColumns):
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
        self.names_out_ = [str(name) for name in getattr(X, "columns", range(values.shape[1]))]
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


class SignedLog(PrepareColumns):
    """log(1 + |x|) with the sign of x: tames long tails and keeps zero and order."""

    def fit(self, X: Any, y: Any = None) -> SignedLog:
        """Remember the names; nothing is learned."""
        self.names_out_ = [str(name) for name in getattr(X, "columns", range(np.shape(X)[1]))]
        return self

    def transform(self, X: Any) -> np.ndarray:
        """The transformed values."""
        values = np.asarray(X, dtype="float64")
        return np.sign(values) * np.log1p(np.abs(values))


class DateParts(PrepareColumns):
    """Datetime columns as calendar parts, cycles and days since the earliest training date.

    Args:
        parts: names out of PARTS, separated by spaces.
        cycles: add sine and cosine of parts that come round.
        elapsed: add days since the earliest training date.
    """

    def __init__(
        self, parts: str = "year month day weekday hour", cycles: bool = True, elapsed: bool = True
    ) -> None:
        self.parts = parts
        self.cycles = cycles
        self.elapsed = elapsed

    def fit(self, X: pd.DataFrame, y: Any = None) -> DateParts:
        """Learn the earliest date of each column."""
        earliest = [X[name].min() for name in X.columns]
        self.origins_ = ["1970-01-01" if pd.isna(date) else date.isoformat() for date in earliest]
        self.names_out_ = list(self._frame(X.iloc[:1]))
        return self

    def _frame(self, X: pd.DataFrame) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for name, origin in zip(X.columns, self.origins_, strict=True):
            out.update(date_parts(X[name], self.parts.split(), self.cycles))
            if self.elapsed:
                out[f"{name} days"] = (X[name] - pd.Timestamp(origin)).dt.total_seconds() / DAY
        return out

    def transform(self, X: pd.DataFrame) -> np.ndarray:
        """float64, rows x parts."""
        return np.column_stack([np.asarray(column, dtype="float64") for column in self._frame(X).values()])


class TextTopics(PrepareColumns):
    """Text columns as leading directions of their TF-IDF weights (latent semantic analysis).

    Args:
        components: new columns for each text column at most.
        random_state: of the SVD.
    """

    def __init__(self, components: int = 20, random_state: int = 0) -> None:
        self.components = components
        self.random_state = random_state

    def fit(self, X: pd.DataFrame, y: Any = None) -> TextTopics:
        """Learn words and directions of each column."""
        self.models_ = [topic_model(X[name], self.components, self.random_state) for name in X.columns]
        self.names_out_ = []
        for name, (words, directions) in zip(X.columns, self.models_, strict=True):
            count = topic_values(X[name].iloc[:1], words, directions).shape[1]
            self.names_out_ += [f"{name} topic {i + 1}" for i in range(count)]
        return self

    def transform(self, X: pd.DataFrame) -> np.ndarray:
        """float64, rows x components."""
        columns = zip(X.columns, self.models_, strict=True)
        return np.hstack([topic_values(X[name], words, directions) for name, (words, directions) in columns])


class LevelShare(PrepareColumns):
    """Each level replaced by its share of the training rows; 0 for unseen levels, missing is a level."""

    def fit(self, X: pd.DataFrame, y: Any = None) -> LevelShare:
        """Learn the shares of each column."""
        self.names_out_ = [str(name) for name in X.columns]
        counts = [X[name].fillna("").value_counts(normalize=True) for name in X.columns]
        self.levels_ = [[str(level) for level in count.index] for count in counts]
        self.shares_ = [count.to_numpy(dtype="float64") for count in counts]
        return self

    def transform(self, X: pd.DataFrame) -> np.ndarray:
        """float64, rows x columns."""
        tables = [dict(zip(*pair, strict=True)) for pair in zip(self.levels_, self.shares_, strict=True)]
        columns = [
            X[name].fillna("").map(table).astype("float64")
            for name, table in zip(X.columns, tables, strict=True)
        ]
        return np.column_stack([column.fillna(0.0) for column in columns])


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


for _class in [c for c in list(globals().values()) if isinstance(c, type) and c.__module__ == __name__]:
    _class.__module__ = MODULE
