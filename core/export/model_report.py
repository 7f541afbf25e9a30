"""What is known of a recipe's model when it leaves: its scores, rows and versions."""

from __future__ import annotations

import importlib.metadata
from datetime import UTC, datetime
from typing import Any

from core.recipe.document import Recipe
from core.results.compare import CompareResult
from core.results.evaluate import EvaluateResult
from core.results.tune import TuneResult
from core.train.validation_score import of_chosen
from core.train.work import Work

PACKAGES = ("numpy", "pandas", "scikit-learn", "lightgbm", "skops")


def importance_of(tested: EvaluateResult | None) -> dict[str, float] | None:
    """Column -> importance, most important first, as a test result found it; None when there is none."""
    return tested.weights if tested else None


def model_report(
    recipe: Recipe,
    work: Work,
    compared: CompareResult | None,
    tuned: TuneResult | None,
    tested: EvaluateResult | None,
    test_opened: int,
) -> dict[str, Any]:
    """What the card and the bundle tell of the recipe's model.

    Like the report.json of a run, but ``leaderboard`` has the rows of the comparison as they were stored and
    ``cv_score`` has ``value``, ``low`` and ``high``.

    Args:
        compared, tested: of this very recipe; None when there is none.
        tuned: the newest search.
        test_opened: how often the test set was opened.
    """
    score = of_chosen(recipe, compared, tuned)
    scores = tested.scores if tested else {}
    return {
        "task": recipe.task,
        "metric": recipe.metric,
        "leaderboard": [row.model_dump(mode="json") for row in compared.board] if compared else [],
        "chosen": recipe.chosen.id if recipe.chosen else "",
        "cv_score": score and {"value": score.mean, "low": score.low, "high": score.high},
        "test": {name: s.model_dump(include={"value", "low", "high"}) for name, s in scores.items()},
        "baseline": {name: s.baseline for name, s in scores.items()},
        "test_opened": test_opened,
        "rows": len(work.target.rows),
        "columns": len(recipe.inputs),
        "words": work.split.words,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {name: importlib.metadata.version(name) for name in PACKAGES},
    }
