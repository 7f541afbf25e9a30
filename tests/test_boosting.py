"""Boosted trees on what real folds hold: a column without a value, one class, a class of one row."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from core.standalone.transformers import (
    HistogramClassifier,
    HistogramRegressor,
    LightGBMClassifier,
)

PAIRS = {
    HistogramRegressor: HistGradientBoostingRegressor,
    HistogramClassifier: HistGradientBoostingClassifier,
}
SETTINGS = {"max_iter": 8, "random_state": 0}


def table(rows: int, sparse: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Three columns, the last with so many values, and a target that the first decides."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(rows, 3))
    X[rng.permutation(rows)[sparse:], 2] = np.nan
    return X, (X[:, 0] > 0).astype(float)


@pytest.mark.parametrize("own", PAIRS)
@pytest.mark.parametrize("early", [True, False])
@settings(deadline=None, max_examples=10)
@given(sparse=st.integers(0, 30), seed=st.integers(0, 99))
def test_a_column_with_few_or_no_values_is_taken(own: type, early: bool, sparse: int, seed: int) -> None:
    X, y = table(120, sparse, seed)
    model = own(early_stopping=early, **SETTINGS).fit(X, y)
    assert np.isfinite(model.predict(X)).all()
    X[:, 2] = 7.0  # values that come later say nothing
    assert np.isfinite(model.predict(X)).all()


@pytest.mark.parametrize("own", PAIRS)
@settings(deadline=None, max_examples=10)
@given(sparse=st.integers(25, 120), seed=st.integers(0, 99))
def test_where_scikit_learn_can_fit_the_trees_are_the_same(own: type, sparse: int, seed: int) -> None:
    X, y = table(120, sparse, seed)
    own_says = own(**SETTINGS).fit(X, y).predict(X)
    assert np.array_equal(own_says, PAIRS[own](**SETTINGS).fit(X, y).predict(X))


def test_an_empty_column_of_categories_is_taken() -> None:
    X, y = table(100, 0, 1)
    X[:, 1] = np.arange(100) % 4
    model = HistogramClassifier(categorical_features=[1, 2], **SETTINGS).fit(X, y)
    assert model.score(X, y) > 0.9


def test_lightgbm_says_in_words_that_there_is_one_class() -> None:
    X, _ = table(50, 50, 0)
    with pytest.raises(ValueError, match="all training rows are of the class 'no'"):
        LightGBMClassifier(n_estimators=5).fit(X, np.array(["no"] * 50))


@settings(deadline=None, max_examples=25)
@given(
    sizes=st.lists(st.integers(1, 12), min_size=2, max_size=6).filter(lambda sizes: sum(sizes) >= 12),
    seed=st.integers(0, 99),
)
def test_lightgbm_learns_every_class_however_small(sizes: list[int], seed: int) -> None:
    y = np.repeat([f"class {i}" for i in range(len(sizes))], sizes)
    X = np.random.default_rng(seed).normal(size=(len(y), 2))
    model = LightGBMClassifier(n_estimators=5, min_child_samples=2, random_state=seed).fit(X, y)
    shares = model.predict_proba(X)
    assert list(model.classes_) == sorted(set(y))
    assert list(model.model_.classes_) == list(range(len(sizes)))
    assert np.allclose(shares.sum(axis=1), 1)
