"""A score that is not defined is told as such, never shown as 0; neither is a spread that is not there."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.metrics import METRICS, score
from core.digits import difference, span
from core.evaluate.prediction import of_proba
from core.evaluate.report import evaluate
from core.evaluate.threshold import threshold_table
from core.export.card import card
from core.export.model_report import not_defined
from core.recipe.document import Candidate, Recipe
from core.results.bundle import ModelReport
from core.results.compare import BoardRow, CandidateScores, CompareResult
from core.results.tune import Gain, TuneResult
from core.results.validate import FoldScore
from core.scoring.pairing import pair
from core.train.judging.validation_score import FRESH, ValidationScore
from core.train.ranking.statistics import corrected_interval
from core.train.ranking.wording import undefined_words
from core.train.tried import Tried
from ui.evaluate import validation
from ui.models.leaderboard_table import table

Y = np.array(["no"] * 6 + ["yes"] * 2, dtype=object)
ONE_OF_FIVE = (None, 1.0, None, None, None)


def said(*chances: float):
    shares = np.array(chances)
    return of_proba("binary", ("no", "yes"), np.stack([1 - shares, shares], axis=1), "yes")


QUIET = said(*[0.1] * 6, 0.3, 0.4)


def tried(*scores: float | None) -> Tried:
    one = Tried(Candidate(id="a", model="logistic"), len(scores))
    one.scores = {"precision": [np.nan if score is None else score for score in scores]}
    one.finished = len(scores)
    return one


def compared(metric: str, *scores: float | None) -> CompareResult:
    candidate = CandidateScores.model_construct(
        id="a",
        model="logistic",
        label="Logistic regression",
        params={},
        status="done",
        scores={"precision": ONE_OF_FIVE, metric: scores},
        fit_seconds=1.0,
        predict_seconds=1.0,
    )
    mean = float(np.mean([score or 0 for score in scores]))
    row = BoardRow(
        id="a",
        rank=1,
        mean=mean,
        std=float(np.std([score or 0 for score in scores])),
        low=mean,
        high=mean,
        difference=0.0,
        diff_low=0.0,
        diff_high=0.0,
        tied_with_best=True,
        simplest_tie=False,
        beats_baseline=None,
        folds=5,
    )
    return CompareResult.model_construct(
        metric=metric, candidates=(candidate,), board=(row,), sizes=((8, 2),) * 5, baseline="dummy"
    )


def test_precision_is_not_defined_where_no_row_is_called_positive() -> None:
    assert np.isnan(score(METRICS["precision"], Y, QUIET))
    assert score(METRICS["f1"], Y, QUIET) == 0, "F1 is 0 by its definition"
    steps = threshold_table(pair(Y, QUIET))
    assert steps["precision"].isna().equals(steps["tp"] + steps["fp"] == 0)
    told = evaluate(Y, QUIET, baseline=QUIET)["scores"]["precision"]
    assert told["value"] is None and told["baseline"] is None and told["why"]


@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=2, max_size=8))
def test_a_fold_that_calls_none_never_wins(scores: list[float | None]) -> None:
    called = [score for score in scores if score is not None]
    ranked = tried(*scores).ranked(METRICS["precision"])
    assert ranked.sum() == pytest.approx(sum(called)), "calling none adds nothing"
    assert tried(*scores).of_folds("precision") == tuple(scores), "and it is stored as not defined"


def test_what_counts_in_the_ranking_is_told() -> None:
    words = undefined_words(compared("precision", *ONE_OF_FIVE))
    assert "not defined" in words and "counts as 0" in words and "Logistic regression (4 of 5 folds)" in words
    assert not undefined_words(compared("precision", *[0.5] * 5))
    assert not undefined_words(compared("roc_auc", *ONE_OF_FIVE)), "there the rows do not define it"


def test_the_card_says_what_counts_in_the_ranking() -> None:
    tuned = TuneResult.model_construct(
        metric="precision", gain=Gain.model_construct(fresh_folds=True, tuned=ONE_OF_FIVE)
    )
    fresh = ValidationScore("tuned", "logistic", {}, 0.2, where=FRESH)
    on_folds = ValidationScore("a", "logistic", {}, 0.2)
    board = compared("precision", *ONE_OF_FIVE)
    for words in (not_defined(on_folds, board, None), not_defined(fresh, board, tuned)):
        assert "counts as 0" in words and "4 of 5 folds" in words
        report = ModelReport(task="binary", metric="precision", rows=9, columns=2, undefined=words)
        assert words in card(Recipe(target="y", task="binary", metric="precision"), report)
    assert not not_defined(on_folds, compared("precision", *[0.5] * 5), tuned)


def test_folds_that_do_not_define_a_score_are_counted_on_screen() -> None:
    assert (
        validation._spread(FoldScore(mean=1.0, folds=ONE_OF_FIVE, baseline=None)) == "not defined on 4 of 5"
    )
    two = FoldScore(mean=0.75, folds=(None, 1.0, 0.5), baseline=None)
    assert validation._spread(two) == "0.500 to 1.000, not defined on 1 of 3"
    shown = table(compared("roc_auc", *[0.9] * 5), None, ["precision"])
    assert shown["precision"].tolist() == ["1.000 (1/5)"]


def test_no_interval_is_shown_where_nothing_varied() -> None:
    assert span(1.0, 1.0, 1.0) == "" and "[" not in difference(0.0, 0.0, 0.0)
    assert span(0.9, 1.0) and "[" in difference(0.0, -0.1, 0.1)
    assert not corrected_interval([0.7] * 5, 80, 20).with_spread().available
    assert corrected_interval([0.7, 0.8], 80, 20).with_spread().available
    assert table(compared("roc_auc", *[1.0] * 5), None)["interval"].tolist() == ["no spread"]
