"""When a model is retrained: the bet that may begin late, windows in a row, and what is said of both."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import binomtest

from core.challenge.betting import BETS
from core.evaluate.prediction import Prediction, of_proba, of_values
from core.recipe import edits
from core.recipe.document import load
from core.watch.decision.baseline import baseline_of, baseline_of_score
from core.watch.decision.evidence import late_bets, wins_of
from core.watch.decision.found import fall
from core.watch.decision.history import Rehearsal
from core.watch.decision.labelled import window_of
from core.watch.decision.losses import mean_ends, stretch_of, summed
from core.watch.decision.operating import World, asks, operating
from core.watch.decision.rehearsal import rehearse
from core.watch.decision.rule import Decision, decide
from core.watch.decision.unevenness import moments, unevenness
from core.watch.decision.window import Baseline, Losses, Policy, Window
from tests.test_command import answer

RIGHT = np.array([["no", "yes"]])


def drawn(seed: int, rows: int, right: float) -> tuple[Any, Prediction]:
    """Labels of two classes of which a share is predicted right."""
    rng = np.random.default_rng([seed, rows])
    return _of(rng.integers(0, 2, rows), rng.random(rows) < right)


def _of(truth: Any, right: Any) -> tuple[Any, Prediction]:
    share = np.where(np.where(right, truth, 1 - truth) == 1, 0.8, 0.2)
    named = np.where(truth == 1, "yes", "no").astype(object)
    return named, of_proba("binary", ("no", "yes"), np.column_stack([1 - share, share]))


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    rng = np.random.default_rng(0)
    return baseline_of("accuracy", *_of(rng.integers(0, 2, 1000), rng.permutation(1000) < 850))


def week(baseline: Baseline, place: int, right: float, rows: int = 100, **facts: Any) -> Window:
    window = window_of(
        baseline, f"2025-{1 + place // 4:02d}-{1 + 7 * (place % 4):02d}", 500, *drawn(place, rows, right)
    )
    return window.model_copy(update=facts)


def weeks(baseline: Baseline, *rights: float, **facts: Any) -> list[Window]:
    return [week(baseline, place, right, **facts) for place, right in enumerate(rights)]


def said(baseline: Baseline, windows: list[Window], **facts: Any) -> Decision:
    return decide(windows, baseline, Policy(), **facts)


def test_a_model_that_got_worse_is_retrained_and_the_test_is_named(baseline: Baseline) -> None:
    done = said(baseline, weeks(baseline, *[0.85] * 6, *[0.7] * 4))
    assert done.action == "RETRAIN"
    assert done.test and ((done.e or 0) >= 20 or (done.p or 1) <= 0.0005)
    assert done.n == done.windows * 100 and 0.1 < (done.drop or 0) < 0.25
    assert done.text.startswith("Retrain: Accuracy fell by 0.2") and "0.850 on the hold-out" in done.text
    assert f"{done.windows} windows since 2025-0" in done.text


def test_a_model_that_did_not_change_is_kept_where_labels_say_so(baseline: Baseline) -> None:
    kept = said(baseline, weeks(baseline, *[0.86] * 8, rows=300))
    assert kept.action == "KEEP" and "a fall of 0.050 is ruled out" in kept.text
    few = said(baseline, weeks(baseline, *[0.86] * 2, rows=10))
    assert few.action == "NOT_ENOUGH_DATA" and "20 labelled rows" in few.text
    assert said(baseline, []).action == "NOT_ENOUGH_DATA"
    assert said(baseline, [Window(at="2025-01-01", rows=5)]).text.endswith("Accuracy is not known.")


def test_a_window_and_a_policy_come_back_from_json(baseline: Baseline) -> None:
    window = week(baseline, 3, 0.8, joint_drift=True, estimate=0.8)
    assert Window.model_validate_json(window.model_dump_json()) == window
    assert Baseline.model_validate_json(baseline.model_dump_json()) == baseline
    assert Policy.model_validate(Policy(tol=0.1).model_dump(mode="json")) == Policy(tol=0.1)


def test_the_order_in_which_windows_are_given_says_nothing(baseline: Baseline) -> None:
    windows = weeks(baseline, *[0.85] * 4, *[0.7] * 3)
    assert said(baseline, windows[::-1]) == said(baseline, windows)


def test_broken_rows_are_looked_into_and_prove_nothing(baseline: Baseline) -> None:
    sound = weeks(baseline, *[0.85] * 6)
    broken = [week(baseline, place, 0.6, schema_error="Column 'price' is all empty.") for place in (6, 7, 8)]
    done = said(baseline, sound + broken)
    assert done.action == "INVESTIGATE" and "'price'" in done.text and "no ground to retrain" in done.text
    mended = said(baseline, sound + broken + [week(baseline, place, 0.86, 300) for place in range(9, 15)])
    assert mended.action == "KEEP"
    worse = [week(baseline, place, 0.7) for place in range(9, 14)]
    assert said(baseline, sound + broken + worse).action == "RETRAIN"


def test_without_labels_drift_and_an_estimate_ask_twice(baseline: Baseline) -> None:
    blind = {"labelled": 0, "losses": None, "score": None, "low": None, "high": None, "alike": None}
    odd = weeks(baseline, 0.85, 0.85, **blind, joint_drift=True, estimate=0.7)
    assert said(baseline, odd).action == "RETRAIN_UNCONFIRMED"
    assert decide(odd, baseline, Policy(unconfirmed=False)).action == "NOT_ENOUGH_DATA"
    assert said(baseline, odd[:1]).action == "NOT_ENOUGH_DATA"
    calm = [odd[0], odd[1].model_copy(update={"estimate": 0.84})]
    assert said(baseline, calm).action == "NOT_ENOUGH_DATA"
    labelled = weeks(baseline, *[0.87] * 6, rows=400)
    drifted = [one.model_copy(update={"joint_drift": True, "estimate": 0.7}) for one in labelled]
    assert said(baseline, drifted).action == "KEEP"


def test_nothing_is_retrained_at_once_or_on_few_rows(baseline: Baseline) -> None:
    worse = weeks(baseline, *[0.5] * 3)
    assert said(baseline, worse, began="2025-01-14").action == "INVESTIGATE"
    assert "not retrained yet" in said(baseline, worse, began="2025-01-14").text
    assert said(baseline, worse, began="2025-01-01T08:00:00+00:00").action == "RETRAIN"
    few = [one.model_copy(update={"rarest": 1}) for one in worse]
    done = said(baseline, few)
    assert done.action == "NOT_ENOUGH_DATA" and "300 new labelled rows, 500 are asked for" in done.text


def test_a_small_change_that_is_sure_is_not_called_a_drop(baseline: Baseline) -> None:
    done = said(baseline, weeks(baseline, *[0.81] * 10, rows=5000))
    assert done.action != "RETRAIN" and (done.e or 0) > 1e6
    assert any("not shown to be so by 0.050" in one for one in done.reasons)


def test_wealth_is_the_mixture_over_starts() -> None:
    """As the definition has it: every start with its stake, every bet, multiplied out."""
    losses = [Losses(counts=((0, a), (400, b), (1000, c))) for a, b, c in ((5, 2, 1), (3, 0, 4), (1, 1, 5))]
    mean = 0.3
    values = [np.repeat([0, 0.4, 1.0], [one.counts[i][1] for i in range(3)]) for one in losses]
    for now in range(3):
        wealth = 1 / (now + 2)  # not staked yet
        for start in range(now + 1):
            after = np.concatenate(values[start : now + 1])
            each = [np.prod(1 + share / mean * (after - mean)) for share in BETS]
            wealth += np.mean(each) / ((start + 1) * (start + 2))
        found = late_bets(wins_of(losses, mean)).log_wealth[now]
        assert_allclose(np.exp(found), wealth, rtol=1e-10)


def test_the_mean_wealth_of_bets_stays_one_under_the_null() -> None:
    """Exactly, over all outcomes of three windows of two rows: what Ville's inequality stands on."""
    mean, total = 0.3, 0.0
    outcomes = [[(a, b, c)] for a in range(3) for b in range(3) for c in range(3)]
    for ((*wrong,),) in outcomes:
        chance = np.prod([[0.49, 0.42, 0.09][one] for one in wrong])
        windows = [Losses(counts=((0, 2 - one), (1000, one))) for one in wrong]
        total += chance * np.exp(late_bets(wins_of(windows, mean)).log_wealth[-1])
    assert_allclose(total, 1.0, rtol=1e-10)


def test_a_mean_of_wrong_rows_has_the_exact_interval() -> None:
    for wrong, rows in ((0, 60), (9, 60), (30, 200), (60, 60)):
        exact = binomtest(wrong, rows).proportion_ci()
        found = mean_ends(Losses(counts=((0, rows - wrong), (1000, wrong))))
        assert_allclose(found, (wrong / rows, exact.low, exact.high), atol=1e-10)


def test_the_simulation_is_the_rule(baseline: Baseline) -> None:
    """The same windows, one by one through ``decide`` and at once through the simulation."""
    rng, world = np.random.default_rng(4), World(labels=100)
    then = rng.binomial(1000, 0.15, 12)
    now = rng.binomial(100, np.where(np.arange(16) < 8, 0.15, 0.24), (12, 16))
    asked = asks(Policy(), world, then, now)
    for draw in range(12):
        right = np.random.default_rng(draw).permutation(1000) >= then[draw]
        held = baseline_of("accuracy", *_of(np.tile([0, 1], 500), right))
        assert not held.in_time
        windows = [
            window_of(
                held, f"2025-01-{place + 1:02d}", 100, *_of(np.tile([0, 1], 50), np.arange(100) >= wrong)
            )
            for place, wrong in enumerate(now[draw])
        ]
        windows = [one.model_copy(update={"alike": None}) for one in windows]
        one_by_one = [decide(windows[: n + 1], held).action == "RETRAIN" for n in range(16)]
        assert one_by_one == asked[draw].tolist()
    assert asked.any() and not asked.all()


def test_the_rates_that_are_promised() -> None:
    """At 100 labels a week: a false alarm in 5 % of years at most, ten points found, in four weeks."""
    rates = operating(Policy(), 100, draws=1000)
    assert rates.false_high <= 0.05 and rates.found >= 0.99 and (rates.delay or 99) <= 4
    assert rates.text.startswith("With 100 labels a week and 1,000 hold-out rows: a false alarm once in ")
    naive = operating(Policy(together=0.49, p=0.05), 100, draws=1000)
    assert naive.false_alarms > 0.1, "two windows in a row alone are not enough"
    assert operating(Policy(), 100, draws=200, seed=3) == operating(Policy(), 100, draws=200, seed=3)


def test_few_rows_find_nothing_and_say_so() -> None:
    text = operating(Policy(), 10, holdout=15, draws=50).text
    assert text.endswith("not found within 41 weeks when the score drops by 10 points.")
    small = baseline_of("accuracy", *drawn(1, 15, 0.85))
    done = said(small, weeks(small, *[0.5] * 2, rows=15))
    assert done.action == "NOT_ENOUGH_DATA"


def series(seed: int, rows: int) -> tuple[Any, Prediction]:
    """Wrong rows that follow each other in runs of ten."""
    rng = np.random.default_rng(seed)
    return _of(rng.integers(0, 2, rows), np.repeat(rng.random(rows // 10) < 0.85, 10))


def test_rows_that_are_alike_untold_count_for_less() -> None:
    """Runs of ten rows: the hold-out is taken as a series, and windows of them seldom raise an alarm."""
    told = baseline_of("accuracy", *series(1, 4000))
    assert told.in_time and told.stretch >= 16
    free = baseline_of("accuracy", *drawn(1, 4000, 0.85))
    alarms = 0
    for seed in range(20):
        windows = [
            window_of(free, f"2025-{1 + n // 4:02d}-{1 + 7 * (n % 4):02d}", 100, *series(100 * seed + n, 100))
            for n in range(20)
        ]
        assert decide(windows, free).reasons[-1].startswith("Rows of a window are alike")
        alarms += any(decide(windows[: n + 1], free).action == "RETRAIN" for n in range(3, 20))
    assert alarms <= 2


def test_windows_of_independent_rows_are_even_and_a_drop_is_not_unevenness() -> None:
    rng = np.random.default_rng(2)
    wrong = rng.binomial(100, np.where(np.arange(20) < 10, 0.1, 0.4), (300, 20))
    start = np.full(wrong.shape, 10)
    even = unevenness(np.full(wrong.shape, 100), wrong, wrong, start)[:, -1]
    assert np.mean(even > 1) <= 0.09
    lots = 20 * rng.binomial(5, 0.15, (300, 20))
    uneven = unevenness(np.full(lots.shape, 100), lots, lots, np.zeros(lots.shape, dtype=int))[:, -1]
    assert np.median(uneven) == pytest.approx(20, rel=0.3)
    assert_allclose(np.array(moments([Losses(counts=((0, 3), (500, 2)))]))[:, 0], (5, 1.0, 0.5))


def test_neighbours_are_put_together_until_they_are_not_alike() -> None:
    rng = np.random.default_rng(3)
    assert stretch_of(rng.random(2000)) == (1, 0.0)
    size, alike = stretch_of(np.repeat(rng.random(200), 10))
    assert size in (16, 32) and not alike
    size, alike = stretch_of(np.cumsum(rng.normal(size=500)))
    assert size == 16 and alike > 0.5


@pytest.mark.parametrize("metric", ["roc_auc", "log_loss", "brier", "f1", "recall", "precision"])
def test_every_kind_of_score_has_losses_in_bounds(metric: str) -> None:
    rng = np.random.default_rng(5)
    truth = (rng.random(3000) < 0.3).astype(int)
    share = 1 / (1 + np.exp(-(3 * truth - 2 + rng.normal(size=3000))))
    named = np.where(truth == 1, "yes", "no").astype(object)
    held = baseline_of(metric, named, of_proba("binary", ("no", "yes"), np.column_stack([1 - share, share])))
    assert held.loss is not None and 0 <= held.loss[1] <= held.loss[0] <= held.loss[2] <= 1
    if held.own and held.score is not None:
        ideal = held.score if held.better == "lower" else 1 - held.score
        assert held.loss[0] == pytest.approx(ideal, abs=0.015)


def stretches(seed: int, rows: int = 1000) -> tuple[Any, Prediction]:
    """Two classes whose rows are told apart well within stretches of 50 rows, and badly over them."""
    rng = np.random.default_rng(seed)
    level = np.repeat(rng.normal(scale=2.0, size=rows // 50), 50)
    truth = (rng.random(rows) < 0.4).astype(int)
    share = 1 / (1 + np.exp(-(2 * truth + level + rng.normal(size=rows))))
    named = np.where(truth == 1, "yes", "no").astype(object)
    return named, of_proba("binary", ("no", "yes"), np.column_stack([1 - share, share]))


def test_the_roc_auc_of_a_decision_is_that_of_the_windows_in_whatever_order_their_rows_come() -> None:
    held = baseline_of("roc_auc", *stretches(1, 2000))
    windows = [window_of(held, f"2025-01-0{n}", 1000, *stretches(10 + n)) for n in range(1, 5)]
    scores = [one.score or 0.0 for one in windows]
    for count in (1, 4):
        found = fall(windows[:count], held)
        assert found.now == pytest.approx(np.mean(scores[:count]))
        assert found.value == pytest.approx((held.score or 0.0) - np.mean(scores[:count]))
        assert found.averaged == (count > 1)
        text = decide(windows[:count], held).text
        assert "on average" in text or count == 1 or "can neither be shown" in text
    lost = [1 - one.losses.total / one.losses.units for one in windows if one.losses]
    assert np.mean(lost) == pytest.approx(np.mean(scores), abs=0.02)


def test_errors_of_a_regression_are_cut_and_a_drop_is_found() -> None:
    rng = np.random.default_rng(6)

    def rows(many: int, scale: float) -> tuple[Any, Prediction]:
        truth = 10 * rng.normal(size=many)
        return truth, of_values(truth + scale * rng.standard_t(2, many))

    held = baseline_of("mae", *rows(1000, 1.0))
    quiet = [window_of(held, f"2025-01-{n + 1:02d}", 200, *rows(200, 1.0)) for n in range(6)]
    assert decide(quiet, held).action != "RETRAIN"
    worse = [window_of(held, f"2025-02-{n + 1:02d}", 200, *rows(200, 2.0)) for n in range(4)]
    assert decide(quiet + worse, held).action == "RETRAIN"
    assert max(step for one in worse for step, _ in (one.losses or Losses(counts=())).counts) == 1000


def test_rare_classes_are_not_known_rather_than_kept() -> None:
    """With 2 % positive, 100 labels a week hold two of them: nothing is said of ROC AUC."""
    rng = np.random.default_rng(7)

    def rows(many: int, apart: float) -> tuple[Any, Prediction]:
        truth = (rng.random(many) < 0.02).astype(int)
        share = 1 / (1 + np.exp(-(apart * truth - 4 + rng.normal(size=many))))
        named = np.where(truth == 1, "yes", "no").astype(object)
        return named, of_proba("binary", ("no", "yes"), np.column_stack([1 - share, share]))

    held = baseline_of("roc_auc", *rows(5000, 1.5))
    windows = [
        window_of(held, f"2025-01-{n + 1:02d}", 100, *rows(100, 1.5 if n < 4 else 0.7)) for n in range(8)
    ]
    done = decide(windows, held)
    assert done.action == "NOT_ENOUGH_DATA" and "can neither be shown nor ruled out" in done.text


def test_groups_and_times_are_units(baseline: Baseline) -> None:
    truth, prediction = drawn(8, 400, 0.85)
    grouped = baseline_of("accuracy", truth, prediction, groups=np.arange(400) // 4)
    assert window_of(grouped, "2025-01-01", 9, truth, prediction, np.arange(400) // 4).losses == summed(
        (truth != prediction.labels).astype(float), np.arange(400) // 4
    )
    assert window_of(grouped, "2025-01-01", 9, truth, prediction).losses.units == 400  # type: ignore[union-attr]


def test_of_a_score_alone_a_bet_is_made_where_it_is_a_mean_of_losses() -> None:
    known = baseline_of_score("accuracy", 0.85, 0.83, 0.87, 1000)
    assert known.loss == pytest.approx((0.15, 0.13, 0.17))
    assert decide(weeks(known, *[0.85] * 4, *[0.7] * 4), known).action == "RETRAIN"
    unknown = baseline_of_score("log_loss", 0.4, 0.38, 0.42, 1000)
    assert unknown.loss is None and unknown.why
    worse = decide(weeks(unknown, *[0.7] * 4), unknown)
    assert any("No bet can be made" in one for one in worse.reasons)


class Ground:
    """A world whose rule turns over; a model is the sign that it saw most of late."""

    def __init__(self, rows: int, change: int) -> None:
        rng = np.random.default_rng(9)
        self.inputs = rng.integers(0, 2, rows)
        turned = np.where(np.arange(rows) < change, self.inputs, 1 - self.inputs)
        self.values = np.where(rng.random(rows) < 0.9, turned, 1 - turned)
        self.fits = 0

    def learn(self, rows: Any) -> int:
        self.fits += 1
        last = rows[-400:]
        return int(np.mean(self.inputs[last] == self.values[last]) < 0.5)

    def predict(self, model: int, rows: Any) -> Prediction:
        said = self.inputs[rows] ^ model
        return _of(said, np.ones(len(rows), dtype=bool))[1]

    def truth(self, rows: Any) -> Any:
        return np.where(self.values[rows] == 1, "yes", "no").astype(object)

    def drifted(self, old: Any, new: Any) -> bool:
        return False


def test_a_history_is_played_by_every_rule() -> None:
    world = Ground(6000, 3500)
    played = {one.name: one for one in rehearse(world, np.arange(6000), "accuracy", Rehearsal(), Policy())}
    assert played["never"].retrained == played["on drift"].retrained == ()
    rule = played["by the rule"]
    assert 1 <= len(rule.retrained) <= 3 and rule.said["RETRAIN"] == len(rule.asked)
    assert rule.retrained[0] >= (3500 - 1800) // 161, "labels of the change had come"
    assert rule.never.is_judged and rule.never.low > 0.05
    assert len(played["always"].retrained) >= 24 and len(played["monthly"].retrained) == 6
    assert world.fits < 60, "models are made once for all rules"


def test_labels_that_come_later_are_found_later() -> None:
    early, late = (
        rehearse(
            Ground(6000, 3500), np.arange(6000), "accuracy", replace(Rehearsal(), delay=delay), Policy()
        )[-1]
        for delay in (0, 4)
    )
    assert late.retrained[0] >= early.retrained[0] + 4
    assert late.score.value < early.score.value


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file whose rule turns over half way, and a recipe of one model for it."""
    folder = tmp_path_factory.mktemp("history")
    rng = np.random.default_rng(11)
    frame = pd.DataFrame(rng.normal(size=(2400, 2)), columns=["a", "b"]).round(3)
    sign = np.where(np.arange(2400) < 1300, 1, -1)
    frame["bought"] = np.where(rng.random(2400) < 1 / (1 + np.exp(-4 * sign * frame.a)), "yes", "no")
    frame.to_csv(folder / "rows.csv", index=False)
    answer("suggest", folder / "rows.csv", "--target", "bought", "-o", folder / "suggested.json")
    recipe = edits.set_metric(load(folder / "suggested.json"), "accuracy")
    (folder / "recipe.json").write_text(edits.choose(recipe, "logistic_regression").to_json())
    return folder


def test_a_recipe_is_rehearsed_on_its_file(history: Path) -> None:
    done = answer("rehearse", history / "recipe.json", history / "rows.csv", "--windows", "12", "--newest")
    assert (done["rows"], done["first"], done["windows"]) == (2400, 720, 12)
    assert [note["code"] for note in done["notes"]] == ["FILE_ORDER"]
    rules = {one["name"]: one for one in done["rules"]}
    assert rules["never"]["retrained"] == [] and len(rules["always"]["retrained"]) == 10
    assert rules["by the rule"]["retrained"] and rules["by the rule"]["never"]["value"] > 0.02
    assert done["text"].startswith(f"Accuracy {rules['by the rule']['score']['value']:.3f} with ")
    again = answer("rehearse", history / "recipe.json", history / "rows.csv", "--windows", "12", "--newest")
    assert again == done


def test_a_history_that_is_too_short_is_refused(history: Path) -> None:
    short = answer("rehearse", history / "recipe.json", history / "rows.csv", "--windows", "200", code=1)
    assert short["error"]["code"] == "ROWS"
    undecided = answer("rehearse", history / "suggested.json", history / "rows.csv", code=1)
    assert undecided["error"]["code"] == "MODEL"
