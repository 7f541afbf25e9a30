"""What the board says against a model is said again wherever its scores are shown, and by the test rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.recipe import edits
from core.results.bundle import ExportResult
from core.results.compare import CompareResult
from core.results.evaluate import ConfusionMatrix, Curves, EvaluateResult
from core.train.ranking.wording import unbeaten_words
from tests.boards import by_folds, comparison
from tests.page_support import Loaded, module_home, opened, parsed, texts
from tests.test_validation import MISSES, edit, project, rows, run, validated
from ui.models.leaderboard_table import table

home = module_home
LABELS = {"base": "Baseline", "a": "Linear", "b": "Forest"}
ORDER = {"base": 0, "a": 1, "b": 2}
FLAT, LUCKY = [0.5] * 5, [0.62, 0.41, 0.55, 0.47, 0.58]
GOOD = [0.90, 0.91, 0.89, 0.92, 0.90]
NOTHING = "may have learned nothing"


@pytest.fixture(scope="module")
def noise(home: Path) -> Loaded:
    """Rows of which 5 % are positive, whatever the columns say; the test set was opened."""
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(rng.normal(size=(600, 3)).round(3), columns=["debt", "late", "age"])
    made = project(home, frame.assign(risk=np.where(rng.random(600) < 0.05, "bad", "good")), "noise")
    run(made, "evaluate")
    return made


def warned(app: AppTest) -> str:
    return " ".join(one.value for one in app.warning)


@pytest.mark.parametrize("page", ["evaluate", "export", "tune"])
def test_a_model_that_beats_no_baseline_is_told_on_every_later_page(noise: Loaded, page: str) -> None:
    assert NOTHING in warned(opened(page, noise.project))


def test_what_the_test_rows_say_of_the_threshold_is_told_after_opening(noise: Loaded) -> None:
    shown = warned(opened("evaluate", noise.project))
    assert "No positive is found" in shown and "that are bad the model finds none" in shown
    card = parsed(ExportResult, run(noise, "export")).card
    assert "No positive is found" in card and NOTHING in card


def test_advice_on_the_threshold_stays_after_opening(home: Path) -> None:
    made = project(home, rows(0.05, 900), "opened_rare")
    assert validated(made).advice is not None
    run(made, "evaluate")
    app = opened("evaluate", made.project)
    assert MISSES in texts(app) and NOTHING not in warned(app)
    edit(made, lambda old: edits.set_threshold(old, 0.05))
    run(made, "evaluate")
    assert "No positive is found" not in warned(opened("evaluate", made.project))


@pytest.mark.parametrize(
    ("scores", "chosen", "said"),
    [
        ({"base": FLAT, "a": LUCKY, "b": LUCKY[::-1]}, "a", "no model beats the baseline"),
        ({"base": FLAT, "a": LUCKY}, "tuned", "no model beats the baseline"),
        (
            {"base": FLAT, "a": LUCKY, "b": GOOD},
            "a",
            "not beat the baseline beyond chance; 1 of 2 do",
        ),
        ({"base": FLAT, "a": LUCKY, "b": GOOD}, "b", ""),
        ({"base": FLAT, "a": LUCKY, "b": GOOD}, "tuned", ""),
        ({"a": LUCKY, "b": GOOD}, "a", ""),
    ],
)
def test_a_model_that_does_not_beat_the_baseline_in_words(
    scores: dict[str, list[float]], chosen: str, said: str
) -> None:
    labels = {key: LABELS[key] for key in scores}
    baseline = "base" if "base" in scores else None
    compared = comparison(by_folds(scores, ORDER, baseline), labels, ORDER, "base")
    words = unbeaten_words(compared, chosen)
    assert said in words and bool(said) == bool(words)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (
            ((90, 0), (10, 0)),
            "10 test rows that are bad the model finds none at its threshold: it calls no row so.",
        ),
        (
            ((89, 1), (1, 0)),
            "1 test row that is bad the model finds none at its threshold: the 1 row that it",
        ),
        (((90, 0), (9, 1)), ""),
        (((90, 10), (0, 0)), ""),
    ],
)
def test_test_rows_of_which_no_positive_is_found(counts: tuple[tuple[int, int], ...], said: str) -> None:
    table = ConfusionMatrix(labels=("good", "bad"), counts=counts, others=0)
    curves = Curves(confusion=table)
    result = EvaluateResult.model_construct(task="binary", classes=("good", "bad"), curves=curves)
    assert said in result.unfound and bool(said) == bool(result.unfound)
    assert (
        EvaluateResult.model_construct(task="multiclass", classes=("good", "bad"), curves=curves).unfound
        == ""
    )


def test_a_lead_over_the_baseline_that_may_be_chance_is_not_called_none() -> None:
    result = comparison(by_folds({"base": FLAT, "a": LUCKY}, ORDER, "base"), LABELS, ORDER, "base")
    badges = dict(zip(*(table(filled(result), None)[name] for name in ("model", "badge")), strict=True))
    assert badges == {"Linear": "simplest, unproven", "Baseline": ""}
    below = [1 - score for score in LUCKY]
    result = comparison(by_folds({"base": FLAT, "a": below}, ORDER, "base"), LABELS, ORDER, "base")
    badges = dict(zip(*(table(filled(result), None)[name] for name in ("model", "badge")), strict=True))
    assert badges["Linear"].endswith("≤ baseline")


def filled(result: CompareResult) -> CompareResult:
    """The comparison with what its table needs of each model beside the board."""
    timed = {"fit_seconds": 1.0, "predict_seconds": 1.0, "model": "logistic", "params": {}}
    every = tuple(one.model_copy(update=timed) for one in result.candidates if one.id in ("base", "a"))
    return result.model_copy(update={"candidates": every})


def test_a_validation_after_the_test_set_was_opened_does_not_call_it_locked(noise: Loaded) -> None:
    edit(noise, lambda old: edits.choose(old, "gaussian_nb", "gaussian_nb"))
    validated(noise)
    shown = texts(opened("evaluate", noise.project))
    assert "In validation" in shown and "stays locked" not in shown
    assert "No test row is looked at for this." in shown
