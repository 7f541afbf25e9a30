"""The score of a model on new labelled rows, with an interval, against its hold-out score with its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from sklearn import metrics

from core.errors import FoldlineError
from core.transformers import as_text
from core.watch.reference import Numbers

Method = Literal["wilson", "delong", "bootstrap"]
Scorer = Callable[[NDArray[Any], NDArray[Any]], float]
RESAMPLES = 1000
FEWEST = 30
Z = 1.959963984540054


@dataclass(frozen=True)
class Score:
    """A score with its 95 % interval and the rows it stands on."""

    metric: str
    value: float
    low: float
    high: float
    n: int
    method: str


@dataclass(frozen=True)
class Performance:
    """How the model does now.

    Attributes:
        state: ``worse`` or ``better`` when the interval of the difference leaves out 0, ``same`` when not,
            ``too_few_rows`` under 30 labelled rows, ``no_reference`` without a hold-out score.
        difference: now minus hold-out, with its 95 % interval; None without a hold-out score.
    """

    state: Literal["worse", "same", "better", "too_few_rows", "no_reference"]
    now: Score
    holdout: Mapping[str, Any] | None
    difference: tuple[float, float, float] | None
    text: str

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)


NUMBER_SCORES: Mapping[str, tuple[Scorer, str]] = {
    "mae": (metrics.mean_absolute_error, "lower"),
    "rmse": (metrics.root_mean_squared_error, "lower"),
    "r2": (metrics.r2_score, "higher"),
}
CHANCE_SCORES: Mapping[str, tuple[Scorer, str]] = {
    "roc_auc": (metrics.roc_auc_score, "higher"),
    "average_precision": (metrics.average_precision_score, "higher"),
    "log_loss": (lambda truth, chance: float(metrics.log_loss(truth, chance, labels=[0, 1])), "lower"),
    "brier": (metrics.brier_score_loss, "lower"),
}
LABEL_SCORES: Mapping[str, tuple[Scorer, str]] = {
    "accuracy": (metrics.accuracy_score, "higher"),
    "balanced_accuracy": (metrics.balanced_accuracy_score, "higher"),
    "f1": (lambda truth, said: float(metrics.f1_score(truth, said, zero_division=0.0)), "higher"),
    "f1_macro": (
        lambda truth, said: float(metrics.f1_score(truth, said, average="macro", zero_division=0.0)),
        "higher",
    ),
    "precision": (
        lambda truth, said: float(metrics.precision_score(truth, said, zero_division=0.0)),
        "higher",
    ),
    "recall": (lambda truth, said: float(metrics.recall_score(truth, said, zero_division=0.0)), "higher"),
}
SCORES = {**NUMBER_SCORES, **CHANCE_SCORES, **LABEL_SCORES}
OF_POSITIVE = ("f1", "precision", "recall")


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    share = hits / n
    middle = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z * np.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
    return float(max(0.0, middle - half)), float(min(1.0, middle + half))


def delong(truth: NDArray[Any], chance: Numbers) -> tuple[float, float]:
    """AUC and its standard error (DeLong, DeLong and Clarke-Pearson 1988; ranks as Sun and Xu 2014)."""
    positive, negative = chance[truth == 1], chance[truth == 0]
    together = stats.rankdata(np.concatenate([positive, negative]))
    m, n = len(positive), len(negative)
    above = (together[:m] - stats.rankdata(positive)) / n
    below = 1 - (together[m:] - stats.rankdata(negative)) / m
    variance = above.var(ddof=1) / m + below.var(ddof=1) / n
    return float(above.mean()), float(np.sqrt(variance))


def score(metric: str, truth: Any, predicted: Any, positive: str = "", seed: int = 0) -> Score:
    """A score with its 95 % interval: Wilson for shares of rows, DeLong for AUC, else 1,000 bootstraps.

    Args:
        truth: the labels; rows whose label or prediction is missing are left out.
        predicted: classes, or probabilities of ``positive`` for scores of chances, or numbers.
        positive: the positive class of a binary task.

    Raises:
        FoldlineError: ``METRIC`` for an unknown metric; ``LABELS`` when no row, or one class only, is left.
    """
    if metric not in SCORES:
        raise FoldlineError(
            "METRIC", f"There is no metric {metric!r}.", f"Choose one of: {', '.join(SCORES)}."
        )
    y, p = _pair(metric, truth, predicted, positive)
    if not len(y):
        raise FoldlineError("LABELS", "No new row has both a label and a prediction.", "Give labelled rows.")
    if metric in CHANCE_SCORES and len(np.unique(y)) < 2:
        raise FoldlineError(
            "LABELS", "The new labels hold one class only.", "Give labelled rows of both classes."
        )
    if metric in ("accuracy", "precision", "recall"):
        return _share(metric, y, p)
    if metric == "roc_auc" and min(np.bincount(y)) > 1:
        value, error = delong(y, p)
        return Score(
            metric, value, max(0.0, value - Z * error), min(1.0, value + Z * error), len(y), "delong"
        )
    return _bootstrap(metric, y, p, seed)


def _pair(metric: str, truth: Any, predicted: Any, positive: str) -> tuple[NDArray[Any], NDArray[Any]]:
    y, p = pd.Series(np.asarray(truth, dtype=object)), pd.Series(np.asarray(predicted, dtype=object))
    if len(y) != len(p):
        raise FoldlineError(
            "LABELS", f"{len(y):,} labels and {len(p):,} predictions.", "Give one label a row."
        )
    y = pd.to_numeric(y, errors="coerce") if metric in NUMBER_SCORES else as_text(y)
    p = as_text(p) if metric in LABEL_SCORES else pd.to_numeric(p, errors="coerce")
    kept = (y.notna() & p.notna()).to_numpy()
    y, p = y[kept], p[kept]
    if metric in CHANCE_SCORES or metric in OF_POSITIVE:
        y = (y == positive).astype(int)
        p = (p == positive).astype(int) if metric in OF_POSITIVE else p
    return y.to_numpy(), p.to_numpy(None if metric in LABEL_SCORES else np.float64)


def _share(metric: str, y: NDArray[Any], p: NDArray[Any]) -> Score:
    kept = {"accuracy": np.ones(len(y), dtype=bool), "precision": p == 1, "recall": y == 1}[metric]
    hits, n = int((y == p)[kept].sum()), int(kept.sum())
    low, high = wilson(hits, n) if n else (0.0, 1.0)
    return Score(metric, hits / n if n else 0.0, low, high, n, "wilson")


def _bootstrap(metric: str, y: NDArray[Any], p: NDArray[Any], seed: int) -> Score:
    scorer, rng, drawn = SCORES[metric][0], np.random.default_rng(seed), []
    for _ in range(RESAMPLES):
        rows = rng.integers(0, len(y), len(y))
        if metric in CHANCE_SCORES and len(np.unique(y[rows])) < 2:
            continue
        drawn.append(scorer(y[rows], p[rows]))
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return Score(metric, float(scorer(y, p)), float(low), float(high), len(y), "bootstrap")


def performance(
    metric: str,
    truth: Any,
    predicted: Any,
    holdout: Mapping[str, Any] | None = None,
    positive: str = "",
    seed: int = 0,
) -> Performance:
    """The score on new labelled rows against the hold-out score of the same model.

    The interval of the difference is built from both intervals (Zou and Donner 2008, MOVER), so neither
    score is taken as exact.

    Args:
        holdout: ``value``, ``low`` and ``high`` of the hold-out score, as the reference remembers it.

    Raises:
        FoldlineError: as ``score``.
    """
    now = score(metric, truth, predicted, positive, seed)
    told = f"{metric} is {now.value:.3f} ({now.low:.3f} to {now.high:.3f}) on {now.n:,} labelled rows"
    if holdout is None:
        return Performance(
            "no_reference", now, None, None, f"{told}; there is no hold-out score to compare with."
        )
    gap = now.value - holdout["value"]
    low = gap - float(np.hypot(now.value - now.low, holdout["high"] - holdout["value"]))
    high = gap + float(np.hypot(now.high - now.value, holdout["value"] - holdout["low"]))
    told += (
        f", against {holdout['value']:.3f} ({holdout['low']:.3f} to {holdout['high']:.3f}) on the hold-out"
    )
    if now.n < FEWEST:
        text = f"{told}; at least {FEWEST} labelled rows are needed to judge."
        return Performance("too_few_rows", now, holdout, (gap, low, high), text)
    worse, better = (high < 0, low > 0) if SCORES[metric][1] == "higher" else (low > 0, high < 0)
    state: Literal["worse", "same", "better"] = "worse" if worse else "better" if better else "same"
    words = {
        "worse": "the model got worse",
        "better": "the model got better",
        "same": "no difference beyond chance",
    }
    return Performance(state, now, holdout, (gap, low, high), f"{told}: {words[state]}.")
