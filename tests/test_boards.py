"""What a leaderboard may say: simulated with a known truth, and the margin of the simplest model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.decided.boards import CELLS, Cell, board, judged_models, name_of, outcome
from benchmarks.decided.luck import any_behind
from core.catalog.metrics import METRICS
from core.command.run_steps import conclusion
from core.evaluate.intervals.units import Units
from core.evaluate.prediction import of_values
from core.export.card import card
from core.recipe import edits, usage_edits
from core.recipe.difference import differences
from core.recipe.document import Candidate, Recipe, parse
from core.recipe.fingerprint import fingerprint
from core.results.bundle import ModelReport
from core.results.compare import RowScores
from core.scoring.pairing import pair
from core.scoring.pairs import Floats
from core.train.ranking.contributions import Judged, judged_rows, mean_without_each
from core.train.ranking.joint import Joint, judge
from core.train.ranking.leaderboard import Entrant, leaderboard
from core.train.ranking.paired_rows import paired_by_rows
from core.train.ranking.run_side import Side
from core.train.ranking.simplest import margin_of, margin_words, with_margin
from core.train.ranking.wording import hold_out_words, verdict
from tests.boards import by_folds, comparison
from ui.models.leaderboard_table import standing_help

EQUAL = [cell for cell in CELLS if not cell.behind]
SIMPLICITY = {"base": 0, "a": 1, "b": 2, "c": 3}
LABELS = {"base": "Baseline", "a": "Linear", "b": "Forest", "c": "Boosting"}
CLOSE = {
    "base": [0.5] * 5,
    "a": [0.88, 0.91, 0.89, 0.90, 0.90],
    "b": [0.90, 0.90, 0.89, 0.91, 0.92],
    "c": [0.91, 0.90, 0.90, 0.91, 0.91],
}


@pytest.mark.parametrize(
    "cell",
    [
        Cell("half", "accuracy", 200, 10),
        Cell("half", "roc_auc", 300, 10, 1),
        Cell("classes", "log_loss", 200, 6),
        Cell("heavy", "rmse", 200, 10),
        Cell("groups", "mae", 200, 10),
    ],
    ids=name_of,
)
def test_few_boards_of_equal_models_call_one_behind(cell: Cell) -> None:
    wrong = sum(outcome(cell, seed)[0] for seed in range(40))
    assert wrong <= 5, "2 of 40 are promised; 6 or more are chance in 1 %"


@pytest.mark.gauntlet
@pytest.mark.parametrize("rows", [600, 2000])
def test_models_that_differ_by_chance_alone_are_ties_on_folds(rows: int) -> None:
    wrong = sum(any_behind(rows, 5, seed) for seed in range(100))
    assert wrong <= 10, "5 of 100 are promised; 11 or more are chance in 1 %"


@pytest.mark.parametrize("folds", [3, 5, 10])
def test_refitting_that_other_pairs_show_widens_a_pair_whose_folds_are_alike(folds: int) -> None:
    draw, units = np.random.default_rng(folds), Units("rows", np.arange(100), 100)
    without = {str(i): draw.normal(size=100) / 100 for i in range(10)}
    means = dict.fromkeys(without, 0.0)
    quiet = {key: np.full(folds, 0.1) for key in without}
    wild = quiet | {str(i): draw.normal(size=folds) for i in range(2, 10)}

    def width(scores: dict[str, Floats], baseline: str | None = None) -> float:
        found = Joint(means, without, units, 1.25, scores, baseline=baseline).interval(("0", "1"), 1.96)
        return found.high - found.low

    assert width(wild) > 1.3 * width(quiet)
    one = quiet | {"9": wild["9"]}
    assert width(one, "9") == width(quiet), "a baseline has nothing to refit"


def test_a_gap_that_is_far_beyond_chance_is_told() -> None:
    cell = Cell("half", "roc_auc", 1000, 6, behind=0.08)
    assert np.mean([outcome(cell, seed)[1] for seed in range(10)]) >= 0.9


@pytest.mark.gauntlet
@pytest.mark.parametrize("cell", EQUAL, ids=name_of)
def test_at_most_one_board_in_twenty_says_what_is_not_so(cell: Cell) -> None:
    wrong = sum(outcome(cell, seed)[0] for seed in range(200))
    assert wrong <= 17, "10 of 200 are promised; 18 or more are chance in 1 %"


@pytest.mark.gauntlet
@pytest.mark.parametrize("candidates", [3, 10])
def test_a_gap_of_two_hundredths_of_auc_on_5000_rows_is_told(candidates: int) -> None:
    cell = Cell("half", "roc_auc", 5000, candidates, behind=0.02)
    assert np.mean([outcome(cell, seed)[1] for seed in range(100)]) >= 0.7


@pytest.mark.parametrize(
    "cell", [replace(EQUAL[0], candidates=4), replace(EQUAL[3], candidates=4)], ids=name_of
)
def test_an_interval_excludes_zero_where_the_board_says_behind(cell: Cell) -> None:
    for seed in range(5):
        gap = replace(cell, behind=0.1, lagging=2)
        for row in board(gap, np.random.default_rng(seed)):
            assert row.diff_low <= row.difference <= row.diff_high
            assert row.tied_with_best == (row.rank == 1 or row.diff_low <= 0 <= row.diff_high)


@pytest.mark.parametrize(
    "cell",
    [replace(cell, candidates=2, rows=200) for cell in (EQUAL[1], EQUAL[3], EQUAL[17], EQUAL[22])],
    ids=name_of,
)
def test_a_pair_of_runs_is_told_apart_as_a_board_of_two(cell: Cell) -> None:
    draw = np.random.default_rng(3)
    judged, entrants = judged_models(cell, draw)
    rows = {row.id: row for row in leaderboard(entrants, judged, METRICS[cell.metric])}
    sizes = [(int(judged.fitted), len(codes)) for codes in judged.codes]
    sides = {
        name: Side(name, {cell.metric: one.folds}, {}, sizes, cell.metric, rows=stored(judged, one))
        for name, one in entrants.items()
    }
    worse = next(row for row in rows.values() if row.rank == 2)
    best = next(row for row in rows.values() if row.rank == 1)
    found = paired_by_rows(sides[best.id], sides[worse.id], cell.metric)
    assert found is not None
    assert (found.mean, found.low, found.high) == pytest.approx(
        (worse.difference, worse.diff_low, worse.diff_high), nan_ok=True
    )


def stored(judged: Judged, one: Entrant) -> RowScores:
    units = judged.units
    facts = {"inflation": judged.inflation, "rounds": judged.rounds, "alike": units.alike}
    return RowScores.model_validate({"scores": tuple(one.without), "sizes": tuple(units.sizes), **facts})


@given(st.integers(0, 10_000), st.integers(2, 8))
def test_a_candidate_more_never_makes_a_claim_easier(seed: int, candidates: int) -> None:
    draw = np.random.default_rng(seed)
    units = Units("rows", np.arange(200), 200)
    without = {str(i): draw.normal(size=200) for i in range(candidates)}
    means = {key: 0.1 * i for i, key in enumerate(without)}
    few = dict(list(without.items())[:-1])
    all_of_them, fewer = Joint(means, without, units, 1.0), Joint(means, few, units, 1.0)
    pairs = [(a, b) for a in few for b in few if a < b]
    more = [(a, b) for a in without for b in without if a < b]
    assert all_of_them.reach(more) >= fewer.reach(pairs) - 0.1, "but for the chance of the draws"


def test_twins_are_ties_and_a_difference_on_every_row_is_real() -> None:
    units = Units("rows", np.arange(100), 100)
    noise = np.random.default_rng(0).normal(size=100)
    joint = Joint({"a": 0.9, "b": 0.9, "c": 0.8}, {"a": noise, "b": noise, "c": noise}, units, 1.0)
    gaps = judge(joint, ["a", "b", "c"])
    assert not gaps["b", "a"].excludes_zero
    assert gaps["c", "a"].excludes_zero


def test_leaving_out_a_row_is_leaving_it_out_of_every_round() -> None:
    folds = [(np.arange(4, 8), np.arange(4)), (np.arange(4), np.arange(4, 8))] * 2
    judged = judged_rows(folds, 0)
    assert (judged.units.count, judged.rounds, judged.refits) == (8, 2, 2)

    truth = np.arange(8.0)
    pairs = [pair(truth[valid], of_values(truth[valid] + (truth[valid] == 3))) for _, valid in folds]
    without = mean_without_each(METRICS["mae"], pairs, judged)
    assert without[3] == 0
    assert without[[0, 1, 2]] == pytest.approx(1 / 3 / 2)
    assert without[4:] == pytest.approx(1 / 4 / 2)


@pytest.mark.parametrize(
    ("margin", "simplest", "words"),
    [
        (None, "b", "within 0.005 of the best"),
        (0.02, "a", "within 0.02 of the best"),
        (0.0, "c", "within 0 of the best"),
    ],
)
def test_the_simplest_is_within_the_margin(margin: float | None, simplest: str, words: str) -> None:
    rows = by_folds(CLOSE, SIMPLICITY, "base")
    assert all(row.tied_with_best for row in rows if row.id != "base")
    found = with_margin(comparison(rows, LABELS, SIMPLICITY, "base"), margin)
    assert [row.id for row in found.board if row.simplest_tie] == [simplest]
    assert margin_words(found) == words
    assert f"the simplest {words} is {LABELS[simplest]}" in verdict(found)


@pytest.mark.parametrize("folds", [1, 2, 5])
def test_a_board_of_one_hold_out_says_what_behind_means(folds: int) -> None:
    rows = by_folds({key: scores[:folds] for key, scores in CLOSE.items()}, SIMPLICITY, "base")
    compared = comparison(rows, LABELS, SIMPLICITY, "base")
    words = "of these fitted models, not of these kinds of model"
    report = ModelReport(
        task="binary", metric="roc_auc", rows=1, columns=1, hold_out=hold_out_words(compared)
    )
    recipe = Recipe(target="y", positive="1", chosen=Candidate(id="a", model="logistic_regression"))
    for text in (conclusion(compared), standing_help(compared), card(recipe, report)):
        assert (words in text) == (folds == 1)


@pytest.mark.parametrize(
    ("metric", "best", "expected"),
    [("roc_auc", 0.9, 0.005), ("rmse", 20_000.0, 200.0), ("log_loss", 0.3, 0.003), ("r2", 0.4, 0.005)],
)
def test_the_margin_that_suits_a_metric(metric: str, best: float, expected: float) -> None:
    assert margin_of(METRICS[metric], best, None) == pytest.approx(expected)
    assert margin_of(METRICS[metric], best, 0.7) == 0.7


def test_the_margin_is_part_of_the_recipe_and_moves_no_result() -> None:
    old = Recipe()
    assert "margin" not in old.model_dump(mode="json"), "documents without one keep their bytes"
    new = usage_edits.set_margin(old, 0.01)
    assert parse(new.model_dump(mode="json")) == new
    assert differences(old, new) == ["margin of the simplest model: automatic -> 0.01"]
    assert fingerprint(old, "compare") == fingerprint(new, "compare")
    assert edits.set_metric(new, "roc_auc").margin == 0.01
    other = edits.set_metric(new, "f1")
    assert other.margin is None, "it was in units of another metric"
    there = usage_edits.set_margin(other, 0.2)
    for metric, margin in (("roc_auc", 0.01), ("log_loss", None), ("f1", 0.2), ("roc_auc", 0.01)):
        there = edits.set_metric(there, metric)
        assert there.margin == margin, "it comes back with its metric"
    assert there.margins_aside == {"f1": 0.2}


def test_blocks_of_rows_follow_their_content_wherever_they_stand() -> None:
    rng = np.random.default_rng(8)
    order = rng.permutation(1_000)
    parts = np.array_split(rng.permutation(1_000), 5)
    folds = [(np.setdiff1d(order, part), part) for part in parts]
    moved = rng.permutation(1_000)  # where each row stands in another file
    there = [(moved[fit], moved[valid]) for fit, valid in folds]
    here, elsewhere = judged_rows(folds, 0, order=order), judged_rows(there, 0, order=moved[order])
    assert all((one == other).all() for one, other in zip(here.codes, elsewhere.codes, strict=True))
