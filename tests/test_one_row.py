"""One row: what adds up, what the curves and the search say, and the process that answers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from itertools import combinations
from math import factorial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psutil
import pytest

from core.command.main import main
from core.data.read import read
from core.drift.profile.published import published
from core.engine.residents import Residents
from core.errors import FoldlineError
from core.explain.contributions import along_paths, contributions
from core.explain.one_row import OneRow
from core.explain.origins import origins
from core.explain.output import output_of
from core.export.bundle.open import open_bundle
from core.recipe import edits
from core.recipe.document import Recipe
from core.recipe.suggestion.suggest import suggest
from core.recipe.usage import Export
from core.watch.recipe_profile import number_pairs, profile_of
from tests.export_support import fitted

ROWS = 400


def table(seed: int = 0) -> pd.DataFrame:
    """Two numbers that go together, levels whose column names begin alike, days, and targets."""
    rng = np.random.default_rng(seed)
    size = rng.normal(100, 20, ROWS).round(1)
    weight = (0.7 * size + rng.normal(0, 3, ROWS)).round(1)
    c, ca = rng.choice(["a", "b", "a_x"], ROWS), rng.choice(["x", "y"], ROWS)
    day = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 600, ROWS), unit="D")
    later = day + pd.to_timedelta(rng.integers(1, 300, ROWS), unit="D")
    score = size / 20 + 2 * (c == "a") * (ca == "x") - 0.002 * (later - day).days + rng.normal(0, 0.3, ROWS)
    return pd.DataFrame(
        {
            "size": size,
            "weight": weight,
            "c": c,
            "c_a": ca,
            "d": day.strftime("%Y-%m-%d"),
            "d day": later.strftime("%Y-%m-%d"),
            "high": np.where(score > np.median(score), "yes", "no"),
            "y": score.round(3),
        }
    )


def made(folder: Path, target: str, model: str, change: Any = lambda recipe: recipe, **params: Any) -> Path:
    """A bundle with a published reference profile."""
    path = folder / "data.csv"
    other = {"y": "high", "high": "y"}[target]
    table().drop(columns=other).to_csv(path, index=False)
    reading = read(path, "data.csv")
    stored = reading.table("data.csv")
    recipe: Recipe = change(edits.choose(suggest(stored, target), model, **params))
    case = fitted(path, stored, reading.frame, recipe)
    rows = reading.frame.iloc[case.work.split.train]
    profile = profile_of(recipe, rows, None, None)
    pairs = number_pairs(profile, rows, None)
    told = published(profile, rows)
    return case.bundle(folder / "bundle.zip", reference_profile={**told.to_dict(), "pairs": pairs.to_dict()})


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("trees"), "high", "lightgbm_classifier", n_estimators=60)


@pytest.fixture(scope="module")
def boosted(trees: Path) -> OneRow:
    return OneRow(open_bundle(trees))


@pytest.fixture(scope="module")
def linear(tmp_path_factory: pytest.TempPathFactory) -> OneRow:
    return OneRow(open_bundle(made(tmp_path_factory.mktemp("linear"), "y", "ridge")))


def test_each_prepared_column_has_the_origins_that_move_it(linear: OneRow, boosted: OneRow) -> None:
    for asked in (linear, boosted):
        before, sources = asked.pipeline[:-1], origins(asked.pipeline[:-1])
        average = asked.average.head(60)
        matrix = before.transform(average)
        assert len(sources) == matrix.shape[1]
        for name in asked.names:
            turned = average.assign(**{name: average[name].to_numpy()[::-1]})
            moved = np.flatnonzero((before.transform(turned) != matrix).any(axis=0))
            assert len(moved)
            assert all(sources[place] == (name,) for place in moved), name


def test_a_feature_of_two_columns_is_shared_by_them(tmp_path: Path) -> None:
    path = made(tmp_path, "y", "ridge", lambda r: edits.add_feature(r, "arithmetic", ("size", "weight")))
    asked = OneRow(open_bundle(path))
    assert ("size", "weight") in origins(asked.pipeline[:-1])
    assert asked.why(asked.rows[0]).adds_up


def test_a_weighted_sum_moves_by_what_its_column_adds(linear: OneRow) -> None:
    row, other = linear.rows[0], linear.rows[1]
    for name in linear.names:
        changed = {**row, name: other[name]}
        before, after = linear.why(row), linear.why(changed)
        amounts = [{part.column: part.amount for part in why.parts} for why in (before, after)]
        moved = linear.answer(changed).prediction - linear.answer(row).prediction  # type: ignore[operator]
        assert amounts[1][name] - amounts[0][name] == pytest.approx(moved, abs=1e-9)
        assert all(amounts[0][one] == amounts[1][one] for one in linear.names if one != name)


def test_paths_and_coefficients_say_the_same_of_a_weighted_sum(linear: OneRow) -> None:
    row, average = linear.average.iloc[[5]], linear.average.head(64)
    output = output_of(linear.pipeline, "regression", "", average)
    by_weights = contributions(output, row, linear.names, origins(linear.pipeline[:-1]), average)
    by_paths = along_paths(output, row, linear.names, average)
    assert "Coefficient" in by_weights.method and "paths" in by_paths.method
    assert by_paths.base == pytest.approx(by_weights.base, abs=1e-9)
    spread = np.sqrt(np.mean((by_paths.amounts - by_weights.amounts) ** 2))
    assert spread < 1e-9


def exact(output: Any, row: pd.DataFrame, names: list[str], starts: pd.DataFrame) -> np.ndarray:
    """Shapley values by all subsets (Shapley 1953)."""

    def value(inside: tuple[int, ...]) -> float:
        mixed = starts.copy()
        for place in inside:
            mixed[names[place]] = row[names[place]].array.take(np.zeros(len(starts), dtype=int))
        return float(output(mixed).mean())

    d = len(names)
    values = {s: value(s) for k in range(d + 1) for s in combinations(range(d), k)}
    amounts = np.zeros(d)
    for inside, found in values.items():
        for place in set(range(d)) - set(inside):
            share = factorial(len(inside)) * factorial(d - len(inside) - 1) / factorial(d)
            amounts[place] += share * (values[tuple(sorted((*inside, place)))] - found)
    return amounts


def test_paths_find_shapley_values_within_their_error(boosted: OneRow) -> None:
    row, starts = boosted.average.iloc[[3]], boosted.average.head(64)
    output = output_of(boosted.pipeline, "binary", "yes", starts)
    found = along_paths(output, row, boosted.names, starts)
    truth = exact(output, row, boosted.names, starts)
    assert found.errors is not None and found.adds_up
    assert truth.sum() == pytest.approx(found.amounts.sum(), abs=1e-9)
    assert (np.abs(found.amounts - truth) <= 4 * found.errors + 1e-9).all()
    assert np.abs(truth).max() > 5 * found.errors.min()


def test_curves_pass_through_the_answer_of_the_row(boosted: OneRow, linear: OneRow) -> None:
    for asked in (boosted, linear):
        row = asked.rows[2]
        answer = asked.answer(row)
        now = answer.shares.get("yes", answer.prediction)
        for curve in asked.curves(row, asked.names):
            place = curve.at.index(row[curve.column])
            assert curve.answers[place] == pytest.approx(now, abs=1e-12)
            assert len(curve.at) >= 2


def test_the_nearest_row_has_the_answer_and_keeps_what_may_not_change(
    boosted: OneRow, linear: OneRow
) -> None:
    for row in boosted.rows[:6]:
        goal = "no" if boosted.answer(row).prediction == "yes" else "yes"
        found = boosted.nearest(row, ["weight", "size", "c_a"], goal)
        assert {name for name in row if found.row[name] != row[name]} <= {"weight", "size", "c_a"}
        assert found.found == (boosted.answer(found.row).prediction == goal)
    assert found.found and found.changes
    now = float(linear.answer(linear.rows[0]).prediction)
    found = linear.nearest(linear.rows[0], ["size"], now + 1.0)
    assert found.found and [one.column for one in found.changes] == ["size"]
    assert now + 1.0 <= float(linear.answer(found.row).prediction) < now + 1.1, "no nearer than it must be"


def test_a_row_that_is_there_already_needs_no_change(boosted: OneRow, linear: OneRow) -> None:
    row = boosted.rows[0]
    goal = str(boosted.answer(row).prediction)
    found = boosted.nearest(row, boosted.names, goal)
    assert found.found and not found.changes and found.row == row and found.words == f"the class {goal}"
    now = float(linear.answer(linear.rows[0]).prediction)
    assert not linear.nearest(linear.rows[0], linear.names, now - 1.0).changes
    assert linear.nearest(linear.rows[0], linear.names, now - 1.0, upwards=False).changes


def test_what_cannot_be_reached_is_said(linear: OneRow, boosted: OneRow) -> None:
    row = linear.rows[0]
    assert not linear.nearest(row, linear.names, 1e9).found
    assert not linear.nearest(row, [], 0.0, upwards=True).changes
    with pytest.raises(FoldlineError, match="GOAL"):
        boosted.nearest(boosted.rows[0], [], "perhaps")
    with pytest.raises(FoldlineError, match="COLUMN"):
        boosted.nearest(boosted.rows[0], ["shape"], "yes")


def test_rows_outside_of_training_are_told(boosted: OneRow) -> None:
    row = boosted.rows[0]

    def codes(**cells: Any) -> set[str]:
        return {issue.code for issue in boosted.answer({**row, **cells}).issues}

    assert codes() == set()
    assert codes(size=900.0) == {"RANGE"}
    assert codes(c="z") == {"NEW_VALUES"}
    assert codes(weight="heavy") == {"TYPE"}
    assert "EMPTY_COLUMN" in codes(c=None)
    low, high = np.quantile(table()["size"], 0.02), np.quantile(table()["weight"], 0.98)
    assert codes(size=float(low), weight=float(high)) == {"TOGETHER"}


def test_rows_of_training_are_seldom_called_odd(boosted: OneRow) -> None:
    columns = table()[boosted.names]
    rows = [dict(zip(columns, row, strict=True)) for row in columns.itertuples(index=False, name=None)]
    odd = [row for row in rows[:150] if any(i.code == "TOGETHER" for i in boosted.answer(row).issues)]
    assert len(odd) <= 1


def test_a_form_begins_with_rows_only_where_the_bundle_holds_real_ones(
    tmp_path: Path, boosted: OneRow
) -> None:
    form = boosted.form()
    assert form.rows and form.fields[0].name == "size"
    assert {field.name for field in form.fields if field.levels} == {"c", "c_a"}
    weights = [field.weight for field in form.fields]
    assert weights == sorted(weights, reverse=True)
    hidden = made(tmp_path, "y", "ridge", lambda r: r.model_copy(update={"export": Export(made_up=True)}))
    other = OneRow(open_bundle(hidden)).form()
    assert not other.rows and other.no_interval and all(f.typical is not None for f in other.fields)


def test_a_resident_answers_leaves_and_comes_back(trees: Path, boosted: OneRow, tmp_path: Path) -> None:
    residents = Residents(idle=0.4)
    row = boosted.rows[0]
    try:
        said = residents.ask(trees, {"what": "answer", "row": row})
        assert said == boosted.answer(row).model_dump(mode="json")
        first = residents.pids()[trees]
        with pytest.raises(FoldlineError, match="SCHEMA"):
            residents.ask(trees, {"what": "answer", "row": {"size": 1.0}})
        with pytest.raises(FoldlineError, match="QUESTION"):
            residents.ask(trees, {"what": "passwd"})
        with pytest.raises(FoldlineError, match="ROW"):
            residents.ask(trees, {"what": "answer", "row": {"size": [1]}})
        assert residents.pids()[trees] == first, "a refusal ends nothing"
        gone(first)
        assert residents.ask(trees, {"what": "answer", "row": row}) == said
        os.kill(residents.pids()[trees], signal.SIGKILL)
        time.sleep(0.1)
        with pytest.raises(FoldlineError, match="KILLED"):
            residents.ask(trees, {"what": "answer", "row": row})
        no_bundle = tmp_path / "bundle.zip"
        no_bundle.write_bytes(b"PK nothing")
        with pytest.raises(FoldlineError, match="MODEL"):
            residents.ask(no_bundle, {"what": "form"})
        assert residents.pids().keys() == {no_bundle}
    finally:
        residents.close()
    assert not residents.pids()


def gone(pid: int, seconds: float = 10.0) -> None:
    """Wait until a process has ended."""
    deadline = time.monotonic() + seconds
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, f"{pid} lives"
        time.sleep(0.05)


def test_a_resident_without_memory_says_so_and_dies_with_who_asked(trees: Path) -> None:
    with pytest.raises(FoldlineError, match="MEMORY"):
        Residents(memory=300 * 2**20).ask(trees, {"what": "form"})
    code = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom core.engine.residents import Residents\n"
        "r = Residents()\nr.ask(Path(sys.argv[1]), {'what': 'form'})\n"
        "print(*r.pids().values(), flush=True)\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(trees)], capture_output=True, text=True, check=False
    )
    assert done.returncode == -signal.SIGKILL
    gone(int(done.stdout))


def test_the_command_line_explains_a_row(
    trees: Path, boosted: OneRow, capsys: pytest.CaptureFixture[str]
) -> None:
    row = json.dumps(boosted.rows[0])
    goal = "no" if boosted.answer(boosted.rows[0]).prediction == "yes" else "yes"
    asked = ["predict", str(trees), "--row", row, "--why", "--goal", goal, "--keep", "c", "d"]
    assert main([*asked, "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["why"]["adds_up"] and facts["prediction"] == boosted.answer(boosted.rows[0]).prediction
    assert {one["column"] for one in facts["nearest"]["changes"]}.isdisjoint({"c", "d"})
    assert main(["predict", str(trees), "--row", "{size: 1}"]) == 1
    assert "ROW" in capsys.readouterr().err
    assert main(["predict", str(trees), "--why"]) == 2
