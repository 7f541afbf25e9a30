"""The chosen model on validation rows: each predicted by a fit without it, while the test set is closed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.engine.run_here import run_here
from core.evaluate.prediction import of_proba
from core.recipe import edits
from core.recipe.document import Recipe
from core.recipe.fingerprint import validation_key
from core.results.base import parsed
from core.results.bundle import ExportResult
from core.results.compare import CompareResult
from core.results.evaluate import EvaluateResult
from core.results.validate import ValidateResult
from core.train.judging.threshold_advice import advise_at
from tests.page_support import Loaded, loaded, module_home, opened, texts
from ui.widgets.state import Change

home = module_home
MISSES = "The threshold misses most"
EARLIER = "On the test set, with an earlier recipe"


def rows(share: float, number: int, seed: int = 5) -> pd.DataFrame:
    """Rows of two classes, this share of them positive, which a linear model can tell apart a little."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(number, 3))
    score = 1.5 * x[:, 0] + x[:, 1] + rng.logistic(size=number)
    frame = pd.DataFrame(x.round(3), columns=["debt", "late", "age"])
    frame["risk"] = np.where(score > np.quantile(score, 1 - share), "bad", "good")
    return frame


def project(home: Path, frame: pd.DataFrame, name: str) -> Loaded:
    """The rows in a project with a comparison of two models, one chosen."""
    path = home / f"{name}.csv"
    frame.to_csv(path, index=False)
    made = loaded(home, path)
    edit(made, lambda old: edits.set_target(old, "risk", "binary", "bad"))
    edit(made, lambda old: edits.set_candidates(old, ["logistic_regression"]))
    run(made, "compare")
    edit(made, lambda old: edits.choose(old, "logistic_regression"))
    return made


def edit(made: Loaded, change: Change) -> None:
    made.workspace.edit(made.project, lambda old: change(old or Recipe()), "edit")


def run(made: Loaded, kind: str, **more: str) -> dict[str, object]:
    spec = {"recipe": made.now().model_dump(mode="json"), **more}
    return run_here(made.workspace, made.project, kind, spec)


def validated(made: Loaded) -> ValidateResult:
    return parsed(ValidateResult, run(made, "validate", key=validation_key(made.now())))


@pytest.fixture(scope="module")
def rare(home: Path) -> Loaded:
    return project(home, rows(0.05, 1_500), "rare")


@pytest.fixture(scope="module")
def even(home: Path) -> Loaded:
    return project(home, rows(0.5, 300), "even")


def test_predictions_of_the_comparison_and_new_fits_are_the_same(rare: Loaded) -> None:
    kept = validated(rare)
    chosen = rare.now().chosen
    assert chosen is not None
    edit(rare, lambda old: edits.choose(old, chosen.model, "tuned", **chosen.params))
    fitted = validated(rare)
    rare.workspace.undo(rare.project)
    assert fitted.curves == kept.curves
    assert fitted.scores == kept.scores
    assert fitted.advice == kept.advice


def test_the_mean_of_the_folds_is_that_of_the_board(rare: Loaded) -> None:
    result = validated(rare)
    compared = parsed(CompareResult, run(rare, "compare"))
    board = next(row for row in compared.board if row.id == "logistic_regression")
    score = result.scores[result.metric]
    assert score.mean == pytest.approx(board.mean, abs=1e-12)
    assert score.folds == compared.candidate("logistic_regression").scores[result.metric]
    assert score.baseline == 0.5


def test_of_repeated_folds_each_row_counts_once(even: Loaded) -> None:
    result = validated(even)
    assert result.rows == 240, "300 rows, a fifth of them locked"
    confusion = result.curves.confusion
    assert confusion is not None and np.sum(confusion.counts) == 240


@pytest.mark.parametrize("candidate", ["logistic_regression", "tuned"])
def test_an_opened_test_set_has_thresholds_in_which_each_validation_row_counts_once(
    home: Path, candidate: str
) -> None:
    made = project(home, rows(0.5, 300), f"opened_{candidate}")
    edit(made, lambda old: edits.choose(old, "logistic_regression", candidate))
    table = parsed(EvaluateResult, run(made, "evaluate")).curves.validation_thresholds
    assert table is not None
    counts = np.sum([table[name] for name in ("tp", "fp", "fn", "tn")], axis=0)
    assert set(counts) == {240}, "300 rows, a fifth of them locked; the folds are drawn twice"


def test_the_test_set_stays_closed_and_pictures_are_there(rare: Loaded) -> None:
    run(rare, "validate", key=validation_key(rare.now()))
    app = opened("evaluate", rare.project)
    assert not app.exception
    assert "In validation" in texts(app) and "The test set is locked" in texts(app)
    assert "Not opened yet" in texts(app) and "The first look gives an honest score" in texts(app)
    assert [tab.label for tab in app.tabs][:4] == ["Scores", "Ranking", "Calibration", "Threshold"]


def test_a_threshold_that_misses_most_is_told_and_the_advised_one_is_not(rare: Loaded) -> None:
    advice = validated(rare).advice
    assert advice is not None
    assert advice.now == 0.5 and advice.recall_now < 0.5 and advice.recall > advice.recall_now + 0.1
    for page in ("evaluate", "export"):
        assert MISSES in texts(opened(page, rare.project))
    packed = parsed(ExportResult, run(rare, "export"))
    assert MISSES in packed.card and packed.report.advice == advice
    app = opened("evaluate", rare.project)
    app.button(key="evaluate.advice.use").click().run()
    assert rare.now().threshold == advice.value
    after = validated(rare)
    assert after.advice is None
    assert MISSES not in texts(opened("evaluate", rare.project))
    assert MISSES not in parsed(ExportResult, run(rare, "export")).card
    labels = after.curves.confusion
    assert labels is not None
    recall = labels.counts[1][1] / sum(labels.counts[1])
    assert recall == pytest.approx(advice.recall)
    rare.workspace.undo(rare.project)


def test_a_model_of_no_comparison_gets_the_same_advice_in_what_leaves(rare: Loaded) -> None:
    compared = parsed(ExportResult, run(rare, "export")).report.advice
    chosen = rare.now().chosen
    assert chosen is not None and compared is not None
    edit(rare, lambda old: edits.choose(old, chosen.model, "tuned", **chosen.params))
    packed = parsed(ExportResult, run(rare, "export"))
    rare.workspace.undo(rare.project)
    assert packed.report.advice == compared and MISSES in packed.card


def test_where_no_fold_can_be_fitted_what_leaves_says_that_no_threshold_was_looked_for(home: Path) -> None:
    made = project(home, rows(0.3, 80), "small")
    # 64 rows are learned from: enough for 55 neighbours, and those of a fold are not.
    edit(made, lambda old: edits.choose(old, "knn_classifier", "tuned", n_neighbors=55))
    packed = parsed(ExportResult, run(made, "export"))
    (left_out,) = packed.report.left_out
    assert left_out.part == "threshold advice" and "55" in left_out.problem
    assert "**No threshold advice.** The model refused the data" in packed.card


@pytest.mark.parametrize(
    ("share", "threshold", "title"),
    [
        (0.05, 0.0, "The threshold calls every row bad."),
        (0.05, 1e-9, "The threshold calls every row bad."),
        (0.05, 0.001, "The threshold calls nearly every row bad."),
        (0.5, 0.0, "The threshold calls every row bad."),
        (0.95, 0.0, "The threshold calls every row bad."),
        (0.05, 1.0, "The threshold misses most."),
        (0.5, 0.5, None),
        (0.5, 0.3, None),
    ],
)
def test_a_threshold_at_either_end_is_told(share: float, threshold: float, title: str | None) -> None:
    rng = np.random.default_rng(7)
    positive = rng.random(2_000) < share
    logit = np.log(share / (1 - share)) + 1.5 * rng.normal(size=2_000) + np.where(positive, 1.0, -1.0)
    p = 1 / (1 + np.exp(-logit))
    prediction = of_proba("binary", ("good", "bad"), np.column_stack([1 - p, p]), "bad")
    y = np.where(positive, "bad", "good")
    advice = advise_at(threshold, y, prediction)
    assert (advice.title if advice else None) == title
    if advice is not None and advice.alarms_now is not None and advice.alarms is not None:
        assert (
            advice.alarms < advice.alarms_now and f"{advice.alarms_now:.1%} of the other rows" in advice.words
        )


def test_a_model_that_says_the_same_of_all_rows_has_no_better_threshold() -> None:
    y = np.where(np.arange(100) < 60, "bad", "good")
    prediction = of_proba("binary", ("good", "bad"), np.tile([0.4, 0.6], (100, 1)), "bad")
    assert advise_at(0.5, y, prediction) is None


def test_a_threshold_of_zero_is_told_on_the_pages_and_in_what_leaves(rare: Loaded) -> None:
    edit(rare, lambda old: edits.set_threshold(old, 0.0))
    title = "The threshold calls every row bad"
    assert title in parsed(ExportResult, run(rare, "export")).card
    assert validated(rare).advice is not None
    for page in ("evaluate", "export"):
        assert title in texts(opened(page, rare.project))
    rare.workspace.undo(rare.project)


def test_classes_in_proportion_need_no_advice(even: Loaded) -> None:
    assert validated(even).advice is None


def test_a_test_result_of_an_earlier_recipe_does_not_hide_the_validation_of_this_one(even: Loaded) -> None:
    run(even, "evaluate")
    app = opened("evaluate", even.project)
    assert "In validation" not in texts(app) and EARLIER not in texts(app)
    edit(even, lambda old: edits.set_threshold(old, 0.3))
    judged = validated(even)
    app = opened("evaluate", even.project)
    assert not app.exception
    shown = texts(app)
    heads = [one.value for one in app.subheader]
    assert heads == ["The test set is locked", "In validation", EARLIER]
    assert "This is from before: " in shown and "threshold" in shown.split("This is from before: ")[1]
    assert "The first look is over" in shown and "The first look gives an honest score" not in shown
    packed = parsed(ExportResult, run(even, "export"))
    assert "opened once, with an earlier recipe" in packed.card and "never opened" not in packed.card
    assert f", {len(even.now().columns)} columns; the model reads {len(even.now().inputs)}" in packed.card
    assert "opened once, with an earlier recipe" in texts(opened("predict", even.project))
    labels = judged.curves.confusion
    assert labels is not None
    called = [row[1] for row in labels.counts]
    assert sum(called) > 120, "the pictures are those of the new threshold, which calls more rows positive"
    even.workspace.undo(even.project)
    assert EARLIER not in texts(opened("evaluate", even.project))


def test_a_first_look_is_not_promised_where_an_earlier_version_noted_no_rows(home: Path) -> None:
    made = project(home, rows(0.5, 200), "unknown")
    with made.workspace.opening(made.project, "another", {}):
        pass
    shown = texts(opened("evaluate", made.project))
    assert (
        "Whether this is a first look is not known" in shown
        and "another test set was opened here once" in shown
    )
    assert "The first look is over" not in shown and "The first look gives an honest score" not in shown
    packed = parsed(ExportResult, run(made, "export"))
    assert "Whether its locked test rows were seen is not known" in packed.card
    run(made, "evaluate")
    assert "Whether this was the first look is not known" in texts(opened("evaluate", made.project))
    packed = parsed(ExportResult, run(made, "export"))
    assert "opened once. Whether that was the first look is not known" in packed.card


def test_segments_are_drawn_with_what_is_expected_of_them(rare: Loaded) -> None:
    result = validated(rare)
    assert {"expected", "rest", "q", "worse", "why"} <= set(result.slices)
    rare.workspace.put(rare.project, "view.evaluate.tab", "Segments")
    app = opened("evaluate", rare.project)
    assert not app.exception
    assert (
        "judged is worse than expected" in texts(app)
        or "not worse than expected" in texts(app)
        or "worse than expected on" in texts(app)
    )


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_segments_of_a_result_of_an_earlier_version_are_not_believed(task: str) -> None:
    def page(task: str) -> None:
        from types import SimpleNamespace
        from typing import Any, cast

        from ui.evaluate import weak_segments

        old = {
            "column": ["a"],
            "segment": ["x"],
            "rows": [40],
            "score": [0.1],
            "rest": [0.5],
            "worse": [True],
        }
        metric = "roc_auc" if task == "binary" else "rmse"
        result = SimpleNamespace(slices=old, left_out=(), metric=metric, task=task)
        weak_segments.draw(cast(Any, result))

    app = AppTest.from_function(page, kwargs={"task": task}).run()
    assert not app.exception
    assert app.info and not app.dataframe


@pytest.mark.parametrize(
    ("why", "mark", "words"),
    [
        (("", ""), ":green", "None of the 2 segments that could be judged is worse than expected"),
        (("too few", ""), ":gray", "The one segment that could be judged is not worse than expected"),
        (("too few", ""), ":gray", "1 could not be judged: too few."),
        (("too few", "too few"), ":gray", "No segment could be judged. 2 could not be judged: too few."),
    ],
)
def test_segments_that_could_not_be_judged_are_counted_and_come_last(
    why: tuple[str, str], mark: str, words: str
) -> None:
    def page(why: tuple[str, str]) -> None:
        from types import SimpleNamespace
        from typing import Any, cast

        from ui.evaluate import weak_segments

        judged = [not one for one in why]
        table = {
            "column": ["a", "b"],
            "segment": ["x", "y"],
            "rows": [40, 40],
            "score": [0.5, 0.5],
            "expected": [0.5, 0.5],
            "rest": [0.5, 0.5],
            "worse_by": [0.0, 0.0],
            "q": [0.9 if one else None for one in judged],
            "worse": [False, False],
            "why": why,
        }
        result = SimpleNamespace(slices=table, left_out=(), metric="roc_auc", task="binary")
        weak_segments.draw(cast(Any, result))

    app = AppTest.from_function(page, kwargs={"why": why}).run()
    assert not app.exception
    assert app.markdown[0].value.startswith(mark) and words in app.markdown[0].value
    shown = app.dataframe[0].value
    assert shown[""].tolist() == sorted(["not judged: too few" if one else "not worse" for one in why])[::-1]
    assert set(shown["q"]) <= {"0.900", "–"}


def test_of_folds_that_are_drawn_twice_the_page_says_which_it_shows(even: Loaded, rare: Loaded) -> None:
    for made, said in ((even, True), (rare, False)):
        edit(made, lambda old: edits.set_seed(old, 9))
        validated(made)
        assert ("in the first of 2 rounds of folds" in texts(opened("evaluate", made.project))) == said
        made.workspace.undo(made.project)
