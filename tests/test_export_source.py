"""An estimator as code: the code gives the same estimator back."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.feature_selection import SelectKBest, mutual_info_classif
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import FixedThresholdClassifier
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    KBinsDiscretizer,
    OneHotEncoder,
    OrdinalEncoder,
    StandardScaler,
)

import core.standalone.transformers
from core.build import build
from core.catalog.models import MODELS
from core.data.table import Table
from core.errors import FoldlineError
from core.export.code.inline import inline
from core.export.code.source import same, to_source
from core.export.code.standalone import one_piece
from core.standalone.transformers import Clip, ReadColumns, TextTopics
from tests.export_support import recipe_for, stored

STEPS = [
    OneHotEncoder(handle_unknown="ignore", dtype=np.float32, categories=[["a", "b'c"], ['d"e', "f\ng"]]),
    OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan),
    KBinsDiscretizer(n_bins=np.array([2, 3]), encode="ordinal"),
    SelectKBest(mutual_info_classif, k=3),
    LogisticRegression(class_weight={"yes": np.float64(2.0), "no": 1}, C=1e-300),
    Ridge(alpha=float("inf"), random_state=np.int64(3)),
    FixedThresholdClassifier(LogisticRegression(), threshold=0.25, pos_label="\u2028 yes"),
    FunctionTransformer(np.log1p),
    ReadColumns(numeric=["a"], dates=[("d", "%d.%m.%Y")], also_missing=[("a", ("-999",))], decimal=","),
    Pipeline(
        [
            (
                "prepare",
                ColumnTransformer(
                    [
                        (
                            "numbers",
                            Pipeline([("clip", Clip(tail=0.05)), ("scale", StandardScaler())]),
                            ["a"] * 40,
                        ),
                        ("rest", "passthrough", slice(1, None)),
                        ("text", TextTopics(components=3), ("t",)),
                    ],
                    transformer_weights={"numbers": 2.0},
                ),
            ),
            ("both", FeatureUnion([("a", "passthrough"), ("b", "drop")])),
        ]
    ),
]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    return stored(tmp_path_factory.mktemp("source"))[1]


def rebuilt(estimator: Any) -> Any:
    source = to_source(estimator)
    space: dict[str, Any] = {name: getattr(core.standalone.transformers, name) for name in source.own}
    exec("\n".join([*sorted(source.imports), f"built = {source.expression}"]), space)
    return space["built"]


def assert_same(estimator: Any, other: Any) -> None:
    left, right = estimator.get_params(deep=True), other.get_params(deep=True)
    assert left.keys() == right.keys()
    for name, value in left.items():
        plain = value.item() if isinstance(value, np.generic) else value
        if isinstance(plain, dict):
            assert plain == right[name]
        elif not hasattr(plain, "get_params") and not isinstance(plain, list | tuple):
            assert same(plain, right[name]), name
        else:
            assert type(plain) is type(right[name]), name


@pytest.mark.parametrize("estimator", STEPS, ids=lambda e: type(e).__name__)
def test_round_trip(estimator: Any) -> None:
    assert_same(estimator, rebuilt(estimator))


@pytest.mark.parametrize("model", MODELS.ids())
def test_round_trip_of_every_model_of_the_catalog(model: str, table: Table) -> None:
    pipeline = build(recipe_for(table, MODELS[model].tasks[0], model, threshold=None))
    again = rebuilt(pipeline)
    assert_same(pipeline, again)
    assert to_source(again) == to_source(pipeline)


def test_only_what_differs_from_the_default_is_written() -> None:
    assert to_source(LogisticRegression(C=2.0)).expression == "LogisticRegression(C=2.0)"
    assert to_source(LogisticRegression()).imports == {"from sklearn.linear_model import LogisticRegression"}


def test_lines_stay_readable() -> None:
    assert max(map(len, to_source(STEPS[-1]).expression.splitlines())) <= 110


@pytest.mark.parametrize("value", [lambda x: x, functools.partial(np.add, 1), object()])
def test_what_has_no_code_is_refused(value: Any) -> None:
    with pytest.raises(FoldlineError) as caught:
        to_source(FunctionTransformer(value))
    assert caught.value.code == "SOURCE"
    assert "func" in caught.value.where


def test_inlined_code_stands_alone() -> None:
    found = inline(one_piece(), {"TextTopics", "LightGBMRegressor"})
    space: dict[str, Any] = {}
    exec("from __future__ import annotations\n" + "\n".join(found.imports) + "\n" + found.code, space)
    assert space["TextTopics"](components=3).components == 3
    assert issubclass(space["LightGBMRegressor"], space["LightGBM"])
    assert "GroupStatistic" not in found.code


def test_inline_refuses_an_unknown_name() -> None:
    with pytest.raises(FoldlineError, match="SOURCE"):
        inline("x = 1", {"Missing"})
