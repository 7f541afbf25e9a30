"""Checking the content of a loaded model: scikit-learn's compiled code indexes into these arrays unchecked.

A damaged or crafted tree makes predict crash or loop for ever (threat T3), and harmless types can be set up
to read files or run code later (T4). Every object of the model is visited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.ensemble._forest import BaseForest
from sklearn.ensemble._hist_gradient_boosting.common import PREDICTOR_RECORD_DTYPE
from sklearn.ensemble._hist_gradient_boosting.predictor import TreePredictor
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.svm import SVC, SVR
from sklearn.tree import BaseDecisionTree
from sklearn.tree._tree import Tree

from core.errors import FoldlineError
from core.export.model_file.boosters import refuse

TOKEN = r"(?u)\b\w\w+\b"
FIXED: dict[str, tuple[Any, ...]] = {
    "memory": (None,),
    "input": ("content",),
    "token_pattern": (TOKEN,),
    "tokenizer": (None,),
    "preprocessor": (None,),
    "analyzer": ("word",),
}
"""Settings that a stored model may not have any other value of."""
LEAF = -1
BOOSTING = (HistGradientBoostingClassifier, HistGradientBoostingRegressor)


def check_content(model: Any) -> None:
    """See that nothing in a loaded model can crash, hang, or reach outside, and take its threads away.

    Args:
        model: what skops built from allowed types; its ``n_jobs`` settings become None.

    Raises:
        FoldlineError: ``MODEL`` with the name of the setting or the part at fault.
    """
    try:
        parts = list(reachable(model))
        _check_owned(parts)
        for part in parts:
            if isinstance(part, BaseEstimator):
                _check_settings(part)
            for kind, learned, check in CHECKS:
                if isinstance(part, kind) and learned in vars(part):
                    check(part)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise FoldlineError(
            "MODEL", "The model is damaged.", "Use the file as Foldline wrote it.", "model"
        ) from error


def _check_owned(parts: list[Any]) -> None:
    """Bare trees would be used without the checks that their owner's columns make possible."""
    owned = {id(p.tree_) for p in parts if isinstance(p, BaseDecisionTree) and "tree_" in vars(p)}
    boosted = [part for part in parts if isinstance(part, BOOSTING) and "_predictors" in vars(part)]
    owned |= {id(tree) for model in boosted for round_ in model._predictors for tree in round_}
    if any(isinstance(part, Tree | TreePredictor) and id(part) not in owned for part in parts):
        refuse("a tree belongs to no model")


def reachable(root: Any) -> Iterator[Any]:
    """Every object below one, each once: attributes, items of containers and of object arrays."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str | int | float | bool | type(None)) or id(part) in seen:
            continue
        seen.add(id(part))
        yield part
        waiting.extend(_below(part))


def _below(part: Any) -> list[Any]:
    if isinstance(part, dict):
        return list(part.values())
    if isinstance(part, list | tuple | set | frozenset):
        return list(part)
    if isinstance(part, np.ndarray):
        return list(part.ravel()) if part.dtype == object else []
    if isinstance(part, type):
        return []
    return list(getattr(part, "__dict__", {}).values())


def _check_settings(part: BaseEstimator) -> None:
    for name, allowed in FIXED.items():
        if name in vars(part) and vars(part)[name] not in allowed:
            raise FoldlineError(
                "MODEL",
                f"The setting {name} of {type(part).__name__} is {str(vars(part)[name])[:80]!r}.",
                "A stored model may not read files or keep a cache; use the file as Foldline wrote it.",
                name,
            )
    if "n_jobs" in vars(part):
        part.n_jobs = None


def _check_tree(owner: Any) -> None:
    tree = owner.tree_
    if tree.node_count != tree.capacity or tree.node_count < 1 or tree.n_features != owner.n_features_in_:
        refuse("a tree has the wrong size")
    inner = np.flatnonzero(tree.children_left != LEAF)
    _check_children(inner, tree.children_left[inner], tree.children_right[inner], tree.node_count)
    _check_columns(tree.feature[inner], tree.n_features)


def _check_children(inner: Any, left: Any, right: Any, count: int) -> None:
    for child in (left.astype("int64"), right.astype("int64")):
        if not ((child > inner) & (child < count)).all():
            refuse("a tree leads back to itself or out of its nodes")


def _check_columns(columns: Any, count: int) -> None:
    if not ((columns >= 0) & (columns < count)).all():
        refuse("a tree asks for a column that is not there")


def _check_forest(forest: Any) -> None:
    if any(tree.n_features_in_ != forest.n_features_in_ for tree in forest.estimators_):
        refuse("the trees of a forest are about different columns")


def _check_boosting(model: Any) -> None:
    categorical = model._bin_mapper.is_categorical_
    if categorical.dtype.itemsize != 1 or categorical.shape != (model.n_features_in_,):
        refuse("the columns of the model do not fit")
    for round_ in model._predictors:
        for predictor in round_:
            _check_predictor(predictor, categorical.astype(bool))


def _check_predictor(predictor: Any, categorical: Any) -> None:
    nodes, sets = predictor.nodes, predictor.raw_left_cat_bitsets
    if nodes.dtype != PREDICTOR_RECORD_DTYPE or nodes.ndim != 1 or not len(nodes) or sets.shape[1:] != (8,):
        refuse("a tree has the wrong form")
    inner = np.flatnonzero(nodes["is_leaf"] == 0)
    split = nodes[inner]
    _check_children(inner, split["left"], split["right"], len(nodes))
    _check_columns(split["feature_idx"].astype("int64"), len(categorical))
    by_set = split[split["is_categorical"] != 0]
    if not categorical[by_set["feature_idx"]].all() or (by_set["bitset_idx"] >= len(sets)).any():
        refuse("a tree asks for a set of categories that is not there")


def _check_neighbours(model: Any) -> None:
    training, answers = model._fit_X, model._y
    if model.algorithm != "brute" or model._fit_method != "brute" or model._tree is not None:
        raise FoldlineError(
            "MODEL", "The neighbours use a search tree.", "Only algorithm='brute' is stored.", "model"
        )
    if (
        model.metric != "minkowski"
        or training.ndim != 2
        or training.shape != (len(answers), model.n_features_in_)
    ):
        refuse("the stored rows do not fit")
    if isinstance(model, KNeighborsRegressor):
        return
    if answers.dtype.kind not in "iu" or not ((answers >= 0) & (answers < len(model.classes_))).all():
        refuse("a stored row has no class")


def _check_machine(model: Any) -> None:
    vectors, count = model.support_vectors_.shape[0], len(model._n_support)
    weights = model._dual_coef_.data if hasattr(model._dual_coef_, "tocsr") else model._dual_coef_
    pairs = count * (count - 1) // 2
    fits = (
        weights.size == (count - 1) * vectors,
        model._intercept_.size == pairs,
        model._probA.size in (0, 1, pairs) and model._probB.size in (0, pairs),
        model.support_vectors_.shape[1] == model.n_features_in_ == model.shape_fit_[1],
        model.support_.size == vectors,
        isinstance(model, SVR) or (int(model._n_support.sum()) == vectors and len(model.classes_) == count),
        isinstance(model, SVC) or count == 2,
        (model._n_support >= 0).all() and not model._effective_probability,
        model.kernel in ("linear", "poly", "rbf", "sigmoid"),
    )
    if not all(fits):
        refuse("the support vectors do not fit")


def _check_sparse(matrix: Any) -> None:
    matrix.check_format(full_check=True)


def _check_words(model: Any) -> None:
    places = sorted(model.vocabulary_.values())
    if places != list(range(len(places))):
        refuse("the words of a text column are not numbered through")
    if isinstance(model, TfidfVectorizer) and len(model.idf_) != len(places):
        refuse("the weights of the words do not fit")


Kind = type | tuple[type, ...]
CHECKS: tuple[tuple[Kind, str, Callable[[Any], None]], ...] = (
    (BaseDecisionTree, "tree_", _check_tree),
    (BaseForest, "estimators_", _check_forest),
    (BOOSTING, "_predictors", _check_boosting),
    ((KNeighborsClassifier, KNeighborsRegressor), "_fit_X", _check_neighbours),
    ((SVC, SVR), "support_vectors_", _check_machine),
    (csr_matrix, "indices", _check_sparse),
    (CountVectorizer, "vocabulary_", _check_words),
)
"""Type, the attribute without which it cannot predict, and its check."""
