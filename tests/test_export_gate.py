"""Model files of others: good ones load, hostile and damaged ones are refused, and nothing is run."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io
from sklearn.base import BaseEstimator
from sklearn.datasets import make_classification
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

import core.standalone.transformers
from core.errors import FoldlineError
from core.export.model_file.boosters import check_booster
from core.export.model_file.gate import array_shape, check_model
from core.export.model_file.skops_file import dumps
from core.standalone.allowed import OWN, TRUSTED
from core.standalone.transformers import LightGBMClassifier
from tests.conftest import shared

X, Y = make_classification(120, 6, random_state=0)
ROOT = Path(__file__).parents[1]
GAUNTLET = """
import json, resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (3 * 2**30, 3 * 2**30))
from core.errors import FoldlineError
from core.export.model_file.gate import check_model
out = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        out[path.name] = type(check_model(path.read_bytes())).__name__
    except FoldlineError as error:
        out[path.name] = error.code
print(json.dumps(out))
"""


def test_gauntlet(tmp_path: Path) -> None:
    folder = shared("badinputs/models")
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{GAUNTLET}", str(folder)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    outcomes = json.loads(done.stdout)
    good = {name for name, outcome in outcomes.items() if outcome != "MODEL"}
    assert good == {"good_logreg.skops", "good_tree.skops"}
    assert len(outcomes) == len(list(folder.iterdir()))
    assert not list(tmp_path.iterdir()), "a payload ran"
    assert not list(folder.glob("*PWNED*"))


def refused(data: bytes) -> str:
    with pytest.raises(FoldlineError) as caught:
        check_model(data)
    assert caught.value.code == "MODEL"
    return caught.value.problem


def test_own_transformers_are_all_on_the_list() -> None:
    classes = [
        c
        for c in vars(core.standalone.transformers).values()
        if isinstance(c, type) and issubclass(c, BaseEstimator)
    ]
    ours = {f"{c.__module__}.{c.__name__}" for c in classes if c.__module__ == "foldline_transformers"}
    bases = {
        f"foldline_transformers.{name}"
        for name in ("AddColumns", "ChangeValues", "PrepareColumns", "LightGBM")
    }
    assert ours - bases == set(OWN)


@pytest.mark.parametrize(
    "name", ["os.system", "builtins.eval", "operator.call", "sklearn.neighbors._kd_tree.KDTree"]
)
def test_list_is_closed(name: str) -> None:
    assert name not in TRUSTED


def test_threads_are_taken_away() -> None:
    model = check_model(dumps(RandomForestClassifier(3, n_jobs=7, random_state=0).fit(X, Y)))
    assert model.n_jobs is None
    assert model.estimators_[0].tree_.node_count > 1


@pytest.mark.parametrize(
    ("model", "word"),
    [
        (Pipeline([("a", LogisticRegression())], memory="/tmp/x"), "memory"),
        (TfidfVectorizer(input="filename"), "input"),
        (TfidfVectorizer(token_pattern="(a+)+$"), "token_pattern"),
        (Pipeline([("a", Pipeline([("b", TfidfVectorizer(input="file"))]))]), "input"),
        (KNeighborsClassifier(algorithm="brute", metric="cosine").fit(X, Y), "rows"),
    ],
)
def test_settings_that_reach_outside_are_refused(model: Any, word: str) -> None:
    assert word in refused(dumps(model))


def test_function_outside_the_list_is_refused() -> None:
    from sklearn.preprocessing import FunctionTransformer

    assert "numpy.savetxt" in refused(dumps(FunctionTransformer(np.savetxt)))


def tree_model() -> DecisionTreeClassifier:
    return DecisionTreeClassifier(max_depth=4, random_state=0).fit(X, Y)


def with_tree(change: Callable[[Any], None]) -> bytes:
    """A tree whose stored nodes were changed."""
    return edited(dumps(tree_model()), lambda array: array.dtype.names is not None, change)


def edited(data: bytes, choose: Callable[[Any], bool], change: Callable[[Any], None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, part in parts.items():
        if name.endswith(".npy"):
            array = np.load(io.BytesIO(part))
            if choose(array):
                change(array)
                buffer = io.BytesIO()
                np.save(buffer, array)
                parts[name] = buffer.getvalue()
    return packed(parts)


def packed(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def put(field: str, value: int) -> Callable[[Any], None]:
    def change(nodes: Any) -> None:
        nodes[field][0] = value

    return change


@pytest.mark.parametrize(
    ("field", "value"),
    [("left_child", 0), ("right_child", 10**8), ("left_child", -7), ("feature", 6), ("feature", -3)],
)
def test_damaged_tree_is_refused(field: str, value: int) -> None:
    assert "tree" in refused(with_tree(put(field, value)))


@pytest.mark.parametrize(
    ("field", "value"), [("left", 0), ("right", 10**8), ("feature_idx", 77), ("is_categorical", 1)]
)
def test_damaged_boosting_is_refused(field: str, value: int) -> None:
    model = HistGradientBoostingClassifier(max_iter=2).fit(X, Y)
    data = edited(dumps(model), lambda array: array.dtype.names is not None, put(field, value))
    assert "tree" in refused(data)


def test_bare_tree_is_refused() -> None:
    class_ = Pipeline([("model", tree_model().tree_)])
    assert "belongs to no model" in refused(dumps(class_))


def test_tree_with_other_columns_than_its_owner_is_refused() -> None:
    model = tree_model()
    model.n_features_in_ = 3
    assert "size" in refused(dumps(model))


def test_neighbour_without_class_is_refused() -> None:
    model = KNeighborsClassifier(algorithm="brute").fit(X, Y)
    model._y = model._y + 10**6
    assert "class" in refused(dumps(model))


def test_support_vectors_that_do_not_fit_are_refused() -> None:
    model = SVC().fit(X, Y)
    model._n_support = np.array([10**6, 10**6], dtype="int32")
    assert "support vectors" in refused(dumps(model))


def schema_of(data: bytes) -> tuple[dict[str, bytes], Any]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return parts, json.loads(parts["schema.json"])


def test_two_parts_of_one_number_are_refused() -> None:
    parts, schema = schema_of(dumps(LogisticRegression().fit(X, Y)))
    nodes = list(schema["content"]["content"].values())
    nodes[1]["__id__"] = nodes[0]["__id__"]
    parts["schema.json"] = json.dumps(schema).encode()
    assert "one number" in refused(packed(parts))


def test_doubled_member_is_refused() -> None:
    buffer = io.BytesIO(dumps(LogisticRegression().fit(X, Y)))
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("schema.json", b"{}")
    assert "one name" in refused(buffer.getvalue())


@pytest.mark.parametrize("protocol", [0, 1, 3, True, "2", None])
def test_other_protocols_are_refused(protocol: Any) -> None:
    parts, schema = schema_of(dumps(LogisticRegression().fit(X, Y)))
    parts["schema.json"] = json.dumps({**schema, "protocol": protocol}).encode()
    refused(packed(parts))


def test_nested_schema_is_refused_not_overflown() -> None:
    refused(packed({"schema.json": b"[" * 200_000 + b"]" * 200_000}))


def test_array_header_must_agree_with_its_size() -> None:
    buffer = io.BytesIO()
    np.save(buffer, np.zeros((2, 3)))
    assert array_shape(buffer.getvalue()) == (2, 3)
    for data in (buffer.getvalue() + b"x", buffer.getvalue()[:-1]):
        with pytest.raises(FoldlineError):
            array_shape(data)


def test_unreadable_array_header_is_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(dumps(tree_model()))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name in [name for name in parts if name.endswith(".npy")]:
        for text in (b"(" * 20, b"'" * 7, b"\xff" * 9):
            refused(packed({**parts, name: parts[name][:30] + text + parts[name][30 + len(text) :]}))


def booster_text() -> str:
    level = np.arange(120) % 3
    model = LightGBMClassifier(n_estimators=3, categorical=[0], min_child_samples=2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(np.column_stack([level, X[:, 0]]), (level == 1) ^ (X[:, 0] > 1))
    return str(model.model_.booster_.model_to_string())


def test_booster_passes() -> None:
    check_booster(booster_text())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("left_child", "0"),
        ("left_child", "99"),
        ("right_child", "-99"),
        ("split_feature", "2"),
        ("split_feature", "-1"),
        ("num_leaves", "999"),
        ("cat_boundaries", "0 99"),
        ("tree_sizes", "99999999"),
        ("num_class", "7"),
        ("objective", "lambdarank"),
        ("num_leaves", "x"),
    ],
)
def test_damaged_booster_is_refused(key: str, value: str) -> None:
    lines = booster_text().splitlines(keepends=True)
    place = next(i for i, line in enumerate(lines) if line.startswith(f"{key}="))
    old = lines[place].split("=", 1)[1].rstrip("\n")
    new = " ".join([value, *old.split()[1:]]) if " " in old and " " not in value else value
    # The announced size of the tree grows along, so that only the value itself is at fault.
    lines[place] = f"{key}={new}\n"
    sizes = next(i for i, line in enumerate(lines) if line.startswith("tree_sizes="))
    if key not in ("tree_sizes", "num_class", "objective"):
        first, *others = lines[sizes].removeprefix("tree_sizes=").split()
        lines[sizes] = f"tree_sizes={' '.join([str(int(first) + len(new) - len(old)), *others])}\n"
    with pytest.raises(FoldlineError) as caught:
        check_booster("".join(lines))
    assert caught.value.code == "MODEL"


def test_equal_models_give_equal_bytes() -> None:
    model = LogisticRegression().fit(X, Y)
    data = dumps(model)
    assert data == dumps(model)
    assert len(data) < len(skops.io.dumps(model))
    assert str(id(model)).encode() not in data


def test_single_bit_flips_are_noticed() -> None:
    data = dumps(tree_model())
    expected = tree_model().predict_proba(X)
    rng = np.random.default_rng(0)
    for _ in range(150):
        flipped = bytearray(data)
        flipped[rng.integers(len(data))] ^= 1 << int(rng.integers(8))
        try:
            model = check_model(bytes(flipped))
        except FoldlineError as error:
            assert error.code == "MODEL"
            continue
        assert np.array_equal(model.predict_proba(X), expected)
