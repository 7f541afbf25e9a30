"""The contract of every catalog entry: it builds, accepts its bounds, survives JSON, fits nasty tables or
says why not, and what it exports gives the same predictions in a fresh process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from benchmarks.tables import work_on
from core.build import build
from core.catalog.checks import CHECKS
from core.catalog.drift_tests import DRIFT_TESTS
from core.catalog.features import FEATURES
from core.catalog.idle import IDLE
from core.catalog.metrics import METRICS
from core.catalog.models import MODELS
from core.catalog.searches import SEARCHES
from core.catalog.selectors import SELECTORS
from core.catalog.steps import STEPS, group_of
from core.data.table import Table
from core.errors import FoldlineError
from core.explain.one_row import OneRow
from core.explain.output import Output, output_of
from core.export.bundle.open import open_bundle
from core.export.bundle.schema import describe
from core.export.bundle.write import write_bundle
from core.export.predict import predict_frame
from core.recipe import edits
from core.recipe.columns import columns_used
from core.recipe.document import Candidate, Recipe, parse
from core.results.bundle import BundleScores
from core.results.one_row import RowAnswer
from core.spec import Feature, Param, Spec
from core.train.fit import fit
from tests.tables import TARGETS, everything, load, nasty, recipe_for, typed

CATALOGS: dict[str, Any] = {
    "model": MODELS,
    "step": STEPS,
    "feature": FEATURES,
    "selector": SELECTORS,
    "metric": METRICS,
    "search": SEARCHES,
    "drift": DRIFT_TESTS,
    "check": CHECKS,
}
ENTRIES = [
    pytest.param(spec, id=f"{kind}-{spec.id}") for kind, catalog in CATALOGS.items() for spec in catalog
]
SMALL = {"n_estimators": 50, "max_iter": 30}
EXPLAINED = ("model", "feature", "selector")
"""The kinds of entries whose bundles must explain a row."""


@pytest.mark.parametrize("spec", ENTRIES)
def test_words(spec: Spec) -> None:
    assert spec.id == spec.id.lower()
    assert spec.id.isidentifier()
    assert spec.label[0].isupper() or spec.label[0].isdigit()
    assert spec.help.endswith((".", "?"))
    assert all(param.help.endswith(".") for param in spec.params)


def edge_values(param: Param) -> list[Any]:
    if param.options:
        return list(param.options)
    if isinstance(param.default, bool):
        return [True, False]
    ends = [end for end in (param.low, param.high) if end is not None]
    return [param.default, *(round(end) if isinstance(param.default, int) else end for end in ends)]


@pytest.mark.parametrize(
    "spec", [p for p in ENTRIES if p.id.startswith(("model", "step", "feature", "selector"))]
)
def test_takes_default_bounds_and_options(spec: Spec) -> None:
    for param in spec.params:
        for value in edge_values(param):
            assert spec.values({param.name: value})[param.name] == value
    with pytest.raises(FoldlineError) as unknown:
        spec.values({"no_such_setting": 1})
    assert unknown.value.code == "PARAM"


@pytest.mark.parametrize(
    "spec", [p for p in ENTRIES if p.id.startswith(("model", "step", "feature", "selector"))]
)
def test_refuses_what_is_out_of_bounds(spec: Spec) -> None:
    for param in spec.params:
        wrong: Any = "no such option" if param.options else 1e18
        if not param.options and (isinstance(param.default, bool) or param.high is None):
            continue
        with pytest.raises(FoldlineError) as refused:
            spec.values({param.name: wrong})
        assert refused.value.code == "PARAM"


@pytest.fixture(scope="module")
def everything_csv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("everything") / "everything.csv"
    everything().to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def tables(everything_csv: Path) -> dict[str, tuple[pd.DataFrame, Recipe]]:
    return {task: load(everything_csv, target, task) for task, target in TARGETS.items()}


def small(spec: Spec) -> dict[str, Any]:
    return {name: value for name, value in SMALL.items() if any(p.name == name for p in spec.params)}


def recipes(tables: dict[str, tuple[pd.DataFrame, Recipe]]) -> dict[str, tuple[str, Recipe]]:
    """Name -> (task, recipe): one recipe for every model, step, feature and selector."""
    out = {}
    for spec in MODELS:
        for task in spec.tasks:
            recipe = edits.choose(tables[task][1], spec.id, **small(spec))
            out[f"model-{spec.id}-{task}"] = (task, recipe)
    base = edits.choose(tables["binary"][1], "logistic_regression")
    for step in STEPS:
        model = (
            "hist_gradient_boosting_classifier"
            if step.codes or step.id == IDLE["missing"]
            else "logistic_regression"
        )
        chosen = edits.choose(base, model, **small(MODELS[model]))
        out[f"step-{step.id}"] = (
            "binary",
            edits.set_step(chosen, group_of(step.kinds[0]), step.stage, step.id),
        )
    for feature in FEATURES:
        out[f"feature-{feature.id}"] = ("binary", edits.add_feature(base, feature.id, inputs_for(feature)))
    for selector in SELECTORS:
        task = selector.tasks[0]
        model = "ridge" if task == "regression" else "logistic_regression"
        chosen = edits.choose(tables[task][1], model)
        out[f"selector-{selector.id}"] = (task, edits.set_selection(chosen, selector.id))
    out["threshold"] = ("binary", edits.set_threshold(base, 0.3))
    out["duplicates"] = ("binary", edits.drop_duplicates(base))
    out["column-step"] = ("binary", edits.set_step(base, "numeric", "transform", "signed_log", "income"))
    out["also-missing"] = ("binary", edits.add_missing(base, "region", "north"))
    out["kind"] = ("binary", edits.set_kind(base, "age", "categorical"))
    several = base.model_copy(update={"task": "multiclass", "metric": "log_loss", "positive": ""})
    out["two-as-several"] = ("binary", edits.set_step(several, "categorical", "encode", "target"))
    return out


EXAMPLES = {
    "age": "numeric",
    "income": "numeric",
    "start": "datetime",
    "end": "datetime",
    "shop": "categorical",
}
"""Columns of the table of everything, with their kinds, that features are tried on."""
LONG_TEXTS = "note"


def inputs_for(feature: Feature) -> list[str]:
    """As many columns as a feature asks for, of the kinds that it takes."""
    number = max(feature.inputs[0], min(feature.inputs[1], 2))
    wanted = feature.input_kinds or (feature.kinds,) * number
    chosen: list[str] = []
    for kinds in wanted:
        able = [name for name, kind in EXAMPLES.items() if kind in kinds and name not in chosen]
        chosen.append(LONG_TEXTS if "text" in kinds and "numeric" not in kinds else able[0])
    return chosen


NAMES = (
    [f"model-{spec.id}-{task}" for spec in MODELS for task in spec.tasks]
    + [f"step-{spec.id}" for spec in STEPS]
    + [f"feature-{spec.id}" for spec in FEATURES]
    + [f"selector-{spec.id}" for spec in SELECTORS]
    + ["threshold", "duplicates", "column-step", "also-missing", "kind", "two-as-several"]
)


@pytest.fixture(scope="module")
def all_recipes(tables: dict[str, tuple[pd.DataFrame, Recipe]]) -> dict[str, tuple[str, Recipe]]:
    return recipes(tables)


@pytest.mark.parametrize("name", NAMES)
def test_recipe_survives_json_and_builds(name: str, all_recipes: dict[str, tuple[str, Recipe]]) -> None:
    _, recipe = all_recipes[name]
    assert parse(json.loads(recipe.to_json())) == recipe
    pipeline = build(recipe)
    assert pipeline.steps[0][0] == "columns"
    assert str(clone(pipeline).get_params()) == str(pipeline.get_params())


DRIVER = """
import runpy, sys, traceback
for line in open(sys.argv[1]):
    folder, data = line.rstrip("\\n").split("\\t")
    for script, arguments in (
        ("train.py", [data, "--rows", "train", "--predict", data, "-o", folder + "/script.csv"]),
        ("predict.py", [data, "-o", folder + "/bundle.csv"]),
        ("predict.py", ["--check"]),
    ):
        sys.argv = [folder + "/" + script, *arguments]
        sys.path[0] = folder
        try:
            runpy.run_path(sys.argv[0], run_name="__main__")
        except SystemExit as stop:
            if stop.code:
                open(folder + "/failed.txt", "a").write(f"{script} exit {stop.code}\\n")
        except BaseException:
            open(folder + "/failed.txt", "a").write(script + "\\n" + traceback.format_exc())
"""


def asked_for(request: pytest.FixtureRequest) -> list[str]:
    """The recipes whose export is asked for in this run, all or those that ``-k`` has left."""
    tests = (test_script_and_bundle_give_the_same_predictions, test_contributions_add_up)
    names = {test.__name__ for test in tests}
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    return list(dict.fromkeys(i.callspec.params["name"] for i in items if i.originalname in names))


@pytest.fixture(scope="module")
def exported(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    everything_csv: Path,
    tables: dict[str, tuple[pd.DataFrame, Recipe]],
    all_recipes: dict[str, tuple[str, Recipe]],
) -> dict[str, tuple[Path, pd.DataFrame]]:
    """The recipes asked for, fitted, exported and run by their own files in fresh processes without us."""
    root = tmp_path_factory.mktemp("exported")
    out = {}
    for name in asked_for(request):
        task, recipe = all_recipes[name]
        frame = tables[task][0]
        work = work_on(recipe, frame, root)
        pipeline = fit(work, "train")
        folder = root / name
        columns = read_columns(frame)
        write_bundle(
            folder.with_suffix(".zip"),
            pipeline,
            recipe,
            describe(recipe, columns, frame),
            frame.head(20),
            "card",
            BundleScores(),
            table=Table(id="0" * 64, name="everything.csv", rows=len(frame), columns=columns),
        )
        with zipfile.ZipFile(folder.with_suffix(".zip")) as archive:
            folder.mkdir()
            archive.extractall(folder)
        out[name] = (folder, predict_frame(pipeline, recipe, frame))
    run_fresh(root, [folder for folder, _ in out.values()], everything_csv)
    return out


def read_columns(frame: pd.DataFrame) -> Any:
    from core.data.kinds import classify

    return classify(frame, {"start": "%Y-%m-%d", "end": "%Y-%m-%d"})


def run_fresh(root: Path, folders: list[Path], data: Path) -> None:
    (root / "driver.py").write_text(DRIVER)
    halves = [half for half in (folders[::2], folders[1::2]) if half]
    running = []
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {"OMP_NUM_THREADS": "1"}
    for number, half in enumerate(halves):
        listing = root / f"list{number}.txt"
        listing.write_text("".join(f"{folder}\t{data}\n" for folder in half))
        # What a library is about to take away must not stand in code that people keep.
        strict = ["ignore", "error::DeprecationWarning", "error::FutureWarning"]
        flags = [part for rule in strict for part in ("-W", rule)]
        command = [sys.executable, *flags, str(root / "driver.py"), str(listing)]
        running.append(subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.DEVNULL))
    assert not any(process.wait(timeout=600) for process in running)


def assert_same(got: pd.DataFrame, expected: pd.DataFrame) -> None:
    assert list(got.columns[-expected.shape[1] :]) == list(expected.columns)
    for name in expected.columns:
        if pd.api.types.is_numeric_dtype(expected[name]):
            np.testing.assert_array_equal(
                got[name].to_numpy(dtype=float), expected[name].to_numpy(dtype=float)
            )
        else:
            assert got[name].astype(str).tolist() == expected[name].astype(str).tolist()


@pytest.mark.parametrize("name", NAMES)
def test_script_and_bundle_give_the_same_predictions(
    name: str, exported: dict[str, tuple[Path, pd.DataFrame]]
) -> None:
    folder, expected = exported[name]
    failed = folder / "failed.txt"
    assert not failed.exists(), failed.read_text()
    for kind in ("script", "bundle"):
        got = pd.read_csv(folder / f"{kind}.csv", float_precision="round_trip")
        assert len(got) == len(expected)
        assert_same(got, expected)


def stated(output: Output, answer: RowAnswer) -> float:
    """The output that explains an answer, from the probabilities alone."""
    if output.place is None:
        return float(answer.prediction)
    shares = np.array([answer.shares[str(name)] for name in output.model.classes_])
    own = float(shares[output.place])
    if not output.margin:
        return own
    others = np.log(shares).mean() if output.centred else np.log1p(-own)
    return float(np.log(own) - others)


@pytest.mark.parametrize("name", [name for name in NAMES if name.split("-")[0] in EXPLAINED])
def test_contributions_add_up(name: str, exported: dict[str, tuple[Path, pd.DataFrame]]) -> None:
    folder, _ = exported[name]
    asked = OneRow(open_bundle(folder.with_suffix(".zip")))
    for row in (asked.rows[0], {**asked.rows[3], **dict.fromkeys(asked.names[::3])}):
        answer, why = asked.answer(row), asked.why(row)
        assert {part.column for part in why.parts} == set(asked.names)
        total = why.base + sum(part.amount for part in why.parts)
        assert total == pytest.approx(why.output, rel=1e-9, abs=1e-9) and why.adds_up
        label = asked.manifest.positive or str(answer.prediction)
        output = output_of(asked.pipeline, asked.manifest.task, label, asked.average)
        assert why.output == pytest.approx(stated(output, answer), rel=1e-6, abs=1e-9)


def on_nasty(spec: Any, frame: pd.DataFrame, task: str) -> np.ndarray:
    target = "y" if task == "regression" else "c"
    other = "c" if task == "regression" else "y"
    frame, table = typed(frame.drop(columns=other))
    recipe = edits.choose(recipe_for(frame, table, target, task), spec.id, **small(spec))
    used = frame[columns_used(recipe)]
    work = work_on(recipe, frame, Path())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pipeline = fit(work, "train", Candidate(id="one", model=spec.id, params=small(spec)))
        return np.asarray(pipeline.predict(used))


@pytest.mark.parametrize("spec", [pytest.param(spec, id=spec.id) for spec in MODELS])
def test_model_fits_nasty_tables_or_says_why_not(spec: Any) -> None:
    refused = {}
    for name, frame in nasty().items():
        try:
            said = on_nasty(spec, frame, spec.tasks[0])
        except FoldlineError as error:
            refused[name] = error
        else:
            assert len(said) == len(frame)
    assert all(error.problem and error.hint for error in refused.values())
    assert len(refused) <= 3, refused
