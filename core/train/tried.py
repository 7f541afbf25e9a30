"""What is known of a candidate while its folds come in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.catalog.models import MODELS
from core.evaluate.prediction import Prediction
from core.recipe.document import Candidate
from core.results.base import failure
from core.results.compare import CandidateScores, Status
from core.scoring.pairs import Floats
from core.spec import Metric


@dataclass
class Tried:
    """What is known of a candidate so far.

    Attributes:
        without: (units,) its mean score without each unit of the judged rows, once all folds are there.
    """

    candidate: Candidate
    folds: int
    scores: dict[str, list[float | None]] = field(default_factory=dict)
    predictions: list[Prediction | None] = field(default_factory=list)
    error: dict[str, str] | None = None
    fit_seconds: float = 0.0
    predict_seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_mb: float = 0.0
    rounds: list[int | None] = field(default_factory=list)
    finished: int = 0
    without: Floats | None = None

    def __post_init__(self) -> None:
        self.predictions = [None] * self.folds
        self.rounds = [None] * self.folds

    def take(self, fold: int, value: dict[str, Any]) -> None:
        """Add what a fold gave."""
        for name, number in value["scores"].items():
            self.scores.setdefault(name, [None] * self.folds)[fold] = number
        self.predictions[fold] = value["prediction"]
        self.fit_seconds += value["fit_seconds"]
        self.predict_seconds += value["predict_seconds"]
        self.rounds[fold] = value["rounds"]
        self.finished += 1

    def of(self, metric: str) -> np.ndarray:
        """(folds,) scores, NaN where a fold is not there yet."""
        return np.array([np.nan if v is None else v for v in self.scores.get(metric, [None] * self.folds)])

    def ranked(self, metric: Metric) -> Floats:
        """(folds,) scores as they rank: those that the model left undefined count as the metric says."""
        there = np.array([score is not None for score in self.scores.get(metric.id, [None] * self.folds)])
        return np.where(there, metric.for_ranking(self.of(metric.id)), np.nan)

    def of_folds(self, metric: str) -> tuple[float | None, ...]:
        """The scores as they are stored: None where a fold is not there or does not define one."""
        return tuple(float(v) if np.isfinite(v) else None for v in self.of(metric))

    @property
    def status(self) -> Status:
        """``failed``, ``done`` or ``stopped``."""
        if self.error:
            return "failed"
        return "done" if self.finished == self.folds else "stopped"

    def facts(self) -> CandidateScores:
        """As it is stored."""
        scores = {name: self.of_folds(name) for name in self.scores}
        spec = MODELS[self.candidate.model]
        return CandidateScores(
            id=self.candidate.id,
            model=self.candidate.model,
            label=spec.label,
            params=self.candidate.params,
            status=self.status,
            error=failure(self.error),
            scores=scores,
            seconds=self.fit_seconds + self.predict_seconds,
            fit_seconds=self.fit_seconds,
            predict_seconds=self.predict_seconds,
            cpu_seconds=self.cpu_seconds,
            peak_mb=self.peak_mb,
            rounds=tuple(number for number in self.rounds if number),
            simplicity=spec.simplicity,
        )
