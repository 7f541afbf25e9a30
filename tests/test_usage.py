"""What a recipe says beside its pipeline: kept when it differs, said in words, obeyed by what it is for."""

from __future__ import annotations

import ast
import json
import math
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.catalog.checks import CHECKS
from core.catalog.drift_tests import DELTAS, DRIFT_TESTS, at_sensitivity
from core.catalog.searches import SEARCHES
from core.data.kinds import classify
from core.data.table import Table
from core.drift.profile.build import reference_profile
from core.engine.job_specs import DriftSpec, ExportSpec, parse_spec
from core.engine.work.data import moved_to
from core.errors import FoldlineError
from core.findings import findings
from core.recipe import edits, usage_edits
from core.recipe.consistency import consistent
from core.recipe.difference import differences
from core.recipe.document import Candidate, ColumnChoice, Recipe, load, parse
from core.recipe.fingerprint import FIELDS, digest, fingerprint
from core.recipe.usage import Costs, Drift, Export
from core.store.workspace import Workspace
from core.train.ranking.simplest import Contender, simplest
from core.train.search_space import planned
from core.watch.drift import drift
from core.watch.judge.limits import Limits, limits_of
from core.watch.report import html
from tests.golden_support import unpack_workspace

GOLDEN = Path(__file__).parent / "golden"
SHOWN, ASKED = "decides what is shown", "stands in the spec of the job that is asked for"
REMEMBERED = {
    "f'{key}.model'": ASKED,
    "deployments.both": ASKED,
    "deployments.history": ASKED,
    "deployments.key": ASKED,
    "deployments.learn": ASKED,
    "deployments.name": ASKED,
    "deployments.of": ASKED,
    "deployments.replay.delay": ASKED,
    "deployments.replay.first": ASKED,
    "deployments.replay.newest": ASKED,
    "deployments.replay.windows": ASKED,
    "deployments.rule.change": ASKED,
    "deployments.rule.labels": ASKED,
    "deployments.tab": SHOWN,
    "deployments.table": ASKED,
    "deployments.way": ASKED,
    "deployments.which": SHOWN,
    "evaluate.tab": SHOWN,
    "evaluate.threshold.rows": SHOWN,
    "evaluate.threshold.value": SHOWN,
    "findings.open": SHOWN,
    "models.more": SHOWN,
    "monitor.column": SHOWN,
    "monitor.new": ASKED,
    "monitor.own_limits": ASKED,
    "monitor.old": ASKED,
    "monitor.reading": ASKED,
    "monitor.reference": ASKED,
    "monitor.tab": SHOWN,
    "predict.case.": SHOWN,
    "predict.file": ASKED,
    "predict.go": ASKED,
    "predict.mode": ASKED,
    "predict.row.start": SHOWN,
    "predict.row.times": SHOWN,
    "predict.table": ASKED,
    "predict.with_input": ASKED,
}
"""What widgets remember beside the recipe, and why that is right; a key of a variable as its expression."""
NAMES = ("remember", "remember_tab", "remembered", "keep")
PRINTS = {"churn": "8d574574f74dfff3", "houses": "cb3d7ac1ddbcf9fb", "products": "46873a97b3420fbe"}
"""Golden recipe -> digest of the fingerprints of all its parts, as they were without such choices."""
TREE = Recipe(chosen=Candidate(id="tree_classifier", model="tree_classifier"))


@pytest.mark.parametrize("name", PRINTS)
def test_what_is_at_its_default_is_not_stored_and_moves_no_fingerprint(name: str) -> None:
    recipe = load(GOLDEN / name / "recipe.json")
    assert digest([fingerprint(recipe, part) for part in FIELDS])[:16] == PRINTS[name]
    stored = json.loads(recipe.to_json())
    assert not {"checks", "costs", "export", "drift"} & stored.keys()
    assert "params" not in stored["tuning"]


def keys_in(module: ast.Module) -> set[str]:
    """The keys, or beginnings of keys, under which a module has something remembered."""
    constants = {}
    for node in module.body:
        if isinstance(node, ast.Assign):
            sides = (getattr(side, "elts", [side]) for side in (node.targets[0], node.value))
            constants |= {getattr(a, "id", ""): getattr(b, "value", "") for a, b in zip(*sides, strict=False)}
    keys = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and node.args and getattr(node.func, "id", "") in NAMES:
            first = node.args[0]
            if isinstance(first, ast.JoinedStr) and isinstance(first.values[0], ast.Constant):
                first = first.values[0]
            value = constants.get(getattr(first, "id", ""), getattr(first, "value", ""))
            keys.add(value if isinstance(value, str) and value else ast.unparse(first))
    return keys


def test_what_changes_a_number_is_not_remembered_beside_the_recipe() -> None:
    root = Path(__file__).parents[1]
    paths = [path for folder in ("ui", "pages") for path in (root / folder).rglob("*.py")]
    paths.remove(root / "ui" / "widgets" / "remembered.py")  # where remembering is defined
    assert set().union(*(keys_in(ast.parse(path.read_text())) for path in paths)) == set(REMEMBERED)


CHANGES = [
    (
        lambda r: usage_edits.set_search(r, n_startup_trials=20),
        "Bayesian (TPE), random trials at first: 10 -> 20",
    ),
    (
        lambda r: usage_edits.set_check(r, "imbalance", share=0.9),
        "Imbalance, share of the largest class: 0.8 -> 0.9",
    ),
    (lambda r: usage_edits.set_costs(r, miss=20.0), "cost of a missed positive: 5 -> 20"),
    (
        lambda r: usage_edits.set_export(r, part="train"),
        "rows it learns from: all rows -> training part only",
    ),
    (lambda r: usage_edits.set_export(r, joblib=True), "model.joblib: no -> yes"),
    (lambda r: usage_edits.set_sensitivity(r, "high"), "sensitivity: normal -> high"),
    (
        lambda r: usage_edits.set_drift_test(r, "ks", delta=0.3),
        "Kolmogorov-Smirnov, a change counts from: 0.1 -> 0.3",
    ),
]


@pytest.mark.parametrize(("change", "words"), CHANGES)
def test_a_change_is_said_in_words_and_survives_the_file(change: Any, words: str) -> None:
    changed = change(Recipe())
    assert differences(Recipe(), changed) == [words]
    assert parse(json.loads(changed.to_json())) == changed != Recipe()


def test_only_the_result_that_a_choice_changes_has_another_fingerprint() -> None:
    moved = [{part for part in FIELDS if fingerprint(change(Recipe()), part) != fingerprint(Recipe(), part)}
             for change, _ in CHANGES]  # fmt: skip
    assert moved == [{"tune"}, {"data"}, set(), set(), set(), set(), set()]


def test_the_default_again_is_no_choice_any_more() -> None:
    recipe = usage_edits.set_check(
        usage_edits.set_check(Recipe(), "imbalance", share=0.9), "imbalance", share=0.8
    )
    recipe = usage_edits.set_search(usage_edits.set_search(recipe, n_startup_trials=5), n_startup_trials=10)
    recipe = usage_edits.set_drift_test(usage_edits.set_drift_test(recipe, "ks", delta=0.3), "ks", delta=0.1)
    assert recipe == Recipe()
    both = usage_edits.set_drift_test(usage_edits.set_check(Recipe(), "grouped", rows=5), "ks", delta=0.2)
    assert usage_edits.usual_checks(usage_edits.usual_drift_tests(both)) == Recipe()


def test_another_search_begins_at_its_defaults_and_the_first_comes_back_as_it_was() -> None:
    recipe = usage_edits.set_search(Recipe(), n_startup_trials=5)
    assert edits.set_tuning(recipe, trials=7).tuning.params == {"n_startup_trials": 5}
    other = edits.set_tuning(recipe, search="grid")
    assert other.tuning.params == {}
    assert edits.set_tuning(other, search="tpe") == recipe, "bytes and fingerprints too"
    both = usage_edits.set_search(other, points=7)
    assert edits.set_tuning(both, search="random").tuning.params == {}
    through = edits.set_tuning(edits.set_tuning(both, search="random"), search="tpe")
    assert through.tuning.params == {"n_startup_trials": 5}
    assert edits.set_tuning(through, search="grid").tuning.params == {"points": 7}


def test_what_is_laid_aside_is_no_part_of_a_search() -> None:
    plain = edits.set_tuning(Recipe(), search="grid")
    after = edits.set_tuning(usage_edits.set_search(Recipe(), n_startup_trials=5), search="grid")
    assert fingerprint(after, "tune") == fingerprint(plain, "tune")
    assert differences(plain, after) == []
    assert parse(json.loads(after.to_json())) == after


@pytest.mark.parametrize(
    "change",
    [
        lambda: usage_edits.set_check(Recipe(), "imbalance", share=2.0),
        lambda: usage_edits.set_check(Recipe(), "imbalance", sahre=0.9),
        lambda: usage_edits.set_search(Recipe(), n_startup_trials=0),
        lambda: usage_edits.set_drift_test(Recipe(), "ks", delta=0.9),
    ],
)
def test_what_a_setting_cannot_be_is_refused(change: Any) -> None:
    with pytest.raises(FoldlineError, match="PARAM"):
        change()


def test_every_param_of_a_search_a_check_and_a_drift_test_can_be_set() -> None:
    for search in SEARCHES:
        recipe = edits.set_tuning(Recipe(), search=search.id)
        for param in search.params:
            assert usage_edits.set_search(recipe, **{param.name: param.high}).tuning.params
    for check in CHECKS:
        for param in check.params:
            assert usage_edits.set_check(Recipe(), check.id, **{param.name: param.high}).checks
    for test in DRIFT_TESTS:
        for param in test.params:
            assert usage_edits.set_drift_test(Recipe(), test.id, **{param.name: param.high}).drift.tests


def test_the_search_obeys_its_params() -> None:
    assert planned(TREE).sampler._n_startup_trials == 10  # type: ignore[attr-defined]
    learner = planned(usage_edits.set_search(TREE, n_startup_trials=25)).sampler
    assert learner._n_startup_trials == 25  # type: ignore[attr-defined]
    grid = edits.set_tuning(TREE, search="grid", trials=1000, space={"min_samples_leaf": None})
    assert planned(grid).trials == planned(usage_edits.set_search(grid, points=10)).trials == 10
    few = edits.set_tuning(grid, trials=4)
    wide = usage_edits.set_search(few, points=10)
    assert len(planned(few).sampler._search_space["max_depth"]) == 4  # type: ignore[attr-defined]
    assert len(planned(wide).sampler._search_space["max_depth"]) == 10  # type: ignore[attr-defined]


def test_the_checks_obey_their_limits() -> None:
    goal = pd.Series(["no"] * 70 + ["yes"] * 30, dtype="str")
    frame = pd.DataFrame({"x": np.random.default_rng(0).normal(size=100), "y": goal})

    def found(**limits: Any) -> set[str]:
        chosen = {name: {"share": value} for name, value in limits.items()}
        every = findings(frame, classify(frame, {}), "y", "binary", limits=chosen)
        return {one.code for one in every}

    assert "IMBALANCE" not in found()
    assert "IMBALANCE" in found(imbalance=0.6)
    with pytest.raises(FoldlineError, match="CATALOG"):
        found(no_check=0.5)


def test_a_leak_is_told_whichever_of_its_limits_is_lower() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=400)
    goal = pd.Series(np.where(x + 0.5 * rng.normal(size=400) > 0, "yes", "no"), dtype="str")
    frame = pd.DataFrame({"x": x, "y": goal})
    limits = {"leakage": {"error": 0.5}}
    every = findings(frame, classify(frame, {}), "y", "binary", limits=limits)
    assert [one.severity for one in every if one.code == "LEAKAGE"] == ["error"]


def moved() -> tuple[Any, pd.DataFrame]:
    """The profile of a number and a target, and rows whose number has moved by 0.3."""
    rng = np.random.default_rng(0)
    old = pd.DataFrame({"x": rng.normal(size=2000), "y": rng.normal(size=2000)})
    columns = classify(old, {})
    new = pd.DataFrame({"x": rng.normal(0.6, 1, size=2000), "y": rng.normal(0.3, 1, size=2000)})
    return reference_profile(old, columns, target="y"), new


def test_the_drift_tests_obey_their_limits() -> None:
    profile, new = moved()
    chosen: Any = {"ks": {"delta": 0.4}, "outer_tails": {"delta": 0.4}}
    usual, own = (drift(profile, new, how=Drift(tests=tests)) for tests in ({}, chosen))
    assert [report.columns[0].state for report in (usual, own)] == ["drift", "minor"]
    assert own.columns[0].threshold == 0.4
    assert own.target is not None and own.target.threshold == 0.2, "half of it for outputs"
    assert "Kolmogorov-Smirnov, a change counts from 0.4" in html(own, "t")
    assert "Chosen for single tests" not in html(usual, "t")


def test_values_never_seen_count_from_a_share_of_their_own() -> None:
    profile, new = moved()
    new.loc[:59, "x"] = 99.0
    states = {}
    for share in (0.01, 0.1):
        report = drift(profile, new, how=Drift(tests={"outside_range": {"share": share}}))
        aspects = {one.test: one for one in report.columns[0].details.aspects}
        states[share] = aspects["outside_range"].state
    assert states == {0.01: "drift", 0.1: "minor"}


@pytest.mark.parametrize("sensitivity", DELTAS)
def test_a_test_follows_the_sensitivity_unless_it_has_its_own(sensitivity: Any) -> None:
    delta = DELTAS[sensitivity]
    limits = limits_of(Drift(sensitivity=sensitivity, tests={"chi2": {"delta": 0.3}}))
    assert limits == Limits(delta, {"chi2": {"delta": 0.3}})
    found = {test.id: limits.of(test) for test in DRIFT_TESTS}
    assert found["ks"] == at_sensitivity(DRIFT_TESTS["ks"], sensitivity) == {"delta": delta}
    assert found["missing_rate"] == {"delta": delta / 2}
    assert (found["chi2"], found["unseen_levels"]) == ({"delta": 0.3}, {"share": 0.01})
    half = {test.id: limits.half().of(test) for test in DRIFT_TESTS}
    assert (half["chi2"], half["missing_rate"]) == ({"delta": 0.15}, {"delta": delta / 4})
    assert half["unseen_levels"] == {"share": 0.01}


def test_what_an_earlier_version_remembered_is_taken_over_once(tmp_path: Path) -> None:
    home = unpack_workspace(tmp_path)
    kept = {
        "monitor.sensitivity": "high",
        "evaluate.cost.miss": 20.0,
        "export.joblib": True,
        "monitor.tab": "x",
    }
    with closing(sqlite3.connect(home / "foldline.sqlite")) as raw, raw:
        (project,) = raw.execute("SELECT id FROM project").fetchone()
        for key, value in kept.items():
            raw.execute("INSERT INTO setting VALUES (?, ?, ?)", (project, f"view.{key}", json.dumps(value)))
    workspace = Workspace(home)
    recipe = workspace.recipe(project)
    assert recipe is not None
    assert (recipe.drift, recipe.costs) == (Drift(sensitivity="high"), Costs(miss=20.0))
    assert recipe.export == Export(joblib=True)
    assert workspace.history(project)[0].label == "choices of an earlier version"
    assert workspace.get(project, "view.monitor.tab") == "x"
    assert workspace.undo(project).drift == Drift()
    assert Workspace(home).recipe(project).drift == Drift()  # type: ignore[union-attr]
    assert workspace.redo(project) == recipe


def test_remembered_choices_that_change_nothing_leave_the_history(tmp_path: Path) -> None:
    home = unpack_workspace(tmp_path)
    with closing(sqlite3.connect(home / "foldline.sqlite")) as raw, raw:
        (project,) = raw.execute("SELECT id FROM project").fetchone()
        before = raw.execute("SELECT count(*) FROM edit").fetchone()
        raw.execute("INSERT INTO setting VALUES (?, 'view.evaluate.cost.miss', '5.0')", (project,))
    workspace = Workspace(home)
    assert tuple(workspace.db.row("SELECT count(*) FROM edit", ()) or ()) == before


def test_another_table_keeps_what_is_not_about_its_columns() -> None:
    old = usage_edits.set_export(usage_edits.set_sensitivity(Recipe(), "high"), part="train")
    table = Table(id="t", name="t.csv", rows=1, columns=(), source_sha="")
    first = Recipe(seed=7)
    assert moved_to(table, old, first) == old.model_copy(update={"seed": 7})
    assert moved_to(table, None, Recipe()) == Recipe()


def test_a_remembered_value_that_no_recipe_takes_is_left_out_alone(tmp_path: Path) -> None:
    home = unpack_workspace(tmp_path)
    kept = {
        "view.evaluate.cost.alarm": "-1",
        "view.evaluate.cost.miss": '"high"',
        "view.export.part": "{bad",
        "view.export.joblib": "true",
        "view.monitor.sensitivity": '"extreme"',
    }
    with closing(sqlite3.connect(home / "foldline.sqlite")) as raw, raw:
        (project,) = raw.execute("SELECT id FROM project").fetchone()
        raw.executemany("INSERT INTO setting VALUES (?, ?, ?)", [(project, *one) for one in kept.items()])
    recipe = Workspace(home).recipe(project)
    assert recipe is not None
    assert (recipe.costs, recipe.drift, recipe.export) == (Costs(), Drift(), Export(joblib=True))


def test_what_was_undone_before_the_take_over_can_still_be_redone(tmp_path: Path) -> None:
    home = unpack_workspace(tmp_path)
    with closing(sqlite3.connect(home / "foldline.sqlite")) as raw, raw:
        project, head = raw.execute("SELECT id, head FROM project").fetchone()
        (parent,) = raw.execute("SELECT parent FROM edit WHERE seq = ?", (head,)).fetchone()
        raw.execute("UPDATE edit SET next = ? WHERE seq = ?", (head, parent))
        raw.execute("UPDATE project SET head = ?", (parent,))
        (undone,) = raw.execute("SELECT label FROM edit WHERE seq = ?", (head,)).fetchone()
        raw.execute("INSERT INTO setting VALUES (?, 'view.evaluate.cost.miss', '20.0')", (project,))
    workspace = Workspace(home)
    assert workspace.redo(project) is not None
    assert next(one.label for one in workspace.history(project) if one.seq == head) == undone
    assert workspace.db.row("SELECT head FROM project", ())[0] == head  # type: ignore[index]


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ({"checks": {"nope": {}}}, "CATALOG"),
        ({"checks": {"constant": {"nope": 1}}}, "PARAM"),
        ({"drift": {"tests": {"ks": {"delta": 0}}}}, "PARAM"),
        ({"drift": {"tests": {"ks": {"delta": math.nan}}}}, "PARAM"),
        ({"drift": {"tests": {"ks": {"alpha": 0.1}}}}, "PARAM"),
        ({"checks": {"tiny_class": {"rows": math.inf}}}, "PARAM"),
    ],
)
def test_limits_that_there_are_not_are_refused_before_any_work(part: dict[str, Any], code: str) -> None:
    with pytest.raises(FoldlineError, match=code):
        consistent(parse({**Recipe().model_dump(mode="json"), **part}))


def test_the_settings_of_another_search_are_told() -> None:
    old = Recipe()
    new = usage_edits.set_search(edits.set_tuning(old, search="grid"), points=7)
    assert any("7" in words for words in differences(old, new))


def test_a_damaged_recipe_does_not_keep_the_workspace_from_opening(tmp_path: Path) -> None:
    home = unpack_workspace(tmp_path)
    with closing(sqlite3.connect(home / "foldline.sqlite")) as raw, raw:
        (project,) = raw.execute("SELECT id FROM project").fetchone()
        raw.execute("INSERT INTO setting VALUES (?, 'view.evaluate.cost.miss', '20.0')", (project,))
        raw.execute("UPDATE edit SET recipe = x'00'")
    workspace = Workspace(home)
    with pytest.raises(FoldlineError, match="DAMAGED"):
        workspace.recipe(project)


def test_a_job_does_as_the_recipe_says_unless_its_spec_says_otherwise() -> None:
    recipe = usage_edits.set_export(usage_edits.set_sensitivity(Recipe(), "low"), part="train")
    asked = parse_spec("export", ExportSpec, {"recipe": recipe})
    assert asked.how == Export(part="train")
    own = parse_spec("export", ExportSpec, {"recipe": recipe, "part": "all", "joblib": True})
    assert own.how == Export(part="all", joblib=True)
    rows = {"reference": {"recipe": recipe}, "current": {"table": "t"}}
    assert parse_spec("drift", DriftSpec, rows).how(recipe).sensitivity == "low"
    assert parse_spec("drift", DriftSpec, rows | {"sensitivity": "high"}).how(recipe).sensitivity == "high"
    assert parse_spec("drift", DriftSpec, rows).how(None) == Drift()


def test_a_recipe_with_the_former_clock_of_searches_opens() -> None:
    document = json.loads(Recipe().to_json()) | {"clocks": {"compare": 5, "tune": 30}}
    assert parse(document).clocks.compare == 5


@pytest.mark.parametrize("change", ["target", "metric"])
def test_a_margin_does_not_outlast_what_it_is_measured_in(change: str) -> None:
    frame = pd.DataFrame({"a": [1.0, 2.0], "y": [3.0, 4.0]})
    columns = tuple(ColumnChoice(name=c.name, kind=c.kind) for c in classify(frame, {}))
    recipe = edits.set_target(Recipe(columns=columns), "y", "regression")
    recipe = usage_edits.set_margin(recipe, 200.0)
    assert edits.set_target(recipe, "y", "regression").margin == 200.0
    other = (
        edits.set_target(recipe, "a", "regression") if change == "target" else edits.set_metric(recipe, "mae")
    )
    assert other.margin is None


@pytest.mark.parametrize(("score", "badge"), [(0.895, "small"), (0.8949, "large")])
def test_the_edge_of_the_margin_is_within_it(score: float, badge: str) -> None:
    ranked = [Contender("large", 0.9, True, True, 5), Contender("small", score, True, True, 0)]
    assert simplest(ranked, 0.005, None) == badge
