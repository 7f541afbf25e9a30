"""Sentences about comparisons, searches and pairs of runs, and what a job is expected to cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from core.catalog.models import MODELS
from core.digits import difference, gain, number
from core.errors import FoldlineError
from core.recipe import edits
from core.recipe.document import Candidate, ColumnChoice, Range, Recipe, Source, Split
from core.train.board import possible
from core.train.cost import expected, folds_of, paces
from core.train.space import checked, default_range, widened
from core.train.statistics import leaderboard
from core.train.verdict import gain_words, listed, verdict
from core.train.versus import rows_key, versus

LABELS = {"base": "Baseline", "a": "Linear", "b": "Forest", "c": "Boosting"}
SIMPLICITY = {"base": 0, "a": 1, "b": 2, "c": 3}


def board(**scores: list[float]) -> list[dict[str, Any]]:
    rows = leaderboard(scores, "higher", (800, 200), SIMPLICITY, "base")
    return [dict(vars(row)) for row in rows]


FLAT = [0.5, 0.5, 0.5, 0.5, 0.5]
GOOD = [0.90, 0.91, 0.89, 0.92, 0.90]
NEAR = [0.91, 0.90, 0.90, 0.91, 0.91]
POOR = [0.70, 0.71, 0.69, 0.72, 0.70]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "No model finished."),
        (board(base=FLAT), "Only the baseline finished."),
        (
            board(base=FLAT, a=GOOD, b=NEAR),
            "Forest and Linear cannot be told apart; the simplest is Linear. All beat the baseline.",
        ),
        (
            board(base=FLAT, a=POOR, b=GOOD),
            "Forest is ahead of all others by more than chance explains. All beat the baseline.",
        ),
        (board(base=FLAT, a=GOOD), "Linear is the only model that finished. It beats the baseline."),
        (
            board(base=GOOD, a=POOR),
            "No model scores better than the baseline. None of them beats the baseline beyond chance.",
        ),
        (
            board(a=[0.9], b=[0.8]),
            "Linear leads, but one fold cannot tell which differences are real.",
        ),
    ],
)
def test_a_leaderboard_in_words(rows: list[dict[str, Any]], said: str) -> None:
    assert verdict(rows, LABELS, "base") == said


def test_many_ties_are_counted() -> None:
    assert listed(["A"]) == "A"
    assert listed(["A", "B"]) == "A and B"
    assert listed(["A", "B", "C", "D"]) == "A, B and 2 more"


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((0.004, -0.001, 0.009), "+0.004 [-0.001, +0.009]"),
        ((-1.25, -3.0, 0.5), "-1.2 [-3.0, +0.5]"),
        ((120.0, 80.0, 160.0), "+120 [+80, +160]"),
        ((0.0, 0.0, 0.0), "0 [0, 0]"),
        ((-3.2e-6, -0.01, 0.009), "0.000 [-0.010, +0.009]"),
        ((0.25, None, None), "+0.25"),
    ],
)
def test_a_difference_has_the_digits_its_interval_deserves(numbers: Any, said: str) -> None:
    assert difference(*numbers) == said
    assert gain(*numbers) == said.partition(" ")[0]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.91324, "0.9132"),
        (0.9, "0.9"),
        (3.2e-6, "0.0000032"),
        (-1e-20, "0"),
        (9999.6, "10\u202f000"),
        (23_456.7, "23\u202f457"),
        (float("nan"), "–"),
    ],
)
def test_a_score_is_never_written_with_an_exponent(value: float, said: str) -> None:
    assert number(value) == said


@pytest.mark.parametrize(
    ("low", "high", "fresh", "ending"),
    [
        (0.001, 0.009, True, "on fresh folds: the tuned model is better in ROC AUC."),
        (-0.001, 0.009, True, "on fresh folds: no gain beyond noise in ROC AUC."),
        (-0.009, -0.001, True, "the tuned model is worse in ROC AUC. Keep the untuned one."),
        (
            -0.001,
            0.009,
            False,
            "the same folds, which flatters the tuned model: no gain beyond noise in ROC AUC.",
        ),
    ],
)
def test_a_gain_in_words(low: float, high: float, fresh: bool, ending: str) -> None:
    gain = {"mean": (low + high) / 2, "low": low, "high": high, "fresh_folds": fresh}
    assert gain_words(gain, "roc_auc").endswith(ending)


def test_a_gain_that_is_not_known_is_not_claimed() -> None:
    stopped = {"error": {"problem": "Stopped before the gain was measured."}, "fresh_folds": True}
    assert gain_words(stopped, "roc_auc") == (
        "The gain was not measured. Stopped before the gain was measured."
    )
    nan = {"mean": 0.1, "low": float("nan"), "high": None, "fresh_folds": True}
    assert "cannot be told" in gain_words(nan, "roc_auc")


def test_an_interval_ends_where_the_score_does() -> None:
    assert possible(0.9, 1.1, "higher") == (0.9, 1.0)
    assert possible(-0.2, 3.0, "lower") == (0.0, 3.0)
    assert possible(-0.2, 0.3, "higher") == (-0.2, 0.3)


@dataclass
class Info:
    kind: str
    recipe: Recipe


@dataclass
class Stored:
    info: Info
    payload: dict[str, Any] = field(default_factory=dict)


COLUMNS = (
    ColumnChoice(name="x", kind="numeric"),
    ColumnChoice(name="z", kind="numeric"),
    ColumnChoice(name="y", kind="boolean", role="target"),
)
RECIPE = Recipe(source=Source(table="t1", rows=1000), target="y", positive="1", columns=COLUMNS)
SIZES = [[640, 160]] * 5


def compared(recipe: Recipe, auc: list[float | None], sizes: Any = SIZES) -> Stored:
    known = [value for value in auc if value is not None]
    candidates = [
        {"id": "ridge", "label": "Poor", "scores": {"roc_auc": [0.0] * 5}},
        {"id": "tree", "label": "Tree", "scores": {"roc_auc": auc, "f1": known}},
    ]
    return Stored(
        Info("compare", recipe), {"board": [{"id": "tree"}], "candidates": candidates, "sizes": sizes}
    )


def tuned(recipe: Recipe, auc: list[float]) -> Stored:
    payload = {"metric": "roc_auc", "model": "tree_classifier", "best": {"folds": auc}, "sizes": SIZES}
    return Stored(Info("tune", recipe), payload)


def judged(recipe: Recipe, value: float, low: float | None, high: float | None) -> Stored:
    scores = {"roc_auc": {"value": value, "low": low, "high": high}}
    return Stored(Info("evaluate", recipe), {"model": "Tree", "scores": scores})


def test_runs_on_the_same_folds_are_paired() -> None:
    steady = [value - 0.05 for value in GOOD]
    found = versus(compared(RECIPE, steady), compared(RECIPE, GOOD))
    assert found["comparable"]
    assert found["difference"]["mean"] == pytest.approx(0.05)
    assert found["difference"]["high"] - found["difference"]["low"] < 1e-9
    assert found["sentence"].endswith("the second is better beyond chance.")
    turned = versus(compared(RECIPE, GOOD), compared(RECIPE, steady))
    assert turned["difference"]["mean"] == pytest.approx(-0.05)
    assert turned["sentence"].endswith("the second is worse beyond chance.")


def test_runs_that_cannot_be_told_apart_are_not_ranked() -> None:
    found = versus(compared(RECIPE, list(GOOD)), tuned(RECIPE, NEAR))
    assert found["sentence"].endswith("the two cannot be told apart.")
    assert found["b"]["model"] == "Decision tree, tuned"
    assert "flatters" in found["notes"][0]
    same = versus(compared(RECIPE, list(GOOD)), compared(RECIPE, list(GOOD)))
    assert same["sentence"] == "ROC AUC is the same on every fold."


def test_an_ignored_column_leaves_the_folds_as_they_are() -> None:
    other = edits.set_role(RECIPE, "z", "ignore")
    assert rows_key(other) == rows_key(RECIPE)
    assert versus(compared(RECIPE, list(GOOD)), compared(other, list(NEAR)))["comparable"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda r: r.model_copy(update={"seed": 7}), "other rows or another split"),
        (lambda r: edits.set_split(r, test_size=0.3), "other rows or another split"),
        (lambda r: edits.set_role(r, "z", "group"), "other rows or another split"),
        (lambda r: edits.drop_duplicates(r), "other rows or another split"),
        (lambda r: edits.add_missing(r, "y", "?"), "other rows or another split"),
        (lambda r: edits.set_positive(r, "0"), "they predict different things"),
        (lambda r: r.model_copy(update={"source": Source(table="t2", rows=9)}), "different tables"),
    ],
)
def test_runs_on_other_rows_are_not_compared(change: Any, reason: str) -> None:
    found = versus(compared(RECIPE, list(GOOD)), compared(change(RECIPE), list(NEAR)))
    assert not found["comparable"]
    assert found["difference"] is None
    assert found["sentence"].startswith("Not comparable: ") and reason in found["sentence"]


def test_other_metrics_and_other_fold_sizes_are_not_compared() -> None:
    by_f1 = edits.set_metric(RECIPE, "f1")
    assert versus(compared(by_f1, list(GOOD)), tuned(RECIPE, NEAR))["metric"] == "roc_auc"
    brier = Stored(Info("tune", by_f1), {**tuned(RECIPE, NEAR).payload, "metric": "brier"})
    assert "different metrics" in versus(brier, tuned(RECIPE, NEAR))["sentence"]
    assert (
        "folds"
        in versus(compared(RECIPE, list(GOOD)), compared(RECIPE, list(GOOD), [[1, 1]] * 5))["sentence"]
    )


def test_tests_are_shown_and_never_paired() -> None:
    found = versus(judged(RECIPE, 0.9, 0.88, 0.92), judged(RECIPE, 0.95, 0.93, 0.97))
    assert found["difference"] is None
    assert found["sentence"] == "ROC AUC on the same test rows: 0.9 and 0.95. Their intervals do not overlap."
    mixed = versus(judged(RECIPE, 0.9, None, None), compared(RECIPE, list(GOOD)))
    assert not mixed["comparable"]


def test_a_fold_without_a_score_does_not_count() -> None:
    found = versus(compared(RECIPE, [None, *GOOD[1:]]), compared(RECIPE, list(GOOD)))
    assert found["difference"]["mean"] == 0


def test_a_run_without_scores_is_refused() -> None:
    with pytest.raises(FoldlineError, match="no score"):
        versus(Stored(Info("challenge", RECIPE)), tuned(RECIPE, GOOD))


def result(model: str, seconds: float, rows: int, folds: int) -> dict[str, Any]:
    one = {"model": model, "status": "done", "seconds": seconds}
    return {"sizes": [[rows, 0]] * folds, "candidates": [one, {"model": "x", "status": "failed"}]}


def test_the_expected_cost_scales_with_rows() -> None:
    earlier = [result("ridge", 10.0, 800, 5)]
    assert paces(earlier) == {"ridge": 10.0 / 4000}
    five = Split(scheme="kfold", folds=5)
    recipe = RECIPE.model_copy(update={"split": five})
    wide = recipe.model_copy(update={"source": Source(table="t", rows=10_000)})
    one = [Candidate(id="ridge", model="ridge")]
    small, large = (expected(r, one, earlier, cores=1).seconds for r in (recipe, wide))
    assert small == pytest.approx(1 + 10.0)
    assert large == pytest.approx(1 + 100.0)
    assert expected(wide, one, earlier, cores=2).seconds == pytest.approx(1 + 50.0)
    assert expected(recipe, one, earlier, cores=1, times=10).seconds == pytest.approx(1 + 100.0)


def test_a_guess_says_that_it_is_one() -> None:
    pair = [Candidate(id=m, model=m) for m in ("ridge", "mlp_regressor")]
    assert "guess" in expected(RECIPE, pair, [], 2).words
    assert "1 of 2" in expected(RECIPE, pair, [result("ridge", 1.0, 80, 5)], 2).words
    assert expected(RECIPE, pair[:1], [result("ridge", 1.0, 80, 5)], 2).words.startswith("from earlier")


@pytest.mark.parametrize(
    ("scheme", "rows", "role", "folds"),
    [
        ("auto", 500, "", 10),
        ("auto", 5_000, "", 5),
        ("auto", 90_000, "", 3),
        ("auto", 900_000, "", 1),
        ("auto", 900_000, "group", 3),
        ("repeated", 500, "time", 5),
    ],
)
def test_folds_are_counted_before_they_are_made(scheme: Any, rows: int, role: Any, folds: int) -> None:
    recipe = RECIPE.model_copy(update={"source": Source(rows=rows), "split": Split(scheme=scheme)})
    assert folds_of(edits.set_role(recipe, "z", role) if role else recipe) == folds


def test_a_range_widens_as_far_as_the_setting_goes() -> None:
    depth = MODELS["tree_classifier"].param("min_samples_leaf")
    narrow = Range(low=20, high=40, log=True)
    assert widened(depth, narrow, "high") == Range(low=20, high=200, log=True)
    assert widened(depth, narrow, "low") == Range(low=2, high=40, log=True)
    assert widened(depth, Range(low=20, high=200, log=True), "high") is None
    share = MODELS["elastic_net"].param("l1_ratio")
    assert widened(share, Range(low=0.5, high=0.75), "low") == Range(low=0.25, high=0.75)
    for model in MODELS:
        for param in model.params:
            wanted = default_range(param)
            if wanted and not wanted.options and wanted.high is not None:
                middle = wanted.model_copy(
                    update={"high": (wanted.low or 0) + (wanted.high - (wanted.low or 0)) / 2}
                )
                wider = widened(param, middle, "high")
                assert wider is None or checked(param, wider) == wider


def test_another_model_starts_with_its_own_space() -> None:
    first = edits.choose(RECIPE, "tree_classifier")
    narrow = edits.set_range(first, "max_depth", Range(low=2, high=4))
    assert edits.choose(narrow, "tree_classifier", "tuned", max_depth=3).tuning.space
    assert not edits.choose(narrow, "random_forest_classifier").tuning.space
