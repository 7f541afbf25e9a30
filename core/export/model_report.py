"""What is known of a recipe's model when it leaves: its scores, rows and versions."""

from __future__ import annotations

import importlib.metadata
from datetime import UTC, datetime

from core.catalog.metrics import ranking_first
from core.recipe.document import Recipe
from core.results.bundle import ModelReport
from core.results.carrier import question_of
from core.results.compare import CompareResult
from core.results.evaluate import EvaluateResult, ScoreInterval
from core.results.tune import NoGain, TuneResult
from core.train.judging.validation_score import FOLDS, FRESH, ValidationScore, of_chosen
from core.train.ranking.simplest import with_margin
from core.train.ranking.wording import counted_words, hold_out_words, unbeaten_words, undefined_words
from core.train.rows.opened import Looks
from core.train.work import Work

PACKAGES = ("numpy", "pandas", "scikit-learn", "lightgbm", "skops")


def importance_of(tested: EvaluateResult | None) -> dict[str, float] | None:
    """Column -> importance, most important first, as a test result found it; None when there is none."""
    return (tested.weights or None) if tested else None


def versions() -> dict[str, str]:
    """Package -> the version that is installed, of those that decide a model."""
    return {name: importlib.metadata.version(name) for name in PACKAGES}


def of_validation(score: ValidationScore) -> ScoreInterval:
    """A validation score as it is stored."""
    return ScoreInterval(value=score.mean, low=score.low, high=score.high, why=score.why)


def model_report(
    recipe: Recipe,
    work: Work,
    compared: CompareResult | None,
    tuned: TuneResult | None,
    tested: EvaluateResult | None,
    looks: Looks,
    columns: int,
) -> ModelReport:
    """What the card and the bundle tell of the recipe's model.

    Args:
        compared, tested: of this very recipe; None when there is none.
        tuned: the newest search.
        looks: how often rows of the test set were opened.
        columns: of the table.
    """
    score = of_chosen(recipe, compared, tuned)
    tests = ranking_first(tested.scores, recipe.metric) if tested else {}
    return ModelReport(
        task=recipe.task,
        metric=recipe.metric,
        leaderboard=with_margin(compared, recipe.margin).board if compared else (),
        chosen=recipe.chosen.id if recipe.chosen else "",
        cv_score=of_validation(score) if score else None,
        folds=score.where if score and score.where != FOLDS else "",
        test={name: s.alone for name, s in tests.items()},
        baseline={name: s.baseline for name, s in tests.items()},
        test_opened=len(looks.at),
        test_unknown=looks.unknown,
        test_rows=tested.test_rows if tested else 0,
        test_rows_opened=tested.opened_rows if tested else 0,
        rows=len(work.target.rows),
        without_target=work.target.without,
        repeated=work.target.repeated,
        columns=columns,
        words=work.split.words,
        doubt=compared.doubt if compared else "",
        carried=question_of(compared.carrier, recipe.accepted) if compared else "",
        copies=compared.copies if compared else "",
        unbeaten=unbeaten_words(compared, recipe.chosen.id) if compared and recipe.chosen else "",
        unfound=tested.unfound if tested else "",
        undefined=not_defined(score, compared, tuned),
        hold_out=hold_out_words(compared) if compared else "",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        versions=versions(),
    )


def not_defined(
    score: ValidationScore | None, compared: CompareResult | None, tuned: TuneResult | None
) -> str:
    """What is to be said of folds that do not define a score: of its comparison, or of its search."""
    is_tuned = score is not None and score.where == FRESH
    if is_tuned and tuned is not None and not isinstance(tuned.gain, NoGain):
        return counted_words(tuned.metric, {"the tuned model": tuned.gain.tuned})
    return undefined_words(compared) if compared else ""
