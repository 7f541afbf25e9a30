"""Free text as numbers: TF-IDF and its leading directions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from .base import AddColumns, PrepareColumns


def topic_model(
    texts: pd.Series, components: int, seed: int
) -> tuple[TfidfVectorizer | None, TruncatedSVD | None]:
    """TF-IDF of words and word pairs with its leading directions; None where no word is left."""
    words = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=2, max_features=20_000)
    documents = texts.fillna("").astype(object).to_numpy()
    try:
        weights = words.fit_transform(documents)
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
