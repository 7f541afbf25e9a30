"""The model that stands for a stored run, when two runs are put side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from core.catalog.metrics import METRICS
from core.catalog.models import MODELS
from core.errors import FoldlineError
from core.recipe.document import Recipe
from core.results.base import parsed
from core.results.compare import CompareResult, RowScores
from core.results.evaluate import EvaluateResult, TestScore
from core.results.tune import Gain, TuneResult
from core.scoring.pairs import Floats
from core.train.judging.validation_score import ValidationScore, of_comparison, of_search


class Info(Protocol):
    """What is asked of a stored run's facts."""

    @property
    def kind(self) -> str: ...
    @property
    def recipe(self) -> Recipe: ...


class Kept(Protocol):
    """What is asked of a stored run (``core.store.runs.Run``)."""

    @property
    def info(self) -> Info: ...
    @property
    def payload(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Side:
    """The model that stands for a run.

    Attributes:
        model: its name.
        scores: metric -> fold scores (None where undefined); empty for a test result.
        tests: metric -> score on the test rows; empty for the others.
        sizes: (rows to fit, rows to validate) of each fold.
        metric: that ranked; ``own`` is its score by that, as lists of runs show it; None for a test result.
        rows: that score without each unit of the validation rows; None where they were not stored.
        picked: these folds chose it among many trials, so its scores flatter it.
        fresh: its folds are others than those of a comparison: the same rows divided anew.
    """

    model: str
    scores: Mapping[str, Sequence[float | None]]
    tests: Mapping[str, TestScore]
    sizes: Sequence[tuple[int, int]]
    metric: str = ""
    own: ValidationScore | None = None
    rows: RowScores | None = None
    picked: bool = False
    fresh: bool = False

    def folds(self, metric: str) -> Floats:
        """(folds,) scores as they rank, NaN where a fold does not define one."""
        scores = np.array([np.nan if value is None else value for value in self.scores[metric]])
        return METRICS[metric].for_ranking(scores)


def side(run: Kept) -> Side:
    """The best of a comparison, the best settings of a search, or the tested model.

    A search stands there with its score on folds that it never used, where it has one.

    Raises:
        FoldlineError: ``RUN`` for a run of another kind or without a finished model; ``RESULT``
            when what it found has an unknown form.
    """
    kind, payload = run.info.kind, run.payload
    if kind == "compare" and (compared := parsed(CompareResult, payload)).board:
        best = compared.candidate(compared.board[0].id)
        own = of_comparison(compared)[0]
        return Side(best.label, best.scores, {}, compared.sizes, compared.metric, own, compared.best_rows)
    if kind == "tune":
        return _of_search(parsed(TuneResult, payload))
    if kind == "evaluate":
        tested = parsed(EvaluateResult, payload)
        return Side(tested.model, {}, tested.scores, ())
    raise FoldlineError("RUN", f"A run of the kind {kind!r} has no score to compare.", "Choose another run.")


def _of_search(tuned: TuneResult) -> Side:
    own, gain = of_search(tuned), tuned.gain if isinstance(tuned.gain, Gain) else None
    fresh = not own.why
    return Side(
        f"{MODELS[tuned.model].label}, tuned",
        {tuned.metric: gain.tuned if gain and fresh else tuned.best.folds},
        {},
        tuned.sizes,
        tuned.metric,
        own,
        gain.tuned_rows if gain else None,
        picked=not fresh,
        fresh=fresh,
    )
