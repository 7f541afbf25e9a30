"""Sentences about comparisons, searches and pairs of runs, and what a job is expected to cost."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.catalog.metrics import METRICS
from core.catalog.models import MODELS
from core.digits import decimals, difference, fixed, number, span
from core.errors import FoldlineError
from core.recipe import edits
from core.recipe.document import Candidate, ColumnChoice, Range, Recipe, Source, Split
from core.recipe.split import rows_key
from core.results.base import Failure
from core.results.compare import BoardRow, CandidateScores, CompareResult, RowScores
from core.results.tune import Gain, NoGain, Trial, TuneResult
from core.spec import Metric
from core.train.cost import BUSY, Pace, expected, folds_of, paces, passes_of
from core.train.judging.validation_score import FLATTERED, of_search
from core.train.ranking.interval import possible
from core.train.ranking.run_comparison import BY_FOLDS, versus
from core.train.ranking.statistics import corrected_interval
from core.train.ranking.wording import HOLD_OUT, gain_words, listed, overlap_words, verdict
from core.train.rows.split import split_rows
from core.train.rows.target import target_of
from core.train.search_space import checked, default_range, widened
from tests.boards import by_folds, comparison

LABELS = {"base": "Baseline", "a": "Linear", "b": "Forest", "c": "Boosting"}
SIMPLICITY = {"base": 0, "a": 1, "b": 2, "c": 3}


def board(**scores: list[float]) -> list[BoardRow]:
    return list(comparison(by_folds(scores, SIMPLICITY, "base"), LABELS, SIMPLICITY, "base").board)


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
            "Forest and Linear cannot be told apart; the simplest within 0.005 of the best is Linear. "
            "All beat the baseline on the same rows, beyond chance.",
        ),
        (
            board(base=FLAT, a=POOR, b=GOOD),
            "Forest is ahead of all others by more than chance explains. "
            "All beat the baseline on the same rows, beyond chance.",
        ),
        (
            board(base=FLAT, a=GOOD),
            "Linear is the only model beside the baseline. "
            "It beats the baseline on the same rows, beyond chance.",
        ),
        (
            board(base=GOOD, a=POOR),
            "No model scores better than the baseline. None of them beats the baseline beyond chance.",
        ),
        (
            board(a=GOOD, b=[0.5, math.nan, math.nan, math.nan, math.nan], c=POOR),
            "Linear leads, but the rows are too few to tell which differences are real.",
        ),
        (
            board(a=[0.9], b=[0.8]),
            "Linear leads, but the rows are too few to tell which differences are real.",
        ),
    ],
)
def test_a_leaderboard_in_words(rows: list[BoardRow], said: str) -> None:
    candidates = [CandidateScores.model_construct(id=key, label=LABELS[key], status="done") for key in LABELS]
    facts = {"metric": "roc_auc", "baseline": "base", "board": tuple(rows), "candidates": candidates}
    assert verdict(CompareResult.model_construct(**facts, margin=None)) == said


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
        ((-1200.0, -3400.0, 900.0), "-1,200 [-3,400, +900]"),
        ((0.0, 0.0, 0.0), "0"),
        ((-3.2e-6, -0.01, 0.009), "0.000 [-0.010, +0.009]"),
        ((0.25, None, None), "+0.25"),
        ((0.02, 0.0004, 0.04), "+0.0200 [+0.0004, +0.0400]"),
        ((0.02, -0.0004, 0.04), "+0.0200 [-0.0004, +0.0400]"),
    ],
)
def test_a_difference_has_the_digits_its_interval_deserves(numbers: Any, said: str) -> None:
    assert difference(*numbers) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.91324, "0.913"),
        (0.9, "0.900"),
        (0.9996, "0.9996"),
        (1.0, "1.000"),
        (12.3456, "12.35"),
        (3.2e-6, "0.0000032"),
        (-1e-20, "0.000"),
        (5040, "5,040"),
        (9999.6, "10,000"),
        (23_456.7, "23,457"),
        (float("nan"), "–"),
    ],
)
def test_a_score_is_never_written_with_an_exponent(value: float, said: str) -> None:
    assert number(value) == said


@pytest.mark.parametrize(
    ("low", "high", "fresh", "said"),
    [
        (0.009, 0.033, True, "The tuned model is better: ROC AUC +0.021 [+0.009, +0.033] on fresh folds."),
        (-0.01, 0.03, True, "No gain beyond noise: ROC AUC +0.010 [-0.010, +0.030] on fresh folds."),
        (
            -0.03,
            -0.01,
            True,
            "Worse on fresh folds: ROC AUC -0.020 [-0.030, -0.010]. Keep the untuned model.",
        ),
        (
            -0.01,
            0.03,
            False,
            "No gain beyond noise: ROC AUC +0.010 [-0.010, +0.030] "
            "on the same folds, which flatters the tuned model.",
        ),
    ],
)
def test_a_gain_in_words(low: float, high: float, fresh: bool, said: str) -> None:
    gain = Gain(mean=(low + high) / 2, low=low, high=high, fresh_folds=fresh)
    assert gain_words(gain, "roc_auc") == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (80, 160, "The tuned model is better: Mean absolute error lower by 120 [80, 160] on fresh folds."),
        (-80, 20, "No gain beyond noise: Mean absolute error higher by 30 [-20, 80] on fresh folds."),
    ],
)
def test_a_gain_is_told_as_what_became_of_the_score(low: float, high: float, said: str) -> None:
    gain = Gain(mean=(low + high) / 2, low=low, high=high, fresh_folds=True)
    assert gain_words(gain, "mae") == said


def test_a_gain_that_is_not_known_is_not_claimed() -> None:
    stopped = NoGain(error=Failure(code="STOPPED", problem="The search was stopped."), fresh_folds=True)
    assert gain_words(stopped, "roc_auc") == "The gain is not known. The search was stopped."
    nan = Gain(mean=0.1, low=float("nan"), high=None, fresh_folds=True)
    assert "cannot be told" in gain_words(nan, "roc_auc")


@pytest.mark.parametrize(
    ("metric", "given", "cut"),
    [
        ("roc_auc", (-0.1, 1.1), (0, 1)),
        ("average_precision", (-0.02, 0.3), (0, 0.3)),
        ("accuracy", (0.9, 1.1), (0.9, 1)),
        ("mcc", (-1.2, 0.3), (-1, 0.3)),
        ("brier", (-0.2, 1.3), (0, 1)),
        ("log_loss", (-0.2, 3.0), (0, 3.0)),
        ("r2", (-0.2, 1.3), (-0.2, 1)),
        ("rmse", (-2.0, 30.0), (0, 30.0)),
    ],
)
def test_an_interval_ends_where_the_score_does(metric: str, given: Any, cut: Any) -> None:
    assert possible(*given, METRICS[metric]) == cut


def test_an_interval_that_is_not_known_stays_so() -> None:
    assert all(math.isnan(end) for end in possible(math.nan, math.nan, METRICS["roc_auc"]))


@pytest.mark.parametrize("metric", list(METRICS), ids=lambda metric: metric.id)
def test_every_score_ends_at_its_best(metric: Metric) -> None:
    best = metric.high if metric.better == "higher" else metric.low
    assert math.isfinite(best), "a score without a best value could not be told apart from a mistake"


def test_the_badge_goes_to_a_tie_that_beats_the_baseline() -> None:
    # The linear model swings between the folds: no difference of it is real, neither to the best one nor to
    # the baseline. It is the simplest of the ties, and no advice.
    wild = [0.95, 0.40, 0.97, 0.42, 0.96]
    rows = {row.id: row for row in board(base=FLAT, a=wild, b=NEAR, c=GOOD)}
    assert [key for key, row in rows.items() if row.tied_with_best][-1] == "a"
    assert (rows["a"].beats_baseline, rows["b"].beats_baseline) == (False, True)
    assert [key for key, row in rows.items() if row.simplest_tie] == ["b"]
    none = {row.id: row for row in board(base=FLAT, a=wild, b=wild[::-1])}
    assert none["a"].simplest_tie, "the simplest of all ties when none of them beats the baseline"


def test_a_score_and_its_interval_have_the_same_decimals() -> None:
    assert (number(0.4751, 0.419, 0.54), span(0.419, 0.54, 0.4751)) == ("0.475", "0.419 to 0.540")
    assert (number(0.1, 9.8, 12.3), span(9.8, 12.3, 0.1)) == ("0.10", "9.80 to 12.30")
    assert span(None, 0.5) == "" and number(None) == "–"
    assert fixed(1e6, decimals(0.2)) == "1,000,000"


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
FACTS: dict[str, Any] = {
    "task": "binary",
    "metric": "roc_auc",
    "better": "higher",
    "fingerprint": "f",
    "split": "d",
    "words": "",
    "seconds": 1.0,
}


def compared(
    recipe: Recipe, auc: list[float | None], sizes: Any = SIZES, rows: RowScores | None = None
) -> Stored:
    known = tuple(value for value in auc if value is not None)
    scores = {"ridge": {"roc_auc": (0.0,) * 5}, "tree": {"roc_auc": tuple(auc), "f1": known}}
    candidates = [
        {"id": id, "model": id, "label": id.capitalize(), "params": {}, "status": "done", "error": None}
        | {"scores": own, "rounds": [], "simplicity": 1}
        | dict.fromkeys(("seconds", "fit_seconds", "predict_seconds", "cpu_seconds", "peak_mb"), 1.0)
        for id, own in scores.items()
    ]
    own = corrected_interval(known, 4, 1)
    facts = {"id": "tree", "mean": own.mean, "low": own.low, "high": own.high}
    best = [board(a=[0.0] * 5)[0].model_copy(update=facts)]
    counts = {"train": 800, "test": 200, "without_target": 0, "repeated": 0}
    payload = FACTS | {"target": "y", "classes": [], "table": "t1", "rows": counts, "baseline": "ridge"}
    payload |= {"candidates": candidates, "board": best, "best": "tree", "cpu_seconds": 1.0, "sizes": sizes}
    payload |= {"best_rows": rows and rows.model_dump(mode="json")}
    return Stored(Info("compare", recipe), payload)


def tuned(
    recipe: Recipe,
    auc: list[float],
    fresh: bool = False,
    sizes: Any = SIZES,
    rows: RowScores | None = None,
) -> Stored:
    trial = {"trial": "trial_1", "params": {}, "all_params": {}, "status": "done", "error": None}
    trial |= {"score": sum(auc) / len(auc), "folds": auc, "seconds": 1.0}
    gain = {"mean": 0.0, "low": 0.0, "high": 0.0, "fresh_folds": fresh, "tuned": auc}
    gain |= {"tuned_rows": rows and rows.model_dump(mode="json")}
    payload = FACTS | {"model": "tree_classifier", "search": "tpe", "planned": 1, "space": {}, "gain": gain}
    payload |= {"default": trial, "trials": [trial], "best": trial, "edges": [], "cut_by": "", "sizes": sizes}
    return Stored(Info("tune", recipe), payload)


def judged(recipe: Recipe, value: float, low: float | None, high: float | None) -> Stored:
    scores = {"roc_auc": {"value": value, "low": low, "high": high, "baseline": 0.5}}
    payload = {name: FACTS[name] for name in ("task", "metric", "fingerprint", "words")}
    payload |= {"classes": [], "rows": 1, "resampled": "rows", "resamples": 1000, "scores": scores}
    payload |= {"curves": {}, "train_scores": {}, "importance": {}, "slices": {}, "model": "Tree"}
    payload |= {"opened": 1, "train_rows": 1, "test_rows": 1}
    return Stored(Info("evaluate", recipe), payload)


def test_runs_on_the_same_folds_are_paired() -> None:
    steady = [value - 0.05 for value in GOOD]
    found = versus(compared(RECIPE, steady), compared(RECIPE, GOOD))
    assert found.comparable
    assert found.difference.mean == pytest.approx(0.05)
    assert found.difference.high - found.difference.low < 1e-9
    assert found.sentence.endswith("the second is better beyond chance.")
    turned = versus(compared(RECIPE, GOOD), compared(RECIPE, steady))
    assert turned.difference.mean == pytest.approx(-0.05)
    assert turned.sentence.endswith("the second is worse beyond chance.")


def test_runs_that_cannot_be_told_apart_are_not_ranked() -> None:
    found = versus(compared(RECIPE, list(GOOD)), tuned(RECIPE, NEAR))
    assert found.sentence.endswith("the two cannot be told apart.")
    assert found.b.model == "Decision tree, tuned"
    assert "flatters" in found.notes[0]
    same = versus(compared(RECIPE, list(GOOD)), compared(RECIPE, list(GOOD)))
    assert same.sentence == "ROC AUC is the same."


def test_a_score_that_a_search_chose_has_no_interval() -> None:
    found = versus(compared(RECIPE, list(GOOD)), tuned(RECIPE, NEAR))
    assert found.a.low is not None and found.a.why == ""
    assert (found.b.low, found.b.high) == (None, None) and found.b.why == FLATTERED
    assert found.b.score == pytest.approx(sum(NEAR) / len(NEAR))


def test_a_score_that_a_search_chose_is_not_called_better_beyond_chance() -> None:
    steady = [value - 0.05 for value in GOOD]
    for found in (
        versus(compared(RECIPE, list(steady)), tuned(RECIPE, GOOD)),
        versus(tuned(RECIPE, GOOD), compared(RECIPE, list(steady))),
    ):
        assert found.sentence.endswith("these folds cannot tell whether that is more than chance.")
    worse = versus(compared(RECIPE, list(GOOD)), tuned(RECIPE, steady))
    assert worse.sentence.endswith("the second is worse beyond chance."), "though it is flattered"


def rows_of(auc: list[float], seed: int, units: int = 100, spread: float = 0.002, **more: Any) -> RowScores:
    scores = np.mean(auc) + spread / units * np.random.default_rng(seed).normal(size=units)
    facts = {"alike": "rows", "sizes": (8,) * units, "inflation": 1.25, "rounds": 1.0}
    return RowScores.model_validate({"scores": tuple(scores), **facts, **more})


@pytest.mark.parametrize("fresh", [True, False])
@pytest.mark.parametrize("sizes", [SIZES, SIZES[:1]])
def test_a_pair_shows_the_scores_that_the_list_of_runs_shows(fresh: bool, sizes: Any) -> None:
    folds = len(sizes)
    one, search = compared(RECIPE, GOOD[:folds], sizes), tuned(RECIPE, NEAR[:folds], fresh, sizes)
    listed = of_search(TuneResult.model_validate(search.payload))
    for pair, place in ((versus(one, search), "b"), (versus(search, one), "a")):
        mine = getattr(pair, place)
        assert (mine.score, mine.low, mine.high, mine.why) == (
            listed.mean,
            listed.low,
            listed.high,
            listed.why,
        )
        assert pair.comparable == (not fresh or folds > 1), "another hold-out has other rows"


def test_fresh_folds_are_the_same_rows_divided_anew() -> None:
    one = compared(RECIPE, list(POOR), rows=rows_of(POOR, 0))
    better = versus(one, tuned(RECIPE, GOOD, True, rows=rows_of(GOOD, 1)))
    assert better.sentence.endswith("the second is better beyond chance.")
    assert "divided anew" in better.notes[0]
    unknown = versus(compared(RECIPE, list(POOR)), tuned(RECIPE, GOOD, True))
    assert unknown.difference is not None and unknown.difference.low is None
    assert unknown.sentence.endswith("there is too little to tell whether that is more than chance.")


@pytest.mark.parametrize(
    ("change", "by_rows"),
    [
        ({}, True),
        ({"units": 90}, False),
        ({"alike": "groups"}, False),
        ({"sizes": (9,) * 100}, False),
    ],
)
def test_only_the_same_units_are_paired_by_rows(change: dict[str, Any], by_rows: bool) -> None:
    one = compared(RECIPE, list(GOOD), rows=rows_of(GOOD, 0))
    found = versus(one, compared(RECIPE, list(NEAR), rows=rows_of(NEAR, 1, **change)))
    assert found.difference is not None and found.difference.low is not None
    assert (BY_FOLDS in found.notes) == (not by_rows)


def test_a_hold_out_is_told_by_its_rows_and_says_what_that_means() -> None:
    alone, sizes = [0.9], SIZES[:1]
    one = compared(RECIPE, alone, sizes, rows_of(alone, 0))
    found = versus(one, compared(RECIPE, [0.7], sizes, rows_of([0.7], 1)))
    assert found.sentence.endswith("the second is worse beyond chance.")
    assert found.notes == (HOLD_OUT,)


def test_an_ignored_column_leaves_the_folds_as_they_are() -> None:
    other = edits.set_role(RECIPE, "z", "ignore")
    assert rows_key(other) == rows_key(RECIPE)
    assert versus(compared(RECIPE, list(GOOD)), compared(other, list(NEAR))).comparable


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
    assert not found.comparable
    assert found.difference is None
    assert found.sentence.startswith("Not comparable: ") and reason in found.sentence


def test_other_metrics_and_other_fold_sizes_are_not_compared() -> None:
    by_f1 = edits.set_metric(RECIPE, "f1")
    assert versus(compared(by_f1, list(GOOD)), tuned(RECIPE, NEAR)).metric == "roc_auc"
    brier = Stored(Info("tune", by_f1), tuned(RECIPE, NEAR).payload | {"metric": "brier"})
    assert "different metrics" in versus(brier, tuned(RECIPE, NEAR)).sentence
    assert (
        "folds" in versus(compared(RECIPE, list(GOOD)), compared(RECIPE, list(GOOD), [[1, 1]] * 5)).sentence
    )


def test_tests_are_shown_and_never_paired() -> None:
    found = versus(judged(RECIPE, 0.9, 0.88, 0.92), judged(RECIPE, 0.95, 0.93, 0.97))
    assert found.difference is None
    assert found.sentence == "ROC AUC on the same test rows: 0.900 and 0.950. Their intervals do not overlap."
    mixed = versus(judged(RECIPE, 0.9, None, None), compared(RECIPE, list(GOOD)))
    assert not mixed.comparable


def test_a_fold_without_a_score_does_not_count() -> None:
    found = versus(compared(RECIPE, [None, *GOOD[1:]]), compared(RECIPE, list(GOOD)))
    assert found.difference.mean == 0


def test_a_run_without_scores_is_refused() -> None:
    with pytest.raises(FoldlineError, match="no score"):
        versus(Stored(Info("challenge", RECIPE)), tuned(RECIPE, GOOD))


def result(model: str, seconds: float, rows: int, folds: int) -> CompareResult:
    one = CandidateScores.model_construct(
        model=model, status="done", seconds=2 * seconds, cpu_seconds=seconds
    )
    failed = CandidateScores.model_construct(model="x", status="failed")
    return CompareResult.model_construct(sizes=((rows, 0),) * folds, candidates=(one, failed))


def test_the_expected_cost_scales_with_rows() -> None:
    earlier = paces([result("ridge", 10.0, 800, 5)])
    assert earlier == {"ridge": Pace(10.0 / 4000, BUSY * 20.0 / 4000)}
    five = Split(scheme="kfold", folds=5)
    recipe = RECIPE.model_copy(update={"split": five})
    wide = recipe.model_copy(update={"source": Source(table="t", rows=10_000)})
    one = [Candidate(id="ridge", model="ridge")]
    small, large = (expected(r, one, earlier, cores=1) for r in (recipe, wide))
    assert (small.low, small.high) == pytest.approx((1 + 10.0, 1 + BUSY * 20.0))
    assert (large.low, large.high) == pytest.approx((1 + 100.0, 1 + BUSY * 200.0))
    assert expected(wide, one, earlier, cores=2).low == pytest.approx(1 + 50.0)
    assert expected(recipe, one, earlier, cores=1, times=10).low == pytest.approx(1 + 100.0)


def test_a_search_is_expected_to_cost_what_its_last_trials_did() -> None:
    ended = (("done", 20.0), ("done", 40.0), ("failed", 1.0))
    trials = tuple(Trial.model_construct(seconds=seconds, status=status) for status, seconds in ended)
    search = TuneResult.model_construct(model="ridge", sizes=((800, 0),) * 5, trials=trials)
    known = paces([result("ridge", 10.0, 800, 5)], [search])
    assert known["ridge"].least == pytest.approx(30.0 / 4000)
    assert paces([], [search.model_copy(update={"trials": ()})]) == {}


def test_a_guess_says_that_it_is_one() -> None:
    pair = [Candidate(id=m, model=m) for m in ("ridge", "mlp_regressor")]
    known = paces([result("ridge", 1.0, 80, 5)])
    assert "guess" in expected(RECIPE, pair, {}, 2).words
    assert "1 of 2" in expected(RECIPE, pair, known, 2).words
    assert expected(RECIPE, pair[:1], known, 2).words.startswith("from earlier")


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


def test_steps_forward_in_time_cost_what_their_folds_hold() -> None:
    frame = pd.DataFrame({"when": [str(20_000 + i) for i in range(600)], "y": ["0", "1"] * 300})
    columns = (
        ColumnChoice(name="when", kind="numeric", role="time"),
        ColumnChoice(name="y", kind="boolean", role="target"),
    )
    recipe = Recipe(source=Source(table="t", rows=600), target="y", positive="1", columns=columns)
    recipe = recipe.model_copy(update={"split": Split(scheme="kfold", folds=5)})
    found = split_rows(recipe, frame, target_of(recipe, frame))
    rows = sum(len(fit) + len(valid) for fit, valid in found.folds)
    assert passes_of(recipe) * len(found.train) == pytest.approx(rows, rel=0.02)


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


@pytest.mark.parametrize(
    ("low", "beats", "says"), [(0.45, True, True), (0.6, True, False), (0.45, False, False)]
)
def test_an_interval_that_holds_the_baseline_is_explained(low: float, beats: bool, says: bool) -> None:
    done = comparison(by_folds({"base": FLAT, "a": POOR}, SIMPLICITY, "base"), LABELS, SIMPLICITY, "base")
    rows = [
        row.model_copy(update={"low": low, "high": 0.92, "beats_baseline": beats}) if row.id == "a" else row
        for row in done.board
    ]
    words = overlap_words(done.model_copy(update={"board": tuple(rows), "judged_by": "rows"}))
    assert words.startswith("The interval of Linear holds the score of the baseline") if says else words == ""
